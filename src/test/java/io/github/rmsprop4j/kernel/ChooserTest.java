package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The chooser with clocks that are made up. */
class ChooserTest {
  private static final int TURN = 4;

  /** Steps of a trial in each way. */
  private static final int STEPS = Chooser.TURNS * TURN;

  private static Chooser chooser(int ways) {
    return new Chooser(IntStream.generate(() -> TURN).limit(ways).toArray());
  }

  /** Times of a step in each way, at the so-many-th step. */
  private interface Clock {
    long time(int way, int step);
  }

  private static int chosen(int ways, Clock clock) {
    Chooser chooser = chooser(ways);
    int steps = 0;
    while (chooser.isTrying()) {
      int way = chooser.next();
      chooser.took(way, clock.time(way, steps++));
      assertTrue(steps <= ways * STEPS, "a choice must take so many steps and no more");
    }
    assertEquals(chooser.chosen(), chooser.next());
    return chooser.chosen();
  }

  @Test
  void theFastestWins() {
    for (int fastest = 0; fastest < 4; fastest++) {
      int best = fastest;
      assertEquals(best, chosen(4, (way, step) -> way == best ? 800 : 1000 + way));
    }
  }

  @Test
  void theFirstWinsWhereLittleIsToBeGained() {
    assertEquals(0, chosen(2, (way, step) -> way == 0 ? 1000 : 975));
    assertEquals(1, chosen(2, (way, step) -> way == 0 ? 1000 : 965));
    assertEquals(0, chosen(2, (way, step) -> way == 0 ? 1000 : 970), "3 % and no more");
    assertEquals(1, chosen(2, (way, step) -> way == 0 ? 1000 : 969));
  }

  @Test
  void aFewSlowStepsDoNotDecide() {
    // A collection, a page fault, another process: each time two of the nine that count, and the
    // first of each turn.
    for (Set<Integer> slow : List.of(Set.of(0, 1, 2, 4, 8), Set.of(0, 4, 6, 8, 9))) {
      int[] steps = new int[3];
      Clock clock =
          (way, step) -> way == 1 && slow.contains(steps[way]++) ? 90_000 : 1000 - way * 100;
      assertEquals(1, chosen(2, clock));
    }
  }

  @Test
  void aWayThatIsSlowEveryThirdTimeIsNotTakenForItsMedian() {
    int[] steps = new int[2];
    assertEquals(0, chosen(2, (way, step) -> way == 0 ? 1000 : steps[1]++ % 4 == 3 ? 4000 : 700));
  }

  @Test
  void aWayIsTimedAsItGoesOn() {
    // A helper that was not asked at the last step sleeps.
    int[] last = {0};
    Clock clock =
        (way, step) -> {
          boolean awake = last[0] == way;
          last[0] = way;
          return way == 0 ? 228 : awake ? 120 : 250;
        };
    assertEquals(1, chosen(2, clock));
  }

  /** {@return the ways of a trial, of which the next step is the first} */
  private static String trial(Chooser chooser, Clock clock) {
    StringBuilder ways = new StringBuilder();
    do {
      int way = chooser.next();
      ways.append(way);
      chooser.took(way, clock.time(way, ways.length() - 1));
    } while (chooser.isTrying());
    return ways.toString();
  }

  @Test
  void theWaysTakeTurns() {
    Chooser chooser = chooser(3);
    Clock alike = (way, step) -> 1000;
    assertEquals("000011112222".repeat(3), trial(chooser, alike));
    for (int i = 0; i < 2 * 3 * STEPS; i++) {
      chooser.took(chooser.next(), 1000);
      assertFalse(chooser.isTrying());
    }
    assertEquals("000011112222".repeat(3), trial(chooser, alike), "the next one, too");
  }

