package io.github.rmsprop4j.kernel;

/**
 * A pass that reads a little of every array two pages ahead, so that it is on its way when its turn
 * comes. Helps where memory is far from the processor and does harm elsewhere.
 */
final class ReadAhead implements Pass {
  private static final int LINES = 2;

  private final Pass pass;
  private final int width;

  /** A pass that reads ahead of another, over elements of so many bytes. */
  ReadAhead(Pass pass, int width) {
    this.pass = pass;
    this.width = width;
  }

  @Override
  public void run(Step step, Operands arrays, int from, int to) {
    int page = Window.PAGE / width;
    int read = 0;
    for (int i = from; i < to; i += page) {
      if (to - i >= 3 * page) { // nothing behind the end is ever read
        read += read(arrays, (i + 2 * page) * width);
      }
      pass.run(step, arrays, i, Math.min(to, i + page));
    }
    Window.prefetched(read);
  }

  /** {@return the sum of what was read of every array so many bytes behind its start} */
  static int read(Operands arrays, int ahead) {
    int read = arrays.g.prefetch(arrays.gAt + ahead, LINES);
    read += arrays.v.prefetch(arrays.vAt + ahead, LINES);
    read += arrays.m == null ? 0 : arrays.m.prefetch(arrays.mAt + ahead, LINES);
    read += arrays.b == null ? 0 : arrays.b.prefetch(arrays.bAt + ahead, LINES);
    read += arrays.p == null ? 0 : arrays.p.prefetch(arrays.pAt + ahead, LINES);
    return read;
  }
}
