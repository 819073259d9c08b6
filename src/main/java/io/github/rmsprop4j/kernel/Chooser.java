package io.github.rmsprop4j.kernel;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Finds the fastest of a few ways that give the same bits, by their times on real steps. In a trial
 * the ways take {@value #TURNS} turns each, so that whatever else the machine does hits all alike;
 * from then on the one with the smallest mean, without the slowest quarter, is taken. Of a turn the
 * first quarter does not count, since a way is to be timed as it will go on: a helper that was last
 * asked some steps ago sleeps (800,000 parameters in one step of two threads after one of one: 250
 * us, after its own kind 120 us; alone 228 us). The first way is the rule: another one must beat it
 * by {@value #MARGIN} percent. Trials cost half a percent: one that took the time of n steps more
 * than the fastest way would have is followed by {@value #STEPS_FOR_ONE} n, but by no fewer than
 * {@value #LEAST} times its own. The first ones are followed by twice, 4 times and 8 times their
 * steps at most, whatever they cost: they fall into a time when the compilers have the second core
 * (6.4 million parameters: 8.6 ms on one thread and 5.4 on two, later 3 and 5). A way that is taken
 * and has come to lose {@value #LOST} percent of a trial against the first one is tried anew at
 * once, and after each time that came of that twice as late: a helper that wakes up on the caller's
 * processor makes a step of 120 us one of 300 us, and one that is displaced with a chunk in hand
 * makes the caller wait for milliseconds.
 */
final class Chooser {
  /** Whether any is used. */
  static final boolean ENABLED = !"off".equals(System.getProperty("rmsprop4j.choose"));

  static final int TURNS = 3;
  static final int MARGIN = 3;
  static final int STEPS_FOR_ONE = 200;
  static final int LEAST = 5;
  static final int EARLY = 3; // trials that are soon followed by another
  static final int LOST = 10;
  static final int QUARTER = 4;

  /** A step counts at most so many times the first way's, whatever else the machine did then. */
  static final int MOST = 3;

  private static final int NONE = -1;

  private final int[] turns; // steps in a turn of each way
  private final int round; // of all ways
  private final long[][] times;
  private final int[] taken; // steps in each way
  private int begun;
  private long settled;
  private long due = Long.MAX_VALUE; // settled steps until the next trial
  private long lost; // time against the first way, since it was last ahead
  private int patience;
  private int trials;
  private long toBeat; // the first way's mean
  private volatile boolean trying;
  private volatile int chosen;

  /**
   * A chooser among as many ways as there are turns.
   *
   * @param turns how many steps each way takes in a row, &gt;= 1
   */
  Chooser(int... turns) {
    this.turns = turns;
    round = Arrays.stream(turns).sum();
    times = Arrays.stream(turns).mapToObj(t -> new long[TURNS * counted(t)]).toArray(long[][]::new);
    taken = new int[turns.length];
    patience = firstPatience();
    trying = turns.length > 1;
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
    if (!trying && turns.length > 1) {
      boolean regular = ++settled > due;
      if (regular || lost > patience * toBeat) {
        patience = regular ? firstPatience() : 2 * patience;
        lost = 0;
        settled = 0;
        begun = 0;
        Arrays.fill(taken, 0);
        trying = true;
      }
    }
    return trying ? wayAt(begun++ % round) : chosen;
  }

  private int firstPatience() {
    return Math.max(1, TURNS * round * LOST / 100);
  }

  private int wayAt(int step) {
    int way = 0;
    for (int end = turns[0]; step >= end; end += turns[way]) {
      way++;
    }
    return way;
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
    int turn = taken[way] / turns[way];
    if (turn == TURNS) {
      return;
    }
    int counted = counted(turns[way]);
    int step = taken[way]++ % turns[way] - (turns[way] - counted);
    if (step >= 0) {
      times[way][turn * counted + step] = time;
    }
    if (IntStream.range(0, turns.length).allMatch(i -> taken[i] == TURNS * turns[i])) {
      chosen = fastest();
      due = stepsUntilNext();
      trying = false;
    }
  }

  /** {@return how many steps of a turn count: its last ones, which go on as those before} */
  private static int counted(int turn) {
    return turn - turn / QUARTER;
  }

  private long stepsUntilNext() {
    long best = mean(times[chosen]);
    long more = 0;
    for (int way = 0; way < turns.length; way++) {
      more += TURNS * turns[way] * (mean(times[way]) - best);
    }
    long affordable = STEPS_FOR_ONE * Math.max(0, more) / Math.max(1, best);
    long steps = (long) TURNS * round;
    long most = trials < EARLY ? (2L << trials++) * steps : Long.MAX_VALUE;
    return Math.min(most, Math.max(LEAST * steps, affordable));
  }

  private int fastest() {
    int fastest = 0;
    toBeat = mean(times[0]);
    long least = toBeat * (100 - MARGIN) / 100;
    for (int way = 1; way < turns.length; way++) {
      long time = mean(times[way]);
      if (time < least) {
        fastest = way;
        least = time;
      }
    }
    return fastest;
  }

  private static long mean(long[] times) {
    int counted = times.length - times.length / QUARTER;
    return Arrays.stream(times).sorted().limit(counted).sum() / counted;
  }
}
