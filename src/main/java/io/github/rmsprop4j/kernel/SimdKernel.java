package io.github.rmsprop4j.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * One fused pass with the Vector API, straight on off-heap memory; the last few elements, fewer
 * than a vector, go to the plain kernel. Never named outside a lookup by name, so that a JVM
 * without the module never links it.
 */
final class SimdKernel extends PlainKernel {
  /**
   * Checks that this JVM can load vectors.
   *
   * @param threads at most how many share a large step
   * @throws UnsupportedOperationException if it cannot
   */
  SimdKernel(int threads) {
    super(threads);
    VectorMemory.FLOATS.length();
  }

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public String toString() {
    return "simd, " + VectorMemory.FLOATS.vectorBitSize() + "-bit vectors";
  }

  @Override
  void floats(Step step, Window g, int gOffset, Window v, int vOffset, int n) {
    int done = VectorMemory.FLOATS.loopBound(n);
    float decay = (float) step.decay();
    floats(
        (float) step.learningRate(),
        decay,
        1 - decay,
        (float) step.epsilon(),
        step.fused(),
        g.memory,
        gOffset,
        v.memory,
        vOffset,
        done);
    if (done < n) {
      int bytes = done * Float.BYTES;
      super.floats(step, g, gOffset + bytes, v, vOffset + bytes, n - done);
    }
  }

  private static void floats(
      float learningRate,
      float decay,
      float rest,
      float epsilon,
      boolean fused,
      Object gMemory,
      long gOffset,
      Object vMemory,
      long vOffset,
      int n) {
    FloatVector decays = FloatVector.broadcast(VectorMemory.FLOATS, decay);
    for (int i = 0; i < n; i += VectorMemory.FLOATS.length()) {
      long at = (long) i * Float.BYTES;
      FloatVector g = VectorMemory.floats(gMemory, gOffset + at);
      FloatVector v = VectorMemory.floats(vMemory, vOffset + at);
      FloatVector square = g.mul(g).mul(rest);
      v = fused ? v.fma(decays, square) : v.mul(decays).add(square);
      VectorMemory.put(v, vMemory, vOffset + at);
      g = g.mul(learningRate).div(v.sqrt().add(epsilon));
      VectorMemory.put(g, gMemory, gOffset + at);
    }
  }

  @Override
  void doubles(Step step, Window g, int gOffset, Window v, int vOffset, int n) {
    int done = VectorMemory.DOUBLES.loopBound(n);
    doubles(
        step.learningRate(),
        step.decay(),
        1 - step.decay(),
        step.epsilon(),
        step.fused(),
        g.memory,
        gOffset,
        v.memory,
        vOffset,
        done);
    if (done < n) {
      int bytes = done * Double.BYTES;
      super.doubles(step, g, gOffset + bytes, v, vOffset + bytes, n - done);
    }
  }

  private static void doubles(
      double learningRate,
      double decay,
      double rest,
      double epsilon,
      boolean fused,
      Object gMemory,
      long gOffset,
      Object vMemory,
      long vOffset,
      int n) {
    DoubleVector decays = DoubleVector.broadcast(VectorMemory.DOUBLES, decay);
    for (int i = 0; i < n; i += VectorMemory.DOUBLES.length()) {
      long at = (long) i * Double.BYTES;
      DoubleVector g = VectorMemory.doubles(gMemory, gOffset + at);
      DoubleVector v = VectorMemory.doubles(vMemory, vOffset + at);
      DoubleVector square = g.mul(g).mul(rest);
      v = fused ? v.fma(decays, square) : v.mul(decays).add(square);
      VectorMemory.put(v, vMemory, vOffset + at);
      g = g.mul(learningRate).div(v.sqrt().add(epsilon));
      VectorMemory.put(g, gMemory, gOffset + at);
    }
  }
}
