package io.github.rmsprop4j.kernel;

import java.util.Arrays;

/**
 * Finds the fastest of a few ways that give the same bits, by their times on real steps. In a trial
 * the ways take {@value #TURNS} turns each, so that whatever else the machine does hits all alike;
 * from then on the one with the smallest mean, without its slowest {@value #LEFT_OUT}, is taken. A
 * turn is {@value #TURN} steps, the first of which does not count, since a way is to be timed as it
 * will go on: a helper that was last asked some steps ago sleeps (800,000 parameters in one step of
 * two threads after one of one: 250 us, after its own kind 120 us; alone 228 us). The first way is
 * the rule: another one must beat it by {@value #MARGIN} percent. Trials cost half a percent: one
 * that took the time of n steps more than the fastest way would have is followed by {@value
 * #STEPS_FOR_ONE} n (a thousand where a second thread is woken on the caller's core and helps for
 * nothing, 250 instead of 221 us; it may help later, 134 us), but by no fewer than {@value #LEAST}
 * times its own. The first ones are followed by twice, 4 times and 8 times their steps at most:
 * they fall into a time when the compilers have the second core (6.4 million parameters: 8.6 ms on
 * one thread and 5.4 on two, later 3 and 5). A way that is taken and has come to lose {@value
 * #LOST} steps' time against the first one is tried anew at once, and after each time that came of
 * that twice as late: where a helper wakes up on the caller's processor, it does so at every step
 * (300 us instead of 120), until the system moves one of them; and one that is displaced with a
 * chunk in hand makes the caller wait for milliseconds.
 */
final class Chooser {
  /** Whether any is used. */
  static final boolean ENABLED = !"off".equals(System.getProperty("rmsprop4j.choose"));

  static final int TURNS = 3;
  static final int TURN = 4;

  /** Steps in each way until one is chosen. */
  static final int STEPS = TURNS * TURN;

  static final int MARGIN = 3;
  static final int STEPS_FOR_ONE = 200;
  static final int LEAST = 5;
  static final int EARLY = 3; // trials that are soon followed by another
  static final int LOST = 4;
  static final int LEFT_OUT = 2;

  /** A step counts at most so many times the first way's, whatever else the machine did then. */
  static final int MOST = 3;

  private static final int NONE = -1;

  private final long[][] times;
  private final int[] taken; // steps in each way
  private int begun;
  private long settled;
  private long due = Long.MAX_VALUE; // settled steps until the next trial
  private long lost; // time against the first way, since it was last ahead
  private int patience = LOST;
  private int trials;
  private long toBeat; // the first way's mean
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
      boolean regular = ++settled > due;
      if (regular || lost > patience * toBeat) {
        patience = regular ? LOST : 2 * patience;
        lost = 0;
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
      if (way > 0 && way == chosen) {
        lost = Math.max(0, lost + Math.min(time, MOST * toBeat) - toBeat);
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
      due = stepsUntilNext();
      trying = false;
    }
  }

  private long stepsUntilNext() {
    long best = mean(times[chosen]);
    long more = Arrays.stream(times).mapToLong(each -> mean(each) - best).sum();
    long affordable = STEPS_FOR_ONE * STEPS * Math.max(0, more) / Math.max(1, best);
    long steps = (long) times.length * STEPS;
    long most = trials < EARLY ? (2L << trials++) * steps : Long.MAX_VALUE;
    return Math.min(most, Math.max(LEAST * steps, affordable));
  }

  private int fastest() {
    int fastest = 0;
    toBeat = mean(times[0]);
    long least = toBeat * (100 - MARGIN) / 100;
    for (int way = 1; way < times.length; way++) {
      long time = mean(times[way]);
      if (time < least) {
        fastest = way;
        least = time;
      }
    }
    return fastest;
  }

  private static long mean(long[] times) {
    int counted = times.length - LEFT_OUT;
    return Arrays.stream(times).sorted().limit(counted).sum() / counted;
  }
}
