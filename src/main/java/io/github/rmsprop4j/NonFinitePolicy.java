package io.github.rmsprop4j;

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
  THROW
}
