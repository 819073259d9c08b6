package io.github.rmsprop4j.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * One fused pass with the Vector API, straight on off-heap memory; the last few elements, fewer
 * than a vector, go to the plain kernel. Never named outside a lookup by name, so that a JVM
 * without the module never links it.
 */
final class SimdKernel extends PlainKernel {
  // Of the page after the next: a copy asks for much at once, vectors for one line after the other.
  // One thread, 10^7 floats, JDK 17: 0.48 instead of 0.69 ns per parameter.
  private static final int LINES_AHEAD = 2;

  private static final int FLOATS_IN_PAGE = Window.PAGE / Float.BYTES;

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
  void floats(Step step, long gAddress, long vAddress, long mAddress, long bAddress, int n) {
    int whole = VectorMemory.FLOATS.loopBound(n);
    boolean mayBeDead = DeadWeights.canBeSetAside(step);
    float[] aside = null; // until it is needed, and so is atRest
    int atRest = 0;
    int from = 0;
    while (from < whole) {
      from = pass(step, gAddress, vAddress, mAddress, bAddress, from, whole, mayBeDead);
      // Dead weights lie together, those of the next neuron as far on as there are inputs.
      boolean dead = true;
      while (dead && from < whole) {
        if (aside == null) {
          aside = new float[FLOATS_IN_PAGE];
          atRest = DeadWeights.atRest((float) step.decay());
        }
        int to = Math.min(whole, from + FLOATS_IN_PAGE);
        long at = (long) from * Float.BYTES;
        int most = DeadVectors.setAside(gAddress + at, vAddress + at, aside, to - from);
        if (most > atRest) {
          DeadVectors.decay(step, aside, to - from);
        }
        dead = most > 0;
        pass(step, gAddress, vAddress, mAddress, bAddress, from, to, false);
        DeadVectors.putBack(vAddress + at, aside, to - from);
        from = to;
      }
    }
    if (whole < n) {
      long at = (long) whole * Float.BYTES;
      super.floats(
          step,
          gAddress + at,
          vAddress + at,
          mAddress == NONE ? NONE : mAddress + at,
          bAddress == NONE ? NONE : bAddress + at,
          n - whole);
    }
  }

