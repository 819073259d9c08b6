package io.github.rmsprop4j;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a NaN or an infinity in a gradient does. A single one, let through, makes its mean square
 * NaN or infinite for good: that parameter becomes NaN or never moves again. All policies but
 * {@link #PROPAGATE} read the gradient once more before the step. They see what Deeplearning4j
 * hands to one updater: a block of parameters, or in SameDiff one variable.
 *
 * <p>{@link #skipped} tells what a policy has kept out so far. The logger {@code
 * io.github.rmsprop4j} warns of the 1st, the 10th, the 100th and so on, never of every one.
 *
 * <p>No policy sees a finite gradient that makes a large update, see {@link
 * RmsProp.Builder#centered}.
 *
 * <p>ND4J has a switch of its own, {@code checkForNAN} and {@code checkForINF} of {@code
 * ProfilerConfig} (the profiling modes NAN_PANIC, INF_PANIC and ANY_PANIC): while it is on, {@link
 * RmsPropUpdater#applyUpdater} throws {@code ND4JOpProfilerException} after a step that left one in
 * the update or in the state, as the built-in updater does, under every policy. The step is done by
 * then; {@link #THROW} throws before it.
 */
public enum NonFinitePolicy {
  /** Computes with it, as every framework does. The default. */
  PROPAGATE("elements let through"),

  /** Takes that element of the gradient as zero: its state decays, all others are not affected. */
  ZERO_ELEMENT("elements taken as zero"),

  /** Makes the whole update zero and leaves the whole state as it was. */
  SKIP_STEP("updates skipped"),

  /**
   * Throws an {@link ArithmeticException} that names the first such element, and changes nothing.
   */
  THROW("updates refused");

  private static final Logger LOG = LoggerFactory.getLogger("io.github.rmsprop4j");

  // One for the process: updaters are rebuilt at will and configurations copied, both by
  // Deeplearning4j.
  private final AtomicLong skipped = new AtomicLong();
  private final String what;

  NonFinitePolicy(String what) {
    this.what = what;
  }

  /**
   * How much this policy has kept out since the JVM started, over all networks and threads.
   *
   * @return of {@link #ZERO_ELEMENT} elements, of {@link #SKIP_STEP} and {@link #THROW} calls of
   *     {@link RmsPropUpdater#applyUpdater}, of which an iteration makes one for every block of
   *     parameters; of {@link #PROPAGATE}, which does not look, 0
   */
  public long skipped() {
    return skipped.get();
  }

  /** Counts, and logs where the number of digits grows. */
  void skip(long more, String which) {
    long before = skipped.getAndAdd(more);
    int digits = Long.toString(before + more).length();
    if (before == 0 || digits > Long.toString(before).length()) {
      LOG.warn(
          "NonFinitePolicy.{}, {} so far: {}; the latest for {}; next told at 1{}",
          this,
          what,
          before + more,
          which,
          "0".repeat(digits));
    }
  }

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
