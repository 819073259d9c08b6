package io.github.rmsprop4j.kernel;

import java.util.Arrays;

/**
 * Finds the fastest of a few ways that give the same bits, by their times on real steps. The ways
 * take turns, so that whatever else the machine does hits all alike, until each was timed {@value
 * #TIMES} times; from then on the one with the smallest median is taken. The first way is the rule:
 * another one must beat it by {@value #MARGIN} percent.
 */
final class Chooser {
  /** Whether any is used. */
  static final boolean ENABLED = Options.read().chooses();

  static final int TIMES = 7;
  static final int MARGIN = 3;

  private static final int TRYING = -1;

  private final long[][] times;
  private int taken;
  private final int[] timed;
  private volatile int chosen;

  Chooser(int ways) {
    times = new long[ways][TIMES];
    timed = new int[ways];
    chosen = ways == 1 ? 0 : TRYING;
  }

  /** Whether times are still wanted. */
  boolean isTrying() {
    return chosen == TRYING;
  }

  /** {@return the way to take now} */
  synchronized int next() {
    return chosen == TRYING ? taken++ % times.length : chosen;
  }

  /** {@return the fastest way; the first while that is not known} */
  int chosen() {
    return Math.max(chosen, 0);
  }

  /** Takes the time of a step, in whatever unit. */
  synchronized void took(int way, long time) {
    if (chosen != TRYING) {
      return;
    }
    if (timed[way] < TIMES) {
      times[way][timed[way]++] = time;
    }
    if (Arrays.stream(timed).allMatch(count -> count == TIMES)) {
      chosen = fastest();
    }
  }

  private int fastest() {
    int fastest = 0;
    long least = median(times[0]) * (100 - MARGIN) / 100;
    for (int way = 1; way < times.length; way++) {
      long time = median(times[way]);
      if (time < least) {
        fastest = way;
        least = time;
      }
    }
    return fastest;
  }

  private static long median(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