  /**
   * Steps elements of an array, whole vectors of them.
   *
   * @param untilDead whether to stop behind a page in which some v are subnormal
   * @return the index behind the last element that was stepped
   */
  private static int pass(
      Step step,
      long gAddress,
      long vAddress,
      long mAddress,
      long bAddress,
      int from,
      int to,
      boolean untilDead) {
    float rateIn = (float) step.rateIn();
    float rateOut = (float) step.rateOut();
    float decay = (float) step.decay();
    float rest = step.floatOneMinusDecay();
    boolean difference = step.difference();
    boolean fused = step.fused();
    float correction = (float) step.correction();
    float epsilonInside = (float) step.epsilonInside();
    float epsilonOutside = (float) step.epsilonOutside();
    float momentum = (float) step.momentum();
    boolean nesterov = step.nesterov();
    boolean corrected = correction != 1; // a multiplication less, which is slow on subnormal v
    boolean centered = mAddress != NONE;
    boolean hasMomentum = bAddress != NONE;

    // An array that is not there is never touched; the gradient's window stands in for it.
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

    for (int page = from; page < to; page += FLOATS_IN_PAGE) {
      int end = Math.min(to, page + FLOATS_IN_PAGE);
      if (to - end >= 2 * FLOATS_IN_PAGE) {
        long ahead = (page + 2L * FLOATS_IN_PAGE) * Float.BYTES;
        Window.ask(gAddress + ahead, LINES_AHEAD);
        Window.ask(vAddress + ahead, LINES_AHEAD);
      }
      for (int i = page; i < end; i += VectorMemory.FLOATS.length()) {
        long at = (long) i * Float.BYTES;
        FloatVector decays = VectorMemory.floats(decay);
        FloatVector rests = VectorMemory.floats(rest);
        FloatVector corrections = VectorMemory.floats(correction);
        FloatVector g = VectorMemory.floats(gMemory, gOffset + at);
        FloatVector v = VectorMemory.floats(vMemory, vOffset + at);
        FloatVector square = g.mul(g);
        if (fused) {
          v = v.fma(decays, square.mul(rests));
        } else if (difference) {
          v = v.add(square.sub(v).mul(rests));
        } else {
          v = v.mul(decays).add(square.mul(rests));
        }
        VectorMemory.put(v, vMemory, vOffset + at);
        FloatVector d = corrected ? v.mul(corrections) : v;
        if (centered) {
          FloatVector m = VectorMemory.floats(mMemory, mOffset + at);
          m = difference ? m.add(g.sub(m).mul(rests)) : m.mul(decays).add(g.mul(rests));
          VectorMemory.put(m, mMemory, mOffset + at);
          m = corrected ? m.mul(corrections) : m;
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
      int first = (int) (vOffset / Float.BYTES) + page;
      if (untilDead && DeadWeights.anyDead(vWindow.floats, first, end - page)) {
        return end;
      }
    }
    return to;
  }

  @Override
  void doubles(Step step, long gAddress, long vAddress, long mAddress, long bAddress, int n) {
    double rateIn = step.rateIn();
    double rateOut = step.rateOut();
    double decay = step.decay();
    double rest = step.oneMinusDecay();
    boolean difference = step.difference();
    boolean fused = step.fused();
    double correction = step.correction();
    double epsilonInside = step.epsilonInside();
    double epsilonOutside = step.epsilonOutside();
    double momentum = step.momentum();
    boolean nesterov = step.nesterov();
    boolean corrected = correction != 1; // a multiplication less, which is slow on subnormal v
    boolean centered = mAddress != NONE;
    boolean hasMomentum = bAddress != NONE;

    // An array that is not there is never touched; the gradient's window stands in for it.
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

    int whole = VectorMemory.DOUBLES.loopBound(n);
    int blockLength = Window.PAGE / Double.BYTES;
    for (int block = 0; block < whole; block += blockLength) {
      int end = Math.min(whole, block + blockLength);
      if (whole - end >= 2 * blockLength) {
        long ahead = (block + 2L * blockLength) * Double.BYTES;
        Window.ask(gAddress + ahead, LINES_AHEAD);
        Window.ask(vAddress + ahead, LINES_AHEAD);
      }
      for (int i = block; i < end; i += VectorMemory.DOUBLES.length()) {
        long at = (long) i * Double.BYTES;
        DoubleVector decays = VectorMemory.doubles(decay);
        DoubleVector rests = VectorMemory.doubles(rest);
        DoubleVector corrections = VectorMemory.doubles(correction);
        DoubleVector g = VectorMemory.doubles(gMemory, gOffset + at);
        DoubleVector v = VectorMemory.doubles(vMemory, vOffset + at);
        DoubleVector square = g.mul(g);
        if (fused) {
          v = v.fma(decays, square.mul(rests));
        } else if (difference) {
          v = v.add(square.sub(v).mul(rests));
        } else {
          v = v.mul(decays).add(square.mul(rests));
        }
        VectorMemory.put(v, vMemory, vOffset + at);
        DoubleVector d = corrected ? v.mul(corrections) : v;
        if (centered) {
          DoubleVector m = VectorMemory.doubles(mMemory, mOffset + at);
          m = difference ? m.add(g.sub(m).mul(rests)) : m.mul(decays).add(g.mul(rests));
          VectorMemory.put(m, mMemory, mOffset + at);
          m = corrected ? m.mul(corrections) : m;
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

    if (whole < n) {
      long at = (long) whole * Double.BYTES;
      super.doubles(
          step,
          gAddress + at,
          vAddress + at,
          centered ? mAddress + at : NONE,
          hasMomentum ? bAddress + at : NONE,
          n - whole);
    }
  }
}
