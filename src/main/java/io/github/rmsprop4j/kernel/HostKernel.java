package io.github.rmsprop4j.kernel;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A kernel that works straight on dense FLOAT or DOUBLE arrays in host memory. This class finds the
 * memory, cuts it into pieces that a window can address, and spreads large arrays over threads; a
 * subclass says which pass steps them.
 */
abstract class HostKernel implements StepKernel {
  /**
   * Where a kernel does something else than run once through the arrays.
   *
   * @param span bytes of an array that are addressed at once, at most {@link Window#SPAN}
   * @param large elements from which on ways to do a step are timed; below, a second thread comes
   *     too late, and reading ahead changes nothing
   * @param shared elements from which on threads share a step if nothing is timed
   * @param chunk elements that a thread takes at a time: few enough to share evenly
   */
  record Limits(long span, int large, int shared, int chunk) {
    static final Limits USUAL = new Limits(Window.SPAN, 1 << 19, 1 << 21, 1 << 16);
  }

  // The ways to do a large step, to be added up.
  private static final int AHEAD = 1;
  private static final int SHARE = 2;

  // How many steps a way takes in a row while they are timed. Whether a helper gets the second core
  // changes from time to time, and the system needs a while to move it there: a turn of shared
  // steps is some 20 ms long. By turns of 4, one thread was chosen for 800,000 parameters in most
  // of five JVMs (JDK 25), where shared steps took 150 to 230 us in the mean, steps alone 233.
  // Shared steps that read ahead follow those that do not, and find the helper where it was moved:
  // a quarter of the turn will do.
  private static final int TURN = 4;
  private static final int LONG_TURN = 1 << 7;
  private static final int PARAMETERS_OF_LONG_TURN = 1 << 26;

  private final int threads;
  private final boolean setsAside;
  private final Limits limits;
  private final Executor pool = ForkJoinPool.commonPool();
  private final AtomicInteger waitingHelpers = new AtomicInteger();
  private final AtomicReferenceArray<Route> routes = new AtomicReferenceArray<>(2 * Form.COUNT);

  /**
   * A kernel.
   *
   * @param threads at most how many share a large step, &gt;= 1
   * @param setsAside whether steps of arrays with dead weights are a form of their own, see {@link
   *     Subnormals}
   * @param limits {@link Limits#USUAL}, or others for tests
   */
  HostKernel(int threads, boolean setsAside, Limits limits) {
    this.threads = threads;
    this.setsAside = setsAside;
    this.limits = limits;
  }

  /** {@return a pass over floats, or over doubles; asked for once or a few times} */
  abstract Pass pass(Form form, boolean wide);

  /** {@return a pass for steps of the form of this number to begin with} */
  Pass firstPass(int form, boolean wide) {
    return pass(Form.at(form), wide);
  }

  /** Called before each step. */
  void beforeStep(Route route, long length) {}

  @Override
  public final boolean takes(INDArray gradient, State state, INDArray parameters) {
    DataType type = gradient.dataType();
    return (type == DataType.FLOAT || type == DataType.DOUBLE)
        && aligned(gradient)
        && pairs(gradient, state.meanSquare())
        && (state.mean() == null || pairs(gradient, state.mean()))
        && (state.momentum() == null || pairs(gradient, state.momentum()))
        && (parameters == null || pairs(gradient, parameters));
  }

  /** Whether both are dense and the elements that belong together lie in the same order. */
  private static boolean pairs(INDArray a, INDArray b) {
    if (!aligned(b)) {
      return false;
    }
    if (dense(a, 'c') && dense(b, 'c')) {
      return true; // of any two shapes: elements belong together by their index in c order
    }
    return Arrays.equals(a.shape(), b.shape()) && dense(a, 'f') && dense(b, 'f');
  }

  private static boolean aligned(INDArray array) {
    return address(array) % array.data().getElementSize() == 0;
  }

  private static boolean dense(INDArray array, char order) {
    long expected = 1;
    int rank = array.rank();
    for (int i = 0; i < rank; i++) {
      int dimension = order == 'c' ? rank - 1 - i : i;
      long size = array.size(dimension);
      if (size != 1 && array.stride(dimension) != expected) {
        return false;
      }
      expected *= size;
    }
    return true;
  }

