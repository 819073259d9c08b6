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
  void floats(Step step, long g, long v, long m, long b, int n) {
    int done = VectorMemory.FLOATS.loopBound(n);
    vectors(
        (float) step.rateIn(),
        (float) step.rateOut(),
        (float) step.decay(),
        step.floatRest(),
        step.difference(),
        step.fused(),
        (float) step.correction(),
        (float) step.epsilonInside(),
        (float) step.epsilonOutside(),
        (float) step.momentum(),
        step.nesterov(),
        g,
        v,
        m,
        b,
        done);
    if (done < n) {
      long bytes = (long) done * Float.BYTES;
      super.floats(
          step,
          g + bytes,
          v + bytes,
          m == NONE ? NONE : m + bytes,
          b == NONE ? NONE : b + bytes,
          n - done);
    }
  }

  private static void vectors(
      float rateIn,
      float rateOut,
      float decay,
      float rest,
      boolean difference,
      boolean fused,
      float correction,
      float epsilonInside,
      float epsilonOutside,
      float momentum,
      boolean nesterov,
      long gAddress,
      long vAddress,
      long mAddress,
      long bAddress,
      int n) {
    boolean centered = mAddress != NONE;
    boolean hasMomentum = bAddress != NONE;
    Window gWindow = Window.at(gAddress);
    Window vWindow = Window.at(vAddress);
    Window mWindow = centered ? Window.at(mAddress) : gWindow;
    Window bWindow = hasMomentum ? Window.at(bAddress) : gWindow;
    Object gMemory = gWindow.memory;
    Object vMemory = vWindow.memory;
    Object mMemory = mWindow.memory;
    Object bMemory = bWindow.memory;
    long gOffset = gWindow.offset(gAddress);
    long vOffset = vWindow.offset(vAddress);
    long mOffset = mWindow.offset(mAddress);
    long bOffset = bWindow.offset(bAddress);
    FloatVector decays = FloatVector.broadcast(VectorMemory.FLOATS, decay);
    int blockLength = Window.PAGE / Float.BYTES;
    for (int block = 0; block < n; block += blockLength) {
      int end = Math.min(n, block + blockLength);
      if (n - end >= 2 * blockLength) {
        long ahead = (block + 2L * blockLength) * Float.BYTES;
        Window.ask(gAddress + ahead);
        Window.ask(vAddress + ahead);
      }
      for (int i = block; i < end; i += VectorMemory.FLOATS.length()) {
        long at = (long) i * Float.BYTES;
        FloatVector g = VectorMemory.floats(gMemory, gOffset + at);
        FloatVector v = VectorMemory.floats(vMemory, vOffset + at);
        FloatVector square = g.mul(g);
        if (fused) {
          v = v.fma(decays, square.mul(rest));
        } else if (difference) {
          v = v.add(square.sub(v).mul(rest));
        } else {
          v = v.mul(decays).add(square.mul(rest));
        }
        VectorMemory.put(v, vMemory, vOffset + at);
        FloatVector d = v.mul(correction);
        if (centered) {
          FloatVector m = VectorMemory.floats(mMemory, mOffset + at);
          m = difference ? m.add(g.sub(m).mul(rest)) : m.mul(decays).add(g.mul(rest));
          VectorMemory.put(m, mMemory, mOffset + at);
          m = m.mul(correction);
          d = d.sub(m.mul(m)).max(0);
        }
        FloatVector u = g.mul(rateIn).div(d.add(epsilonInside).sqrt().add(epsilonOutside));
        if (hasMomentum) {
          FloatVector b = VectorMemory.floats(bMemory, bOffset + at).mul(momentum).add(u);
          VectorMemory.put(b, bMemory, bOffset + at);
          u = (nesterov ? b.mul(momentum).add(u) : b).mul(rateOut);
        }
        VectorMemory.put(u, gMemory, gOffset + at);
      }
    }
  }

  @Override
  void doubles(Step step, long g, long v, long m, long b, int n) {
    int done = VectorMemory.DOUBLES.loopBound(n);
    vectors(
        step.rateIn(),
        step.rateOut(),
        step.decay(),
        step.rest(),
        step.difference(),
        step.fused(),
        step.correction(),
        step.epsilonInside(),
        step.epsilonOutside(),
        step.momentum(),
        step.nesterov(),
        g,
        v,
        m,
        b,
        done);
    if (done < n) {
      long bytes = (long) done * Double.BYTES;
      super.doubles(
          step,
          g + bytes,
          v + bytes,
          m == NONE ? NONE : m + bytes,
          b == NONE ? NONE : b + bytes,
          n - done);
    }
  }

  private static void vectors(
      double rateIn,
      double rateOut,
      double decay,
      double rest,
      boolean difference,
      boolean fused,
      double correction,
      double epsilonInside,
      double epsilonOutside,
      double momentum,
      boolean nesterov,
      long gAddress,
      long vAddress,
      long mAddress,
      long bAddress,
      int n) {
    boolean centered = mAddress != NONE;
    boolean hasMomentum = bAddress != NONE;
    Window gWindow = Window.at(gAddress);
    Window vWindow = Window.at(vAddress);
    Window mWindow = centered ? Window.at(mAddress) : gWindow;
    Window bWindow = hasMomentum ? Window.at(bAddress) : gWindow;
    Object gMemory = gWindow.memory;
    Object vMemory = vWindow.memory;
    Object mMemory = mWindow.memory;
    Object bMemory = bWindow.memory;
    long gOffset = gWindow.offset(gAddress);
    long vOffset = vWindow.offset(vAddress);
    long mOffset = mWindow.offset(mAddress);
    long bOffset = bWindow.offset(bAddress);
    DoubleVector decays = DoubleVector.broadcast(VectorMemory.DOUBLES, decay);
    int blockLength = Window.PAGE / Double.BYTES;
    for (int block = 0; block < n; block += blockLength) {
      int end = Math.min(n, block + blockLength);
      if (n - end >= 2 * blockLength) {
        long ahead = (block + 2L * blockLength) * Double.BYTES;
        Window.ask(gAddress + ahead);
        Window.ask(vAddress + ahead);
      }
      for (int i = block; i < end; i += VectorMemory.DOUBLES.length()) {
        long at = (long) i * Double.BYTES;
        DoubleVector g = VectorMemory.doubles(gMemory, gOffset + at);
        DoubleVector v = VectorMemory.doubles(vMemory, vOffset + at);
        DoubleVector square = g.mul(g);
        if (fused) {
          v = v.fma(decays, square.mul(rest));
        } else if (difference) {
          v = v.add(square.sub(v).mul(rest));
        } else {
          v = v.mul(decays).add(square.mul(rest));
        }
        VectorMemory.put(v, vMemory, vOffset + at);
        DoubleVector d = v.mul(correction);
        if (centered) {
          DoubleVector m = VectorMemory.doubles(mMemory, mOffset + at);
          m = difference ? m.add(g.sub(m).mul(rest)) : m.mul(decays).add(g.mul(rest));
          VectorMemory.put(m, mMemory, mOffset + at);
          m = m.mul(correction);
          d = d.sub(m.mul(m)).max(0);
        }
        DoubleVector u = g.mul(rateIn).div(d.add(epsilonInside).sqrt().add(epsilonOutside));
        if (hasMomentum) {
          DoubleVector b = VectorMemory.doubles(bMemory, bOffset + at).mul(momentum).add(u);
          VectorMemory.put(b, bMemory, bOffset + at);
          u = (nesterov ? b.mul(momentum).add(u) : b).mul(rateOut);
        }
        VectorMemory.put(u, gMemory, gOffset + at);
      }
    }
  }
}
