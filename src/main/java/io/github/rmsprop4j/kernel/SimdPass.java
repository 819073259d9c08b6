package io.github.rmsprop4j.kernel;

/**
 * Vector passes for whole vectors and the plain pass for the last few elements. A form that is too
 * large for C2 is done by two passes, page by page, so that the second finds the first-level cache
 * filled.
 */
final class SimdPass implements Pass {
  private static final int FLOATS_IN_PAGE = Window.PAGE / Float.BYTES;

  private static final ThreadLocal<float[]> ASIDE =
      ThreadLocal.withInitial(() -> new float[FLOATS_IN_PAGE]);

  private final Pass first;
  private final Pass second;
  private final Pass prepared;
  private final Pass rest;
  private final int lanes;
  private final int page;
  private final boolean setsAside;

  /**
   * A pass over one type.
   *
   * @param first over whole vectors
   * @param second after the first, or null
   * @param prepared for pages whose gradients are prepared before it, since what is to be set aside
   *     depends on what L2 makes of them; null without L2
   * @param rest over anything
   * @param lanes elements in a vector
   * @param page elements in a page
   * @param setsAside whether subnormal numbers are floats and slow, see {@link Subnormals}
   */
  SimdPass(
      Pass first, Pass second, Pass prepared, Pass rest, int lanes, int page, boolean setsAside) {
    this.first = first;
    this.second = second;
    this.prepared = prepared;
    this.rest = rest;
    this.lanes = lanes;
    this.page = page;
    this.setsAside = setsAside;
  }

  @Override
  public void run(Step step, Operands arrays, int from, int to) {
    arrays.open();
    int whole = to - (to - from) % lanes;
    if (setsAside && Subnormals.canBeSetAside(step)) {
      settingAside(step, arrays, from, whole);
    } else {
      vectors(step, arrays, from, whole);
    }
    if (whole < to) {
      rest.run(step, arrays, whole, to);
    }
  }

  private void vectors(Step step, Operands arrays, int from, int to) {
    if (second == null) {
      if (from < to) { // or C2 would learn that there may be nothing to do
        first.run(step, arrays, from, to);
      }
      return;
    }
    for (int i = from; i < to; i += page) {
      int end = Math.min(to, i + page);
      first.run(step, arrays, i, end);
      second.run(step, arrays, i, end);
    }
  }

  private void settingAside(Step step, Operands arrays, int from, int to) {
    int done = from;
    for (int i = from; i < to; i += page) {
      int n = Math.min(to - i, page);
      if (Subnormals.any(arrays.v.floats, arrays.vAt / Float.BYTES + i, n)) {
        vectors(step, arrays, done, i);
        if (prepared == null) {
          pageSettingAside(step, arrays, i, n);
        } else {
          PlainPass.prepareFloats(step, arrays, i, i + n);
          prepared.run(step.prepared(), arrays, i, i + n);
        }
        done = i + n;
      }
    }
    vectors(step, arrays, done, to);
  }

  private void pageSettingAside(Step step, Operands arrays, int from, int n) {
    float[] aside = ASIDE.get();
    int most = SubnormalVectors.setAside(arrays, from, aside, n);
    if (most > Subnormals.atRest((float) step.decay())) {
      SubnormalVectors.decay(step, aside, n);
    }
    vectors(step, arrays, from, from + n);
    SubnormalVectors.putBack(arrays, from, aside, n);
  }
}