  @Override
  public final void step(Step step, INDArray gradient, State state, INDArray parameters) {
    boolean wide = gradient.dataType() == DataType.DOUBLE;
    long length = gradient.length();
    int form = Form.index(step, state, parameters);
    try {
      if (setsAside && !wide && Subnormals.canBeSetAside(step) && areDead(state.meanSquare())) {
        form |= Form.SETS_ASIDE;
      }
      Route route = route(form, wide);
      beforeStep(route, length);
      step(
          route.ways(),
          step,
          wide ? Double.BYTES : Float.BYTES,
          length,
          address(gradient),
          address(state.meanSquare()),
          address(state.mean()),
          address(state.momentum()),
          address(parameters));
    } finally {
      // The addresses alone would not keep the memory.
      Reference.reachabilityFence(gradient);
      Reference.reachabilityFence(state);
      Reference.reachabilityFence(parameters);
    }
  }

  /** Whether there are weights that the step had better set aside. */
  private boolean areDead(INDArray meanSquare) {
    return Subnormals.areIn(address(meanSquare), meanSquare.length(), limits.span);
  }

  /** {@return how steps of the form of this number are done} */
  final Route route(int form, boolean wide) {
    int index = 2 * form + (wide ? 1 : 0);
    Route route = routes.get(index);
    return route == null ? newRoute(index, form, wide) : route;
  }

  private Route newRoute(int index, int form, boolean wide) {
    routes.compareAndSet(index, null, new Route(Form.at(form), wide, firstPass(form, wide)));
    return routes.get(index);
  }

  private void step(
      Route.Ways ways, Step step, int width, long length, long g, long v, long m, long b, long p) {
    Chooser chooser = null;
    int way = length >= limits.shared && threads > 1 ? SHARE : 0;
    if (length >= limits.large && Chooser.ENABLED) {
      chooser = ways.chooser(length);
      chooser = chooser == null ? ways.add(length, new Chooser(turns(length))) : chooser;
      way = chooser.next();
    }
    boolean timed = chooser != null && chooser.isTiming();
    long start = timed ? System.nanoTime() : 0;
    Pass pass = (way & AHEAD) == 0 ? ways.pass() : ways.ahead();
    long most = limits.span / width;
    for (long i = 0; i < length; i += most) {
      long at = i * width;
      int n = (int) Math.min(most, length - i);
      Operands arrays = new Operands(g + at, v + at, plus(m, at), plus(b, at), plus(p, at));
      if ((way & SHARE) == 0) {
        pass.run(step, arrays, 0, n);
      } else {
        SharedStep.run(pass, step, arrays, n, limits.chunk, threads - 1, pool, waitingHelpers);
      }
    }
    if (timed) {
      chooser.took(way, System.nanoTime() - start);
    }
  }

  /** {@return the turns of a chooser for arrays of about this length, by way} */
  int[] turns(long length) {
    if (threads == 1) {
      return new int[] {TURN, TURN};
    }
    int shared = (int) Math.max(TURN, Math.min(LONG_TURN, PARAMETERS_OF_LONG_TURN / length));
    return new int[] {TURN, TURN, shared, Math.max(TURN, shared / 4)};
  }

  /** {@return what was found out about large steps so far, to be read; empty if nothing} */
  final String choices() {
    Set<String> found = new TreeSet<>();
    for (int i = 0; i < routes.length(); i++) {
      Route route = routes.get(i);
      for (int size = 0; route != null && size < Route.SIZES; size++) {
        Chooser chooser = route.ways().choosers().get(size);
        if (chooser != null && chooser.hasChosen()) {
          found.add(
              (route.wide ? "DOUBLE" : "FLOAT")
                  + " from 2^"
                  + (size - 1)
                  + ": "
                  + ((chooser.chosen() & SHARE) == 0 ? 1 : threads)
                  + ((chooser.chosen() & SHARE) == 0 ? " thread" : " threads")
                  + ((chooser.chosen() & AHEAD) == 0 ? "" : ", reading ahead"));
        }
      }
    }
    return String.join("; ", found);
  }

  private static long plus(long address, long offset) {
    return address == Operands.NONE ? Operands.NONE : address + offset;
  }

  @Override
  public final long firstNonFinite(INDArray gradient) {
    try {
      return NonFinite.first(
          address(gradient),
          gradient.length(),
          gradient.dataType() == DataType.DOUBLE,
          limits.span);
    } finally {
      Reference.reachabilityFence(gradient);
    }
  }

  /** Of a view, {@code data().address()} is where the whole buffer begins. */
  private static long address(INDArray array) {
    return array == null
        ? Operands.NONE
        : array.data().address() + array.offset() * array.data().getElementSize();
  }
}
