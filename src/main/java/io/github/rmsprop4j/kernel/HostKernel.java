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
   * Elements that are worth a thread of their own: 2^16 take about 20 µs, and to hand work to the
   * common pool and wait for it costs about 10.
   */
  static final int MIN_PART = 1 << 16;

  // Parts begin at multiples of this, so that no two threads write to the same cache line twice
  // over.
  private static final int PART_ALIGNMENT = 1024;

  private final int threads;

  HostKernel(int threads) {
    this.threads = threads;
  }

  /**
   * Steps n floats.
   *
   * @param step the scalars, to be rounded to float
   * @param g window of the gradient
   * @param gOffset where it begins there, in bytes
   * @param v window of the mean square
   * @param vOffset where it begins there, in bytes
   * @param n number of elements, &gt;= 0
   */
  abstract void floats(Step step, Window g, int gOffset, Window v, int vOffset, int n);

  /** The same for doubles. */
  abstract void doubles(Step step, Window g, int gOffset, Window v, int vOffset, int n);

  @Override
  public final boolean takes(INDArray gradient, INDArray meanSquare) {
    DataType type = gradient.dataType();
    return (type == DataType.FLOAT || type == DataType.DOUBLE)
        && aligned(gradient)
        && aligned(meanSquare)
        && sameOrder(gradient, meanSquare);
  }

  private static boolean aligned(INDArray array) {
    return address(array) % array.data().getElementSize() == 0;
  }

  /** Whether both are dense and the elements that belong together lie in the same order. */
  private static boolean sameOrder(INDArray a, INDArray b) {
    if (dense(a, 'c') && dense(b, 'c')) {
      return true; // of any two shapes: elements belong together by their index in c order
    }
    return Arrays.equals(a.shape(), b.shape()) && dense(a, 'f') && dense(b, 'f');
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
  public final void step(Step step, INDArray gradient, INDArray meanSquare) {
    long n = gradient.length();
    boolean wide = gradient.dataType() == DataType.DOUBLE;
    long g = address(gradient);
    long v = address(meanSquare);
    int parts = (int) Math.min(threads, n / MIN_PART);
    if (parts <= 1) {
      range(step, wide, g, v, 0, n);
    } else {
      long part = roundUp((n + parts - 1) / parts, PART_ALIGNMENT);
      IntStream.range(0, parts)
          .parallel()
          .forEach(i -> range(step, wide, g, v, i * part, Math.min(n, (i + 1) * part)));
    }
    // The addresses alone would not keep the memory.
    Reference.reachabilityFence(gradient);
    Reference.reachabilityFence(meanSquare);
  }

  private void range(Step step, boolean wide, long g, long v, long from, long to) {
    int width = wide ? Double.BYTES : Float.BYTES;
    long most = Window.SPAN / width;
    for (long i = from; i < to; i += most) {
      int n = (int) Math.min(most, to - i);
      long gAddress = g + i * width;
      long vAddress = v + i * width;
      Window gWindow = Window.at(gAddress);
      Window vWindow = Window.at(vAddress);
      int gOffset = gWindow.offset(gAddress);
      int vOffset = vWindow.offset(vAddress);
      if (wide) {
        doubles(step, gWindow, gOffset, vWindow, vOffset, n);
      } else {
        floats(step, gWindow, gOffset, vWindow, vOffset, n);
      }
    }
  }

  /** Of a view, {@code data().address()} is where the whole buffer begins. */
  private static long address(INDArray array) {
    return array.data().address() + array.offset() * array.data().getElementSize();
  }

  private static long roundUp(long value, long multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
