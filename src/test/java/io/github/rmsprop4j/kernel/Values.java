package io.github.rmsprop4j.kernel;

import java.util.Random;

/** Gradients that find bugs: ordinary ones for the most part, and every corner of the type. */
final class Values {
  private static final float[] FLOAT_CORNERS = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    1f,
    -1f,
    1.8e19f,
    3e-23f
  };
  private static final double[] DOUBLE_CORNERS = {
    0.0,
    -0.0,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    1.0,
    -1.0,
    1.3e154,
    1.6e-162
  };

  private Values() {}

  static float nextFloat(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> FLOAT_CORNERS[random.nextInt(FLOAT_CORNERS.length)];
      case 1 -> Float.intBitsToFloat(random.nextInt());
      case 2 -> (float) (random.nextGaussian() * Math.pow(10, random.nextInt(30) - 20));
      default -> (float) random.nextGaussian();
    };
  }

  static double nextDouble(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> DOUBLE_CORNERS[random.nextInt(DOUBLE_CORNERS.length)];
      case 1 -> Double.longBitsToDouble(random.nextLong());
      case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(60) - 40);
      default -> random.nextGaussian();
    };
  }
}
