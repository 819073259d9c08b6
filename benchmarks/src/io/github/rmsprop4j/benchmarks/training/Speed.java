package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.benchmarks.results.Spread;
import io.github.rmsprop4j.benchmarks.training.Entrant.Lap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.dataset.DataSet;

/**
 * How fast networks train.
 *
 * @param parameters of the network
 * @param rounds what each updater took for the same mini-batches, which they train on in turn
 */
record Speed(long parameters, List<Map<TrainingContender, Lap>> rounds) {
  /**
   * Measures it.
   *
   * @param lap mini-batches between two looks at the clock
   * @param warmUp rounds before those that are measured
   * @param rounds to measure, &gt;= 1
   * @param progress called after each round
   */
  static Speed measure(TrainingRace race, int lap, int warmUp, int rounds, Runnable progress) {
    List<Map<TrainingContender, Lap>> measured = new ArrayList<>();
    for (int i = 0; i < warmUp + rounds; i++) {
      List<DataSet> batches = race.next(lap);
      Map<TrainingContender, Lap> round = new EnumMap<>(TrainingContender.class);
      for (Entrant entrant : race.inTurn()) {
        round.put(entrant.name, entrant.train(batches));
      }
      if (i >= warmUp) {
        measured.add(round);
      }
      progress.run();
    }
    return new Speed(race.entrants.get(0).network.numParams(), measured);
  }

  /** Those that trained. */
  Set<TrainingContender> updaters() {
    return rounds.get(0).keySet();
  }

  /** Iterations per second. */
  Spread speed(TrainingContender updater) {
    return Spread.of(rounds, round -> round.get(updater).iterationsPerSecond());
  }

  /** How many times as fast as another, each time in the same round; that must have trained. */
  Spread ratio(TrainingContender updater, TrainingContender to) {
    return Spread.of(
        rounds,
        round -> round.get(updater).iterationsPerSecond() / round.get(to).iterationsPerSecond());
  }

  /** Nanoseconds of an iteration that the updater takes. */
  Spread inUpdater(TrainingContender updater) {
    return Spread.of(
        rounds,
        round -> (double) round.get(updater).updaterNanos() / round.get(updater).iterations());
  }
}
