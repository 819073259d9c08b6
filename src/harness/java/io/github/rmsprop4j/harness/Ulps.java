package io.github.rmsprop4j.harness;

import org.nd4j.linalg.api.buffer.DataType;

/** Distances in units in the last place of a type. */
final class Ulps {
  private static final double FLOAT16_PER_FLOAT = 1 << 13;
  private static final double BFLOAT16_PER_FLOAT = 1 << 16;

  private Ulps() {}

  /** {@return the spacing of a type's numbers at a magnitude} */
  static double of(double magnitude, DataType type) {
    if (type == DataType.DOUBLE) {
      return Math.ulp(magnitude);
    }
    double ulp = Math.ulp((float) magnitude);
    return type == DataType.FLOAT16
        ? ulp * FLOAT16_PER_FLOAT
        : type == DataType.BFLOAT16 ? ulp * BFLOAT16_PER_FLOAT : ulp;
  }

  /**
   * {@return how far two values are apart, in ulps of a magnitude; infinite if one of them is NaN
   * or infinite and the other is another}
   */
  static double distance(double expected, double actual, double magnitude, DataType type) {
    if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
      return 0;
    }
    double distance = Math.abs(actual - expected) / of(magnitude, type);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }
}
