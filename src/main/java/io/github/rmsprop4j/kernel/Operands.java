package io.github.rmsprop4j.kernel;

/**
 * Where the arrays of one step, or a piece of them of at most {@link Window#SPAN} bytes each, lie
 * in memory: the window, and the offset in it, of the gradient g, the mean square v, the mean m,
 * the momentum buffer b and the parameters p. What is not there has no window.
 */
final class Operands {
  /** Address of an array that is not there. */
  static final long NONE = 0;

  /**
   * How often a vector pass turns round in an empty loop first, which C2 removes. C2 compiles a
   * method by its calls and turns, and until then a turn with vectors takes thousands of
   * instructions: so the warm-up makes empty ones, and few of the others. 0 for all else.
   */
  int idleTurns;

  final Window g;
  final Window v;
  final Window m;
  final Window b;
  final Window p;
  final int gAt;
  final int vAt;
  final int mAt;
  final int bAt;
  final int pAt;

  /** Each an address, or {@link #NONE}. */
  Operands(long g, long v, long m, long b, long p) {
    this.g = Window.at(g);
    this.v = Window.at(v);
    this.m = m == NONE ? null : Window.at(m);
    this.b = b == NONE ? null : Window.at(b);
    this.p = p == NONE ? null : Window.at(p);
    gAt = this.g.offset(g);
    vAt = this.v.offset(v);
    mAt = m == NONE ? 0 : this.m.offset(m);
    bAt = b == NONE ? 0 : this.b.offset(b);
    pAt = p == NONE ? 0 : this.p.offset(p);
  }

  /** For vectors. Not in the loop's method: C2 would compile it for windows that are open. */
  void open() {
    g.open();
    v.open();
    open(m);
    open(b);
    open(p);
  }

  private static void open(Window window) {
    if (window != null) {
      window.open();
    }
  }
}
