package io.github.rmsprop4j.kernel;

import java.util.Arrays;

/**
 * Finds the fastest of a few ways that give the same bits, by their times on real steps. The ways
 * take {@value #TURNS} turns each, so that whatever else the machine does hits all alike; from then
 * on the one with the smallest median is taken. A turn is {@value #TURN} steps, the first of which
 * does not count, since a way is to be timed as it will go on: a helper that was last asked some
 * steps ago sleeps (800,000 parameters in one step of two threads after one of one: 250 us, after
 * its own kind 120 us; alone 228 us). The first way is the rule: another one must beat it by
 * {@value #MARGIN} percent. One step of {@value #PERIOD} belongs to a trial, so a choice that was
 * made while another process had the cores is not for ever, and trials cost less than a percent as
 * long as the other ways take at most twice the time. A way that is taken and was slower than the
 * first one {@value #SLOWER} times in a row is tried anew at once, and after each time that came of
 * that twice as late: where a helper wakes up on the caller's processor, it does so at every step
 * (300 us instead of 120), until the system moves one of them.
 */
final class Chooser {
  /** Whether any is used. */
  static final boolean ENABLED = !"off".equals(System.getProperty("rmsprop4j.choose"));

  static final int TURNS = 3;
  static final int TURN = 4;

  /** Steps in each way until one is chosen. */
  static final int STEPS = TURNS * TURN;

  static final int MARGIN = 3;
  static final int PERIOD = 100;
  static final int SLOWER = 16;

  private static final int NONE = -1;

  private final long[][] times;
  private final int[] taken; // steps in each way
  private int begun;
  private int settled;
  private int slower; // than the first way was, steps in a row
  private int patience = SLOWER;
  private long toBeat; // the first way's median
  private volatile boolean trying;
  private volatile int chosen;

  Chooser(int ways) {
    times = new long[ways][TURNS * (TURN - 1)];
    taken = new int[ways];
    trying = ways > 1;
    chosen = trying ? NONE : 0;
  }

  /** Whether there is a trial. */
  boolean isTrying() {
    return trying;
  }

  /** Whether times are wanted. */
  boolean isTiming() {
    return trying || chosen > 0;
  }

  /** Whether there was a trial. */
  boolean hasChosen() {
    return chosen != NONE;
  }

  /** {@return the way to take now} */
  synchronized int next() {
    if (!trying && times.length > 1) {
      boolean regular = ++settled > times.length * STEPS * PERIOD;
      if (regular || slower == patience) {
        patience = regular ? SLOWER : 2 * patience;
        slower = 0;
        settled = 0;
        begun = 0;
        Arrays.fill(taken, 0);
        trying = true;
      }
    }
    return trying ? begun++ / TURN % times.length : chosen;
  }

  /** {@return the fastest way; the first while that is not known} */
  int chosen() {
    return Math.max(chosen, 0);
  }

  /** Takes the time of a step, in whatever unit. */
  synchronized void took(int way, long time) {
    if (!trying) {
      if (way > 0 && way == chosen && slower < patience) {
        slower = time > toBeat ? slower + 1 : 0;
      }
      return;
    }
    int step = taken[way];
    if (step == STEPS) {
      return;
    }
    if (step % TURN > 0) {
      times[way][step - step / TURN - 1] = time;
    }
    taken[way]++;
    if (Arrays.stream(taken).allMatch(steps -> steps == STEPS)) {
      chosen = fastest();
      trying = false;
    }
  }

  private int fastest() {
    int fastest = 0;
    toBeat = median(times[0]);
    long least = toBeat * (100 - MARGIN) / 100;
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
