package io.github.rmsprop4j.kernel;

import java.nio.FloatBuffer;

/**
 * Weights that never see a gradient, such as those of a pixel that is always black. Their mean
 * square decays into the subnormal numbers, where it stays and where every multiplication and root
 * takes a processor's slow path: on MNIST the built-in updater's 3.6 ms a step become 9.6 after
 * 1,500 iterations (benchmarks/results/xeon-endtoend-in-updater.tsv).
 *
 * <p>For such an element, g = 0 and v subnormal, the step is easy: u is g again, and v decays. A
 * subnormal v is k units of 2^-149, with k below 2^23, and is its own bits; so its next value is k
 * ρ rounded to a whole number, ties to even, which fast arithmetic finds to the same bit. The
 * passes set these elements aside, step the others with a zero in their place, and put them back.
 * On processors that take subnormal numbers at full speed this would only cost.
 */
final class Subnormals {
  /** Exclusive upper bound of {@link #rank} of the bits of a subnormal number above 0. */
  static final int LIVE = rank(0x00800000);

  /** A prime, so that the columns of no usual matrix are left out. */
  private static final int SAMPLE = 509;

  private Subnormals() {}

  /** Whether arithmetic on subnormal floats is slow on this processor; measured once. */
  static boolean areSlow() {
    return Slow.HERE;
  }

  /** Measured when it is first asked for. */
  private static final class Slow {
    private static final int PROBES = 5;
    private static final int TURNS = 200;

    /**
     * An assisted multiplication takes 20 to 40 times as long, of which interpreted code shows 5.
     */
    private static final int FACTOR = 3;

    static final boolean HERE = measure();

    private static boolean measure() {
      long normal = Long.MAX_VALUE;
      long subnormal = Long.MAX_VALUE;
      for (int i = 0; i < PROBES; i++) {
        normal = Math.min(normal, time(1));
        subnormal = Math.min(subnormal, time(Float.MIN_NORMAL / 2));
      }
      return subnormal > FACTOR * normal;
    }

    private static long time(float value) {
      float v = value;
      long start = System.nanoTime();
      for (int i = 0; i < TURNS; i++) {
        v = v * 0.95f * 0.95f * 0.95f * 0.95f; // a subnormal number stays one: it comes to rest
      }
      long time = System.nanoTime() - start;
      return v > 0 ? time : Long.MAX_VALUE;
    }
  }

  /** {@return an order of float bits in which the subnormal numbers above 0 come first} */
  static int rank(int bits) {
    return bits + Integer.MAX_VALUE;
  }

  /**
   * Whether a step leaves g = 0 as it is and lets v decay by one multiplication. Below ρ = 1/2 the
   * kernels' way to round k ρ would be inexact.
   */
  static boolean canBeSetAside(Step step) {
    return !step.difference()
        && (float) step.decay() >= 0.5f
        && (float) step.epsilonInside() + (float) step.epsilonOutside() > 0;
  }

  /**
   * {@return up to how many units a v does not change any more: k ρ is rounded to k again}
   *
   * @param decay ρ
   */
  static int atRest(float decay) {
    if (decay >= 1) { // rounded to it: nothing decays
      return LIVE;
    }
    int k = (int) (0.5 / (1 - decay)) + 1;
    while (Math.rint(k * (double) decay) != k) {
      k--;
    }
    return k;
  }

  /**
   * Replaces v by 0 where it is subnormal and the gradient is 0.
   *
   * @param aside takes what v must be after the step where it was replaced, and 0 elsewhere
   * @return whether any v is subnormal
   */
  static boolean setAside(Step step, float[] g, float[] v, float[] aside, int n) {
    double decay = (float) step.decay();
    boolean any = false;
    for (int i = 0; i < n; i++) {
      int k = Float.floatToRawIntBits(v[i]);
      aside[i] = 0;
      if (rank(k) < LIVE) {
        any = true;
        if (g[i] == 0) {
          aside[i] = Float.intBitsToFloat((int) Math.rint(k * decay)); // exact before the rounding
          v[i] = 0;
        }
      }
    }
    return any;
  }

  /** Undoes {@link #setAside} after the step. */
  static void putBack(float[] v, float[] aside, int n) {
    for (int i = 0; i < n; i++) {
      if (Float.floatToRawIntBits(aside[i]) != 0) {
        v[i] = aside[i];
      }
    }
  }

  /**
   * Whether some values are subnormal. Only two of a page are looked at, which takes a percent of a
   * step: what is missed is stepped rightly too, and slowly until it is found in a later part.
   */
  static boolean any(float[] v, int n) {
    return any(FloatBuffer.wrap(v), 0, n);
  }

  /** The same for a part of a buffer. */
  static boolean any(FloatBuffer v, int from, int n) {
    boolean any = false;
    for (int i = from; i < from + n; i += SAMPLE) {
      any |= rank(Float.floatToRawIntBits(v.get(i))) < LIVE;
    }
    return any;
  }
}
