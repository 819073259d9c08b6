package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Comparison by bits; one NaN is as good as another. */
public final class Bits {
  private Bits() {}

  /**
   * Fails at the first element whose bits differ, in c order, with both values and the distance.
   */
  public static void assertSame(INDArray expected, INDArray actual, String what) {
    assertEquals(expected.dataType(), actual.dataType(), what + ": type");
    assertEquals(expected.length(), actual.length(), what + ": length");
    if (expected.isEmpty()) {
      return;
    }
    if (expected.dataType() == DataType.DOUBLE) {
      assertSame(doubles(expected), doubles(actual), what);
    } else {
      // A HALF or BFLOAT16 is a float, so nothing is lost.
      assertSame(floats(expected), floats(actual), what);
    }
  }

  /** Fails at the first float whose bits differ. */
  public static void assertSame(float[] expected, float[] actual, String what) {
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
        fail(
            what
                + ": element "
                + i
                + " of "
                + expected.length
                + " must be "
                + expected[i]
                + ", got "
                + actual[i]
                + ", "
                + Math.abs(actual[i] - expected[i]) / Math.ulp(expected[i])
                + " ulp off");
      }
    }
  }

  /** Fails at the first double whose bits differ. */
  public static void assertSame(double[] expected, double[] actual, String what) {
    for (int i = 0; i < expected.length; i++) {
      if (Double.doubleToLongBits(expected[i]) != Double.doubleToLongBits(actual[i])) {
        fail(
            what
                + ": element "
                + i
                + " of "
                + expected.length
                + " must be "
                + expected[i]
                + ", got "
                + actual[i]
                + ", "
                + Math.abs(actual[i] - expected[i]) / Math.ulp(expected[i])
                + " ulp off");
      }
    }
  }

  private static float[] floats(INDArray array) {
    return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
  }

  private static double[] doubles(INDArray array) {
    return array.dup('c').data().asDouble();
  }
}
