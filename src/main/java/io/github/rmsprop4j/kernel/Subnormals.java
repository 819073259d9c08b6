package io.github.rmsprop4j.kernel;

/**
 * Weights that never see a gradient, such as those of a pixel that is always black. Their mean
 * square decays into the subnormal numbers, where it stays and where every multiplication and root
 * takes a processor's slow path: on MNIST the built-in updater's 5 ms a step become 15 after 1,500
 * iterations (benchmarks/results/xeon-training-jdk17-in-updater.tsv).
 *
 * <p>For such an element, g = 0 and v subnormal, the step is easy: u is g again, and v decays. A
 * subnormal v is k units of 2^-149, with k below 2^23, and is its own bits; so its next value is k
 * ρ rounded to a whole number, ties to even, which fast arithmetic finds to the same bit. The
 * passes set these elements aside, step the others with a zero in their place, and put them back.
 * That is a form of its own, for arrays that have some. In vectors it is measured like every form,
 * and pays where plain Java has no need of it, since one such number delays all of its vector: of
 * MNIST's v after 1,500 iterations 11.6 % are subnormal, in 48 % of the vectors of 16 floats, and a
 * step takes 0.28 ns per parameter with them set aside, 0.50 without, 0.28 before there were any
 * (JDK 25, a Zen 4; JDK 17: 0.38, 0.59, 0.28). {@link PlainPass} has to search for them, and does
 * where one multiplication of one number is slow: on that Zen 4, where it is not, 0.90 ns would
 * become 1.26.
 */
final class Subnormals {
  /** Exclusive upper bound of {@link #rank} of the bits of a subnormal number above 0. */
  static final int LIVE = rank(0x00800000);

  private static final int LEAST = 32;
  private static final int MOST = 256;
  private static final int ONE_OF = 512;

  /** The golden ratio's fraction, whose multiples spread evenly over any rows and columns. */
  private static final long GOLDEN = 0x9E3779B9L;

  private Subnormals() {}

  /** Whether a multiplication of a subnormal float is slow on this processor; measured once. */
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
   * Replaces v by 0 where it is subnormal, or 0, and the gradient is 0.
   *
   * @param where takes the indices of what was replaced
   * @param aside takes what these v must be after the step
   * @return how many were replaced
   */
  static int setAside(Step step, float[] g, float[] v, int[] where, float[] aside, int n) {
    int subnormal = 0;
    for (int i = 0; i < n; i++) {
      if (Float.floatToRawIntBits(v[i]) >>> 23 == 0) {
        where[subnormal++] = i;
      }
    }
    double decay = (float) step.decay();
    int dead = 0;
    for (int j = 0; j < subnormal; j++) {
      int i = where[j];
      if (g[i] == 0) {
        int k = Float.floatToRawIntBits(v[i]);
        double whole = k * decay + 0x1p52; // exact before the addition, which rounds to units
        where[dead] = i;
        aside[dead++] = Float.intBitsToFloat((int) Double.doubleToRawLongBits(whole));
        v[i] = 0;
      }
    }
    return dead;
  }

  /** Undoes {@link #setAside} after the step. */
  static void putBack(float[] v, int[] where, float[] aside, int dead) {
    for (int j = 0; j < dead; j++) {
      v[where[j]] = aside[j];
    }
  }

  /**
   * Whether some values are subnormal. Of few {@value #LEAST} are looked at, of many {@value
   * #MOST}; where these miss them, few are subnormal, and stepped rightly too, and slowly.
   *
   * @param address of an array of floats
   * @param length its elements
   * @param span bytes that are addressed at once, at most {@link Window#SPAN}
   */
  static boolean areIn(long address, long length, long span) {
    long most = span / Float.BYTES;
    for (long i = 0; i < length; i += most) {
      if (areIn(address + i * Float.BYTES, (int) Math.min(most, length - i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean areIn(long address, int n) {
    Window window = Window.at(address);
    int at = window.offset(address) / Float.BYTES;
    int samples = Math.max(LEAST, Math.min(MOST, n / ONE_OF));
    for (long i = 0; i < samples; i++) {
      int index = (int) ((i * GOLDEN & 0xffffffffL) * n >>> 32);
      if (rank(Float.floatToRawIntBits(window.floats.get(at + index))) < LIVE) {
        return true;
      }
    }
    return false;
  }
}
