package io.github.rmsprop4j.kernel;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.RmsPropUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How the loaded natives round the built-in operation. ND4J's default natives round v * ρ and (g *
 * g) * (1 − ρ) before they add them; its {@code -avx2} and {@code -avx512} natives fuse the first
 * product into the addition, which changes two thirds of v after twenty steps. Found out once per
 * type, by running the operation on values of which each tells the two apart, unless the natives
 * are built for x86-64 as such, where no instruction fuses: of a process whose first operation that
 * is, it takes 40 to 60 ms, the whole first step without it 15 (JDK 17).
 */
final class BuiltInRounding {
  private static final int VALUES = 64;
  private static final double DECAY = 0.95;

  /** What NativeOps.binaryLevel() gives: 2 and 3 are -avx2 and -avx512, 0 is all else. */
  private static final int X86_64 = 1;

  // Not in a class initialiser: a probe that failed for want of memory is made again.
  private static volatile Boolean floatFuses;
  private static volatile Boolean doubleFuses;

  private BuiltInRounding() {}

  static boolean fuses(DataType type) {
    Boolean known = type == DataType.DOUBLE ? doubleFuses : floatFuses;
    if (known == null) {
      known = mayFuse() && probe(type);
      if (type == DataType.DOUBLE) {
        doubleFuses = known;
      } else {
        floatFuses = known;
      }
    }
    return known;
  }

  /** {@return whether the natives may have instructions that fuse} */
  static boolean mayFuse() {
    return !Kernels.onHost()
        || NativeOpsHolder.getInstance().getDeviceNativeOps().binaryLevel() != X86_64;
  }

  static boolean probe(DataType type) {
    return probe(type, BuiltInRounding::builtIn);
  }

  /** The built-in operation. */
  interface Operation {
    /** {@return v after a step at a decay of {@value #DECAY}} */
    double[] meanSquare(DataType type, double[] gradient, double[] meanSquare);
  }

  static boolean probe(DataType type, Operation operation) {
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
    if (fused < VALUES && separate < VALUES) {
      Kernels.LOG.warn(
          "The built-in updater of this ND4J backend rounds {} in a way of its own ({} of {} values"
              + " as if fused, {} as if not): the bits will differ from it.",
          type,
          fused,
          VALUES,
          separate);
    }
    return fused > separate;
  }

  private static double meanSquare(DataType type, double g, double v, boolean fused) {
    if (type == DataType.DOUBLE) {
      double square = g * g * (1 - DECAY);
      return fused ? Math.fma(v, DECAY, square) : v * DECAY + square;
    }
    float decay = (float) DECAY;
    float square = (float) g * (float) g * (1 - decay);
    return fused ? Math.fma((float) v, decay, square) : (float) v * decay + square;
  }

  private static double[] builtIn(DataType type, double[] gradient, double[] meanSquare) {
    try (INDArray g = detached(type, gradient);
        INDArray v = detached(type, meanSquare)) {
      Nd4j.exec(new RmsPropUpdater(g, v, 0.1, DECAY, 1e-8));
      return v.toDoubleVector();
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
