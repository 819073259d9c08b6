package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.benchmarks.training.Entrant.Lap;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * How long a network trained until it knew a test set.
 *
 * @param reached whether it got there
 * @param best its highest test accuracy
 * @param iterations of training, until it got there or was stopped
 * @param seconds of training, tests not included
 * @param inUpdater seconds of these that the updater took
 */
record TimeToAccuracy(
    boolean reached, double best, int iterations, double seconds, double inUpdater) {
  static final TimeToAccuracy START = new TimeToAccuracy(false, 0, 0, 0, 0);

  TimeToAccuracy after(Lap lap, double accuracy, double target) {
    return new TimeToAccuracy(
        accuracy >= target,
        Math.max(best, accuracy),
        iterations + lap.iterations(),
        seconds + lap.nanos() / 1e9,
        inUpdater + lap.updaterNanos() / 1e9);
  }

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
  static Map<TrainingContender, TimeToAccuracy> measure(
      TrainingRace race,
      DataSetIterator test,
      double target,
      int lap,
      int tests,
      Consumer<Map<TrainingContender, TimeToAccuracy>> progress) {
    Map<TrainingContender, TimeToAccuracy> outcomes = new EnumMap<>(TrainingContender.class);
    race.entrants.forEach(entrant -> outcomes.put(entrant.name, TimeToAccuracy.START));
    for (int i = 0;
        i < tests && !outcomes.values().stream().allMatch(TimeToAccuracy::reached);
        i++) {
      List<DataSet> batches = race.next(lap);
      for (Entrant entrant : race.inTurn()) {
        TimeToAccuracy before = outcomes.get(entrant.name);
        if (!before.reached()) {
          Lap trained = entrant.train(batches);
          double accuracy = entrant.accuracy(test);
          outcomes.put(entrant.name, before.after(trained, accuracy, target));
        }
      }
      progress.accept(outcomes);
    }
    return outcomes;
  }
}
