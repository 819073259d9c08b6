package io.github.rmsprop4j.kernel;

/** Vectors for whole vectors, and the plain pass for the last few elements. */
final class SimdPass implements Pass {
  private final Pass vectors;
  private final Pass rest;
  private final int lanes;

  /**
   * A pass over one type.
   *
   * @param vectors over whole vectors
   * @param rest over anything
   * @param lanes elements in a vector
   */
  SimdPass(Pass vectors, Pass rest, int lanes) {
    this.vectors = vectors;
    this.rest = rest;
    this.lanes = lanes;
  }

  @Override
  public void run(Step step, Operands arrays, int from, int to) {
    arrays.open();
    int whole = to - (to - from) % lanes;
    if (from < whole) { // or C2 would learn that there may be nothing to do
      vectors.run(step, arrays, from, whole);
    }
    if (whole < to) {
      rest.run(step, arrays, whole, to);
    }
  }
}
