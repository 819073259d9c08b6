package io.github.rmsprop4j.kernel;

/**
 * Vectors for whole vectors, and the plain pass for the last few elements. Where subnormal numbers
 * are slow and there are some, other vectors, which set them aside: those take longer, up to half
 * as much again where the memory is fast (JDK 17, a Xeon with AVX-512 and a busy neighbour).
 */
final class SimdPass implements Pass {
  private final Pass vectors;
  private final Pass settingAside;
  private final Pass rest;
  private final int lanes;

  /**
   * A pass over one type.
   *
   * @param vectors over whole vectors
   * @param settingAside the same for v of which some are subnormal, see {@link SubnormalVectors};
   *     null if that would gain nothing
   * @param rest over anything
   * @param lanes elements in a vector
   */
  SimdPass(Pass vectors, Pass settingAside, Pass rest, int lanes) {
    this.vectors = vectors;
    this.settingAside = settingAside;
    this.rest = rest;
    this.lanes = lanes;
  }

  @Override
  public void run(Step step, Operands arrays, int from, int to) {
    arrays.open();
    int whole = to - (to - from) % lanes;
    if (from < whole) { // or C2 would learn that there may be nothing to do
      boolean aside =
          settingAside != null
              && Subnormals.areIn(arrays, from, whole)
              && Subnormals.canBeSetAside(step);
      (aside ? settingAside : vectors).run(step, arrays, from, whole);
    }
    if (whole < to) {
      rest.run(step, arrays, whole, to);
    }
  }
}
