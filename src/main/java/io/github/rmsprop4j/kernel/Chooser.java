package io.github.rmsprop4j.kernel;

import java.util.Arrays;

/**
 * Finds the fastest of a few ways that give the same bits, by their times on real steps. The ways
 * take turns, so that whatever else the machine does hits all alike, until each was timed {@value
 * #TIMES} times; from then on the one with the smallest median is taken. The first way is the rule:
 * another one must beat it by {@value #MARGIN} percent. One step of {@value #PERIOD} belongs to a
 * trial, so a choice that was made while another process had the cores is not for ever, and trials
 * cost less than a percent as long as the other ways take at most twice the time.
 */
final class Chooser {
  /** Whether any is used. */
  static final boolean ENABLED = !"off".equals(System.getProperty("rmsprop4j.choose"));

  static final int TIMES = 7;
  static final int MARGIN = 3;
  static final int PERIOD = 100;

  private static final int NONE = -1;

  private final long[][] times;
  private final int[] timed;
  private int taken;
  private int settled;
  private volatile boolean trying;
  private volatile int chosen;

  Chooser(int ways) {
    times = new long[ways][TIMES];
    timed = new int[ways];
    trying = ways > 1;
    chosen = trying ? NONE : 0;
  }

  /** Whether times are wanted. */
  boolean isTrying() {
    return trying;
  }

  /** Whether there was a trial. */
  boolean hasChosen() {
    return chosen != NONE;
  }

  /** {@return the way to take now} */
  synchronized int next() {
    if (!trying && times.length > 1 && ++settled > times.length * TIMES * PERIOD) {
      settled = 0;
      taken = 0;
      Arrays.fill(timed, 0);
      trying = true;
    }
    return trying ? taken++ % times.length : chosen;
  }

  /** {@return the fastest way; the first while that is not known} */
  int chosen() {
    return Math.max(chosen, 0);
  }

  /** Takes the time of a step, in whatever unit. */
  synchronized void took(int way, long time) {
    if (!trying) {
      return;
    }
    if (timed[way] < TIMES) {
      times[way][timed[way]++] = time;
    }
    if (Arrays.stream(timed).allMatch(count -> count == TIMES)) {
      chosen = fastest();
      trying = false;
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