  @Test
  void aWayThatNeedsAWhileHasLongerTurns() {
    // The first quarter of each turn does not count: of 4 steps one, of 16 four, of one none.
    Set<Integer> left = Set.of(0, 5, 6, 7, 8);
    for (int slow = 9; slow <= 11; slow += 2) {
      Chooser chooser = new Chooser(4, 1, 16);
      int end = slow;
      Clock clock =
          (way, step) ->
              left.contains(step % 21) || way == 2 && step % 21 < end ? 1_000_000 : 1000 - 50 * way;
      assertEquals(("0000" + "1" + "2".repeat(16)).repeat(3), trial(chooser, clock));
      assertEquals(2, chooser.chosen(), "up to " + slow);
    }
    Chooser chooser = new Chooser(4, 1, 16);
    trial(chooser, (way, step) -> way == 2 && step % 21 < 13 ? 1_000_000 : 1000 - 50 * way);
    assertEquals(1, chooser.chosen(), "a third of what counts was slow");
  }

  @Test
  void aWayThatIsOftenFasterIsTakenForItsMean() {
    // Of 100 shared steps 60 are, in some turns none: 130 and 250 us beside 221 alone.
    for (int good : new int[] {40, 0}) {
      Chooser chooser = new Chooser(4, 100);
      int[] steps = new int[2];
      while (chooser.isTrying()) {
        int way = chooser.next();
        int step = steps[way]++;
        boolean helped = step / 100 == 1 ? step % 100 < good : step % 100 >= 40;
        chooser.took(way, way == 0 ? 221 : helped ? 130 : 250);
      }
      assertEquals(1, chooser.chosen());
    }
  }

  @Test
  void whatEverySecondStepCostsHitsAllAlike() {
    assertEquals(2, chosen(3, (way, step) -> 1000 - 100 * way + step % 2 * 500));
  }

  @Test
  void aMachineThatSlowsDownDoesNotFavourTheFirst() {
    assertEquals(3, chosen(4, (way, step) -> 1000 + 10L * step - (way == 3 ? 200 : 0)));
  }

  @Test
  void timesThatComeTooLateAreLeftOut() {
    Chooser chooser = chooser(2);
    for (int i = 0; i < STEPS; i++) {
      chooser.took(0, 1000);
    }
    for (int i = 0; i < STEPS; i++) { // of other threads, which began in time
      chooser.took(0, 1);
    }
    for (int i = 0; i < STEPS; i++) {
      assertTrue(chooser.isTrying());
      chooser.took(1, 900);
    }
    assertEquals(1, chooser.chosen());
    chooser.took(0, 1);
    assertEquals(1, chooser.chosen());
  }

  @Test
  void oneWayIsNoChoice() {
    Chooser chooser = chooser(1);
    for (int i = 0; i < 2 * STEPS * 1000; i++) {
      assertFalse(chooser.isTrying());
      assertEquals(0, chooser.next());
    }
  }

  /** {@return after how many times its length each trial is followed by the next one} */
  private static List<Integer> rests(int ways, int steps, Clock clock) {
    Chooser chooser = chooser(ways);
    List<Integer> rests = new ArrayList<>();
    int settled = 0;
    for (int step = 0; step < steps; step++) {
      int way = chooser.next();
      if (!chooser.isTrying()) {
        settled++;
      } else if (settled > 0) {
        rests.add(settled / (ways * STEPS));
        settled = 0;
      }
      chooser.took(way, clock.time(way, rests.size()));
      assertEquals(step >= ways * STEPS - 1, chooser.hasChosen());
    }
    return rests;
  }

  @Test
  void theFirstTrialsAreSoonFollowedByTheNext() {
    // At first the compilers have the second core, so that slower ways seem to take much.
    Clock clock = (way, trials) -> way == 1 ? 500 : trials < 3 ? 1_000_000 : 1000;
    int steps = 4 * STEPS;
    assertEquals(List.of(2, 4, 8, 150, 150), rests(4, steps * 320, clock));
  }

  @Test
  void aTrialThatCostsNothingIsRepeatedAllTheSooner() {
    assertEquals(List.of(2, 4, 5, 5), rests(4, 4 * STEPS * 21, (way, trials) -> 1000));
    // Nor does one that chose the first way for the margin, though it is not the fastest.
    assertEquals(
        List.of(2, 4, 5, 5), rests(2, 2 * STEPS * 21, (way, trials) -> way == 0 ? 1000 : 980));
    // Half of it at 1.2: a tenth of its steps is lost, so twenty times as many follow.
    assertEquals(
        List.of(2, 4, 8, 20, 20),
        rests(2, 2 * STEPS * 60, (way, trials) -> way == 0 ? 1000 : 1200));
  }

