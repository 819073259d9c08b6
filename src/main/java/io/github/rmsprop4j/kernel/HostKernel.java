package io.github.rmsprop4j.kernel;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A kernel that works straight on dense FLOAT or DOUBLE arrays in host memory. This class finds the
 * memory, cuts it into pieces that a buffer can address, and spreads large arrays over threads; a
 * subclass computes.
 */
abstract class HostKernel implements StepKernel {
  /**
   * Elements that are worth a thread of their own. To hand work to the common pool and wait for it
   * costs most of what a second thread saves on small arrays: on two cores 10^6 floats were 1.1 to
   * 1.5 times as fast from run to run, 10^7 twice (benchmarks/results/xeon-jdk17-threads.tsv).
   */
  static final int MIN_PART = 1 << 18;

  /** Address of an array that is not there. */
  static final long NONE = 0;

  // Parts begin at multiples of this, so that only the lines at their ends are shared by two
  // threads.
  private static final int PART_ALIGNMENT = 1024;

  private final int threads;

  HostKernel(int threads) {
    this.threads = threads;
  }

  /**
   * Steps n floats.
   *
   * @param step the scalars, to be rounded to float
   * @param g address of the gradient
   * @param v address of the mean square
   * @param m address of the mean, or {@link #NONE}
   * @param b address of the momentum buffer, or {@link #NONE}
   * @param n number of elements, at least 1, at most {@link Window#SPAN} bytes of them
   */
  abstract void floats(Step step, long g, long v, long m, long b, int n);

  /** The same for doubles. */
  abstract void doubles(Step step, long g, long v, long m, long b, int n);

  @Override
  public final boolean takes(INDArray gradient, State state) {
    DataType type = gradient.dataType();
    return (type == DataType.FLOAT || type == DataType.DOUBLE)
        && aligned(gradient)
        && pairs(gradient, state.meanSquare())
        && (state.mean() == null || pairs(gradient, state.mean()))
        && (state.momentum() == null || pairs(gradient, state.momentum()));
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
  public final void step(Step step, INDArray gradient, State state) {
    long n = gradient.length();
    boolean wide = gradient.dataType() == DataType.DOUBLE;
    long g = address(gradient);
    long v = address(state.meanSquare());
    long m = address(state.mean());
    long b = address(state.momentum());
    int parts = (int) Math.min(threads, n / MIN_PART);
    if (parts <= 1) {
      range(step, wide, g, v, m, b, 0, n);
    } else {
      long part = (n / parts / PART_ALIGNMENT + 1) * PART_ALIGNMENT;
      IntStream.range(0, parts)
          .parallel()
          .forEach(i -> range(step, wide, g, v, m, b, i * part, Math.min(n, (i + 1) * part)));
    }
    // The addresses alone would not keep the memory.
    Reference.reachabilityFence(gradient);
    Reference.reachabilityFence(state);
  }

  private void range(Step step, boolean wide, long g, long v, long m, long b, long from, long to) {
    int width = wide ? Double.BYTES : Float.BYTES;
    long most = Window.SPAN / width;
    for (long i = from; i < to; i += most) {
      int n = (int) Math.min(most, to - i);
      long offset = i * width;
      long mOffset = m == NONE ? NONE : m + offset;
      long bOffset = b == NONE ? NONE : b + offset;
      if (wide) {
        doubles(step, g + offset, v + offset, mOffset, bOffset, n);
      } else {
        floats(step, g + offset, v + offset, mOffset, bOffset, n);
      }
    }
  }

  @Override
  public final long firstNonFinite(INDArray gradient) {
    boolean wide = gradient.dataType() == DataType.DOUBLE;
    int width = gradient.data().getElementSize();
    long most = Window.SPAN / width;
    long address = address(gradient);
    long found = -1;
    for (long i = 0; i < gradient.length() && found < 0; i += most) {
      int n = (int) Math.min(most, gradient.length() - i);
      long at = address + i * width;
      int index = wide ? nonFiniteDouble(at, n) : nonFiniteFloat(at, n);
      found = index < 0 ? -1 : i + index;
    }
    Reference.reachabilityFence(gradient);
    return found;
  }

  private static int nonFiniteFloat(long address, int n) {
    Window window = Window.at(address);
    int at = window.offset(address) / Float.BYTES;
    for (int i = 0; i < n; i++) {
      if (!Float.isFinite(window.floats.get(at + i))) {
        return i;
      }
    }
    return -1;
  }

  private static int nonFiniteDouble(long address, int n) {
    Window window = Window.at(address);
    int at = window.offset(address) / Double.BYTES;
    for (int i = 0; i < n; i++) {
      if (!Double.isFinite(window.doubles.get(at + i))) {
        return i;
      }
    }
    return -1;
  }

  /** Of a view, {@code data().address()} is where the whole buffer begins. */
  private static long address(INDArray array) {
    return array == null
        ? NONE
        : array.data().address() + array.offset() * array.data().getElementSize();
  }
}
