package io.github.rmsprop4j.kernel;

import java.lang.ref.Reference;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The sum of an array's squares, in double, in one reading and always in the same order. No square
 * of a FLOAT or HALF overflows a double, so of these it also tells whether all elements are finite.
 */
public final class SumOfSquares {
  private SumOfSquares() {}

  /**
   * Adds up.
   *
   * @param array FLOAT, DOUBLE, HALF or BFLOAT16
   * @return the sum; NaN or infinite if an element is, and of DOUBLE also if a square overflows
   */
  public static double of(INDArray array) {
    return of(array, Window.SPAN);
  }

  /** The same with at most so many bytes addressed at once, for tests. */
  static double of(INDArray array, long span) {
    DataType type = array.dataType();
    boolean host = Kernels.onHost();
    if (host
        && (type == DataType.FLOAT || type == DataType.DOUBLE)
        && array.rank() == 1
        && (array.stride(0) == 1 || array.length() == 1)) {
      return ofVector(array, span);
    }
    try (INDArray copy = Nd4j.createUninitializedDetached(DataType.DOUBLE, array.length())) {
      copy.assign(array.reshape(array.length()));
      return host ? ofVector(copy, span) : Math.pow(copy.norm2Number().doubleValue(), 2);
    }
  }

  private static double ofVector(INDArray vector, long span) {
    boolean wide = vector.dataType() == DataType.DOUBLE;
    int width = wide ? Double.BYTES : Float.BYTES;
    long address = vector.data().address() + vector.offset() * width;
    long most = span / width;
    double sum = 0;
    try {
      for (long i = 0; i < vector.length(); i += most) {
        int n = (int) Math.min(most, vector.length() - i);
        Window window = Window.at(address + i * width);
        int at = window.offset(address + i * width) / width;
        sum += wide ? of(window.doubles, at, at + n) : of(window.floats, at, at + n);
      }
    } finally {
      Reference.reachabilityFence(vector);
    }
    return sum;
  }

  // Four sums: a single one would wait for each addition before the next.

  private static double of(FloatBuffer floats, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      double x = floats.get(i);
      double y = floats.get(i + 1);
      double z = floats.get(i + 2);
      double w = floats.get(i + 3);
      a += x * x;
      b += y * y;
      c += z * z;
      d += w * w;
    }
    for (; i < to; i++) {
      double x = floats.get(i);
      a += x * x;
    }
    return (a + b) + (c + d);
  }

  private static double of(DoubleBuffer doubles, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      double x = doubles.get(i);
      double y = doubles.get(i + 1);
      double z = doubles.get(i + 2);
      double w = doubles.get(i + 3);
      a += x * x;
      b += y * y;
      c += z * z;
      d += w * w;
    }
    for (; i < to; i++) {
      double x = doubles.get(i);
      a += x * x;
    }
    return (a + b) + (c + d);
  }
}