  @Test
  void trialsCostHalfAPercent() {
    for (long[] times :
        new long[][] {
          {1000, 1000},
          {1000, 1140},
          {1000, 5000},
          {1000, 1140, 1300, 1400},
          {2000, 2100, 1000, 1050},
        }) {
      Chooser chooser = chooser(times.length);
      long best = Arrays.stream(times).min().orElseThrow();
      int early = 16 * times.length * STEPS;
      long lost = 0;
      int steps = 200_000;
      for (int step = 0; step < early + steps; step++) {
        int way = chooser.next();
        chooser.took(way, times[way]);
        lost += step < early ? 0 : times[way] - best;
      }
      // One trial more or less may have fallen into them.
      assertTrue(lost <= best * steps / 195, Arrays.toString(times) + ": " + lost);
    }
  }

  @Test
  void aSecondThreadThatHelpsLaterIsFoundSoon() {
    // 250 us, where the helper is woken on the caller's core, then 134, beside 221 alone.
    Chooser chooser = chooser(2);
    int step = 0;
    for (; step < 10_000; step++) {
      int way = chooser.next();
      chooser.took(way, way == 0 ? 221 : 250);
    }
    for (; chooser.chosen() == 0; step++) {
      int way = chooser.next();
      chooser.took(way, way == 0 ? 221 : 134);
    }
    assertTrue(step < 10_000 + 400, step + " steps");
  }

  @Test
  void aWayThatBecameSlowerThanTheFirstIsTriedAnewAtOnceAndThenTwiceAsLate() {
    Chooser chooser = chooser(2);
    StringBuilder trials = new StringBuilder();
    int settled = 0;
    for (int step = 0; step < 165; step++) {
      int way = chooser.next();
      boolean trial = chooser.isTrying();
      // In trials the second way is the faster one, and between them it is not.
      chooser.took(way, way == 0 ? 1000 : trial ? 500 : 1500);
      if (!trial) {
        settled++;
      } else if (settled > 0) {
        trials.append(settled).append(' ');
        settled = 0;
      }
    }
    assertEquals("5 9 17 33 ", trials.toString());
    assertTrue(chooser.isTiming());
  }

  @Test
  void aWayThatBecameAsSlowAsTheFirstRemains() {
    Chooser chooser = chooser(2);
    for (int step = 0; step < 2 * STEPS * 3; step++) {
      int way = chooser.next();
      chooser.took(way, way == 1 && chooser.isTrying() ? 500 : 1000);
      assertEquals(step < 2 * STEPS - 1, chooser.isTrying());
    }
    assertEquals(1, chooser.chosen());
  }

  @Test
  void aFewSlowerStepsAndTheFirstWayAreNoReasonToTryAnew() {
    Chooser chooser = chooser(2);
    int steps = 2 * STEPS * 3; // until the next trial
    for (int step = 0; step < steps; step++) {
      int way = chooser.next();
      boolean trial = step < 2 * STEPS;
      assertEquals(trial, chooser.isTrying());
      boolean other = step % 8 == 0; // another process, each time
      chooser.took(way, way == 0 ? 1000 : trial || !other ? 500 : 1000_000);
    }
    Chooser first = chooser(2);
    for (int step = 0; step < steps; step++) {
      boolean trial = step < 2 * STEPS;
      first.took(first.next(), trial ? 1000 : 1000_000);
      assertEquals(step < 2 * STEPS - 1, first.isTiming());
    }
    assertEquals(0, first.chosen());
  }

  @Test
  void stepsThatOverlapLeaveNoWayUntimed() {
    Chooser chooser = chooser(2);
    Set<Integer> taken = new HashSet<>();
    int first = chooser.next();
    for (int i = 0; i < 2 * STEPS; i++) { // while another thread is in its first step
      int way = chooser.next();
      taken.add(way);
      chooser.took(way, way == 0 ? 1000 : 500);
    }
    chooser.took(first, 1000);
    assertEquals(Set.of(0, 1), taken);
    assertFalse(chooser.isTrying());
    assertEquals(1, chooser.chosen());
  }
}
