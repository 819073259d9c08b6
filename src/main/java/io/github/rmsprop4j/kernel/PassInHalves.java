package io.github.rmsprop4j.kernel;

/**
 * A form that is too large for C2, done by two passes, page by page, so that the second finds the
 * first-level cache filled.
 */
final class PassInHalves implements Pass {
  private final Pass means;
  private final Pass update;
  private final int page;

  /**
   * A pass of two.
   *
   * @param means moves v and m
   * @param update does the rest
   * @param page elements in a page
   */
  PassInHalves(Pass means, Pass update, int page) {
    this.means = means;
    this.update = update;
    this.page = page;
  }

  @Override
  public void run(Step step, Operands arrays, int from, int to) {
    for (int i = from; i < to; i += page) {
      int end = Math.min(to, i + page);
      means.run(step, arrays, i, end);
      update.run(step, arrays, i, end);
    }
  }
}
