package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.benchmarks.training.Entrant.Lap;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** How long networks train until they know a test set. */
final class TimeToAccuracy {
  /**
   * What came of an updater.
   *
   * @param reached whether the network got there
   * @param best its highest test accuracy
   * @param iterations of training, until it got there or was stopped
   * @param seconds of training, tests not included
   * @param inUpdater seconds of these that the updater took
   */
  record Outcome(boolean reached, double best, int iterations, double seconds, double inUpdater) {
    static final Outcome START = new Outcome(false, 0, 0, 0, 0);

    Outcome after(Lap lap, double accuracy, double target) {
      return new Outcome(
          accuracy >= target,
          Math.max(best, accuracy),
          iterations + lap.iterations(),
          seconds + lap.nanos() / 1e9,
          inUpdater + lap.updaterNanos() / 1e9);
    }
  }

  private TimeToAccuracy() {}

  /**
   * Trains until all have got there or the last test is over.
   *
   * @param test images that are not trained on
   * @param target accuracy, tested after every lap
   * @param lap mini-batches between tests
   * @param tests at most
   * @param progress told after each round how many iterations that were, and the lowest of the best
   *     accuracies
   */
  static Map<TrainingContender, Outcome> measure(
      TrainingRace race,
      DataSetIterator test,
      double target,
      int lap,
      int tests,
      Consumer<Map<TrainingContender, Outcome>> progress) {
    Map<TrainingContender, Outcome> outcomes = new EnumMap<>(TrainingContender.class);
    race.entrants.forEach(entrant -> outcomes.put(entrant.name, Outcome.START));
    for (int i = 0; i < tests && !outcomes.values().stream().allMatch(Outcome::reached); i++) {
      List<DataSet> batches = race.next(lap);
      for (Entrant entrant : race.inTurn()) {
        Outcome before = outcomes.get(entrant.name);
        if (!before.reached()) {
          Lap trained = entrant.train(batches);
          double accuracy = entrant.network.evaluate(test).accuracy();
          outcomes.put(entrant.name, before.after(trained, accuracy, target));
        }
      }
      progress.accept(outcomes);
    }
    return outcomes;
  }
}
