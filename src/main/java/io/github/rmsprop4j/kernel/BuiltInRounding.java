package io.github.rmsprop4j.kernel;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.api.ops.impl.updaters.RmsPropUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How the loaded natives round the built-in operation, and the one by which Deeplearning4j adds L2
 * and weight decay. ND4J's default natives round v * ρ and (g * g) * (1 − ρ) before they add them;
 * its {@code -avx2} and {@code -avx512} natives fuse the first product into the addition, which
 * changes two thirds of v after twenty steps. Found out once per operation and type, by running it
 * on values of which each tells the two apart, unless the natives are built for x86-64 as such,
 * where no instruction fuses: of a process whose first operation that is, it takes 40 to 60 ms, the
 * whole first step without it 15 (JDK 17).
 */
final class BuiltInRounding {
  private static final int VALUES = 67; // whole vectors, and a rest
  private static final double DECAY = 0.95;

  /** What NativeOps.binaryLevel() gives: 2 and 3 are -avx2 and -avx512, 0 is all else. */
  private static final int X86_64 = 1;

  // Not in a class initialiser: a probe that failed for want of memory is made again.
  private static final Map<DataType, Agreement> UPDATER = new ConcurrentHashMap<>();
  private static final Map<DataType, Agreement> AXPY = new ConcurrentHashMap<>();

  private static final Agreement SEPARATE = new Agreement(0, VALUES);

  private BuiltInRounding() {}

  /**
   * With how many of the values an operation agrees.
   *
   * @param fused if its multiply-add is fused
   * @param separate if it is rounded twice
   */
  record Agreement(int fused, int separate) {
    boolean fuses() {
      return fused > separate;
    }

    /** {@return whether it is one of the two} */
    boolean isPlain() {
      return Math.max(fused, separate) == VALUES;
    }
  }

  /** {@return whether the built-in updater fuses} */
  static boolean fuses(DataType type) {
    return UPDATER
        .computeIfAbsent(floatOrDouble(type), either -> mayFuse() ? probeUpdater(either) : SEPARATE)
        .fuses();
  }

  static Agreement ofAxpy(DataType type) {
    return AXPY.computeIfAbsent(
        floatOrDouble(type), either -> mayFuse() ? probeAxpy(either) : SEPARATE);
  }

  private static DataType floatOrDouble(DataType type) {
    return type == DataType.DOUBLE ? type : DataType.FLOAT;
  }

  /** {@return whether the natives may have instructions that fuse} */
  static boolean mayFuse() {
    return !Kernels.onHost()
        || NativeOpsHolder.getInstance().getDeviceNativeOps().binaryLevel() != X86_64;
  }

  static Agreement probeUpdater(DataType type) {
    Agreement agreement = probe(type, BuiltInRounding::updater);
    if (!agreement.isPlain()) {
      Kernels.LOG.warn(
          "The built-in updater of this ND4J backend rounds {} in a way of its own ({} of {} values"
              + " as if fused, {} as if not): the bits will differ from it.",
          type,
          agreement.fused,
          VALUES,
          agreement.separate);
    }
    return agreement;
  }

  static Agreement probeAxpy(DataType type) {
    return probe(type, BuiltInRounding::axpy);
  }

  /** The built-in updater, or what rounds likewise. */
  interface Operation {
    /** {@return v after a step at a decay of {@value #DECAY}} */
    double[] meanSquare(DataType type, double[] gradient, double[] meanSquare);
  }

  static Agreement probe(DataType type, Operation operation) {
    double[] gradient = new double[VALUES];
    double[] meanSquare = new double[VALUES];
    Random random = new Random(1);
    for (int i = 0; i < VALUES; ) {
      // Every float is a double, so the same values serve both types.
      float g = (float) random.nextGaussian();
      float v = random.nextFloat();
      if (meanSquare(type, g, v, true) != meanSquare(type, g, v, false)) {
        gradient[i] = g;
        meanSquare[i] = v;
        i++;
      }
    }
    double[] actual = operation.meanSquare(type, gradient, meanSquare);
    int fused = 0;
    int separate = 0;
    for (int i = 0; i < VALUES; i++) {
      fused += actual[i] == meanSquare(type, gradient[i], meanSquare[i], true) ? 1 : 0;
      separate += actual[i] == meanSquare(type, gradient[i], meanSquare[i], false) ? 1 : 0;
    }
    return new Agreement(fused, separate);
  }

  private static double meanSquare(DataType type, double g, double v, boolean fused) {
    double square = square(type, g);
    if (type == DataType.DOUBLE) {
      return fused ? Math.fma(v, DECAY, square) : v * DECAY + square;
    }
    float decay = (float) DECAY;
    return fused ? Math.fma((float) v, decay, (float) square) : (float) v * decay + (float) square;
  }

  private static double square(DataType type, double g) {
    return type == DataType.DOUBLE
        ? g * g * (1 - DECAY)
        : (float) g * (float) g * (1 - (float) DECAY);
  }

  private static double[] updater(DataType type, double[] gradient, double[] meanSquare) {
    try (INDArray g = detached(type, gradient);
        INDArray v = detached(type, meanSquare)) {
      Nd4j.exec(new RmsPropUpdater(g, v, 0.1, DECAY, 1e-8));
      return v.toDoubleVector();
    }
  }

  /** The same sum by another operation. */
  private static double[] axpy(DataType type, double[] gradient, double[] meanSquare) {
    double[] squares = Arrays.stream(gradient).map(g -> square(type, g)).toArray();
    try (INDArray sum = detached(type, squares);
        INDArray v = detached(type, meanSquare)) {
      Nd4j.exec(new Axpy(v, sum, sum, DECAY));
      return sum.toDoubleVector();
    }
  }

  private static INDArray detached(DataType type, double[] values) {
    INDArray array = Nd4j.createUninitializedDetached(type, values.length);
    for (int i = 0; i < values.length; i++) {
      array.putScalar(i, values[i]);
    }
    return array;
  }
}
