package io.github.rmsprop4j;

import java.util.Arrays;
import org.nd4j.shade.jackson.annotation.JsonCreator;

/**
 * What a NaN or an infinity in a gradient does. A single one, let through, makes its mean square
 * NaN or infinite for good: that parameter becomes NaN or never moves again. All policies but
 * {@link #PROPAGATE} read the gradient once more before the step. They see what Deeplearning4j
 * hands to one updater: a block of parameters, or in SameDiff one variable.
 */
public enum NonFinitePolicy {
  /** Computes with it, as every framework does. The default. */
  PROPAGATE,

  /** Takes that element of the gradient as zero: its state decays, all others are not affected. */
  ZERO_ELEMENT,

  /** Makes the whole update zero and leaves the whole state as it was. */
  SKIP_STEP,

  /**
   * Throws an {@link ArithmeticException} that names the first such element, and changes nothing.
   */
  THROW;

  /**
   * The policy of a name, in any case.
   *
   * @param name such as {@code "SKIP_STEP"} or {@code "skip_step"}
   * @return the policy
   * @throws IllegalArgumentException if there is none; it lists the names
   */
  @JsonCreator // which by itself would take a policy's number too
  public static NonFinitePolicy of(String name) {
    for (NonFinitePolicy policy : values()) {
      if (policy.name().equalsIgnoreCase(name)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "nonFinite must be one of " + Arrays.toString(values()) + ", got " + name);
  }
}
