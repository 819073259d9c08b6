package io.github.rmsprop4j.examples.mnist;

import io.github.rmsprop4j.cli.Progress;
import io.github.rmsprop4j.digits.MnistData;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Trains networks on the same batches, some batches each in turn: whatever else goes on in the JVM
 * and on the machine meets them all. Who begins changes from turn to turn.
 *
 * <p>The order of the images depends on the seed and the number of the epoch alone, and the
 * networks draw no random numbers while they are trained. So how far a training has come, its
 * parameters and its updater state say all that is needed to go on to the same bits.
 */
final class Race {
  /** Few, so that even short trainings alternate; enough for a network to be back in the cache. */
  static final int TURN = 10;

  private static final double SMOOTHING = 0.98;

  private final MnistData data;
  private final int epochs;
  private final int batchSize;
  private final long seed;
  private final int stepsPerEpoch;
  private final PrintWriter out;

  Race(MnistData data, int epochs, int batchSize, long seed, PrintWriter out) {
    this.data = data;
    this.epochs = epochs;
    this.batchSize = batchSize;
    this.seed = seed;
    this.stepsPerEpoch = (data.train().count() + batchSize - 1) / batchSize;
    this.out = out;
  }

  /** Trains networks that are thrown away, until each has been trained for so many seconds. */
  void warmUp(List<Run> runs, double seconds) {
    while (runs.stream().mapToDouble(Run::seconds).sum() < seconds * runs.size()) {
      DataSetIterator batches = batches(0);
      while (batches.hasNext()
          && runs.stream().mapToDouble(Run::seconds).sum() < seconds * runs.size()) {
        turn(runs, next(batches, 1), 0); // ends in time on slow machines too
      }
    }
  }

  /**
   * Trains from where the runs are to the end, and tests after every epoch.
   *
   * @param checkpoint where the runs are written to
   * @param every steps from one checkpoint to the next, 0 for none
   */
  void train(List<Run> runs, Checkpoint checkpoint, int every) throws IOException {
    while (epochsDone(runs) < epochs) {
      int epoch = epochsDone(runs) + 1;
      try (ProgressBar bar =
          new Progress(out).bar("epoch " + epoch + "/" + epochs, data.train().count())) {
        DataSetIterator batches = batches(epoch);
        int done = steps(runs) % stepsPerEpoch;
        for (int i = 0; i < done; i++) {
          batches.next();
        }
        while (batches.hasNext()) {
          int steps = steps(runs);
          List<DataSet> turn =
              next(batches, every == 0 ? TURN : Math.min(TURN, every - steps % every));
          turn(runs, turn, batches.hasNext() ? epoch - 1 : epoch);
          show(bar, runs, steps(runs) - (epoch - 1) * stepsPerEpoch);
          if (batches.hasNext()) {
            save(runs, checkpoint, every);
          }
        }
      }
      for (Run run : runs) {
        run.test(data.test());
      }
      out.printf(Locale.ROOT, "epoch %d/%d  %s%n", epoch, epochs, accuracies(runs));
      out.flush();
      save(runs, checkpoint, every);
    }
  }

  private static int epochsDone(List<Run> runs) {
    return runs.get(0).accuracies.size();
  }

  private static int steps(List<Run> runs) {
    return runs.get(0).steps();
  }

  private DataSetIterator batches(int epoch) {
    return data.train().shuffled(batchSize, seed + epoch);
  }

  private static List<DataSet> next(DataSetIterator batches, int count) {
    List<DataSet> next = new ArrayList<>();
    while (next.size() < count && batches.hasNext()) {
      next.add(batches.next());
    }
    return next;
  }

  private static void turn(List<Run> runs, List<DataSet> batches, int epochsAfter) {
    List<Run> order = new ArrayList<>(runs);
    Collections.rotate(order, steps(runs) / TURN);
    order.forEach(run -> run.fit(batches, epochsAfter));
  }

  private static void save(List<Run> runs, Checkpoint checkpoint, int every) throws IOException {
    if (every != 0 && steps(runs) % every == 0) {
      checkpoint.write(state -> write(runs, every, state));
    }
  }

  private static void write(List<Run> runs, int every, DataOutputStream state) throws IOException {
    state.writeInt(every);
    for (Run run : runs) {
      run.write(state);
    }
  }

  /**
   * Takes runs to where they were when a checkpoint was written.
   *
   * @return steps from one checkpoint to the next
   */
  static int read(List<Run> runs, DataInputStream state) throws IOException {
    int every = state.readInt();
    for (Run run : runs) {
      run.read(state);
    }
    return every;
  }

  private void show(ProgressBar bar, List<Run> runs, int stepsOfEpoch) {
    bar.stepTo(Math.min((long) stepsOfEpoch * batchSize, bar.getMax()));
    String millis =
        runs.stream()
            .map(run -> String.format(Locale.ROOT, "%.2f", run.millisPerStep()))
            .collect(Collectors.joining(" / "));
    bar.setExtraMessage(
        String.format(Locale.ROOT, " loss %.4f, ms a step %s", loss(runs.get(0)), millis));
  }

  /** Smoothed. */
  private static double loss(Run run) {
    double loss = Double.NaN;
    for (int i = Math.max(0, run.steps() - 200); i < run.steps(); i++) {
      double next = run.losses.get(i);
      loss = Double.isNaN(loss) ? next : SMOOTHING * loss + (1 - SMOOTHING) * next;
    }
    return loss;
  }

  /** One if all are equal, as they should be. */
  private static String accuracies(List<Run> runs) {
    List<String> each =
        runs.stream()
            .map(run -> String.format(Locale.ROOT, "test accuracy %.4f", run.accuracy()))
            .distinct()
            .toList();
    return each.size() == 1
        ? each.get(0)
        : runs.stream()
            .map(run -> String.format(Locale.ROOT, "%s: %.4f", run.name, run.accuracy()))
            .collect(Collectors.joining(", ", "test accuracy of ", ""));
  }
}
