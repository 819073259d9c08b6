package io.github.rmsprop4j.harness;

import java.util.Locale;

/**
 * The first value in which two trainings are not the same bits.
 *
 * @param contender whose training differs
 * @param baseline from whose
 * @param what gradient, update, updater state, or parameter
 * @param parameter which parameter array it belongs to
 * @param element its index in there, in the order in which DL4J lays it out
 * @param length how many elements that has
 * @param iteration the updater's iteration, from 0
 * @param expected the baseline's value
 * @param actual the contender's
 * @param ulps their distance, in ulps of the expected value
 * @param differing how many values differ in all arrays that were handled in the same call
 * @param of how many those are
 * @param largestUlps the largest distance among them
 */
public record Difference(
    String contender,
    String baseline,
    String what,
    String parameter,
    long element,
    long length,
    int iteration,
    double expected,
    double actual,
    double ulps,
    long differing,
    long of,
    double largestUlps) {

  /** One sentence; on a gradient that differs it says what that means. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s differs from %s at iteration %d: %s of %s, element %d of %d, must be %s, got %s, %s ulp"
            + " (in that call %d of %d values differ, by up to %s ulp)%s",
        contender,
        baseline,
        iteration,
        what,
        parameter,
        element,
        length,
        expected,
        actual,
        shortly(ulps),
        differing,
        of,
        shortly(largestUlps),
        what.equals(GRADIENT)
            ? ". All before it was equal, so this network does not repeat itself: random numbers "
                + "without a seed, or native threads; try OMP_NUM_THREADS=1"
            : "");
  }

  private static String shortly(double ulps) {
    return String.format(
        Locale.ROOT, ulps == Math.rint(ulps) && ulps < 1e6 ? "%.0f" : "%.3g", ulps);
  }

  static final String GRADIENT = "gradient";
  static final String UPDATE = "update";
  static final String STATE = "updater state";
  static final String PARAMETER = "parameter";
}
