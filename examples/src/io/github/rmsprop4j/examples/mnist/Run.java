package io.github.rmsprop4j.examples.mnist;

import io.github.rmsprop4j.cli.Progress;
import io.github.rmsprop4j.digits.Digits;
import io.github.rmsprop4j.digits.MnistData;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A network trained with one updater, and what that took. */
final class Run {
  private static final int TEST_BATCH = 1000;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double SMOOTHING = 0.98;

  final String updaterName;
  final MultiLayerNetwork network;

  /** Mean loss of each batch. */
  final List<Double> losses = new ArrayList<>();

  /** Test accuracy after each epoch. */
  final List<Double> accuracies = new ArrayList<>();

  private final TimedUpdater<?> updater;
  private long fitNanos;

  private Run(String updaterName, MultiLayerConfiguration configuration) {
    this.updaterName = updaterName;
    this.network = new MultiLayerNetwork(configuration);
    network.init();
    this.updater = TimedUpdater.on(network);
  }

  /**
   * Trains from scratch and tests after every epoch. The network, the order of the images and so
   * every bit of the result depend on the arguments only.
   */
  static Run train(
      String updaterName,
      MultiLayerConfiguration configuration,
      MnistData data,
      int epochs,
      int batchSize,
      long seed,
      PrintWriter out) {
    Run run = new Run(updaterName, configuration);
    for (int epoch = 1; epoch <= epochs; epoch++) {
      run.fit("epoch " + epoch + "/" + epochs, data.train(), batchSize, seed + epoch, out);
      double accuracy;
      try {
        accuracy = accuracy(run.network, data.test());
      } catch (IllegalStateException e) { // DL4J's answer to a NaN among the predictions
        throw new ArithmeticException(
            "training diverged in epoch "
                + epoch
                + ", a smaller --learning-rate may help: "
                + e.getMessage());
      }
      run.accuracies.add(accuracy);
      out.printf(Locale.ROOT, "epoch %d/%d  test accuracy %.4f%n", epoch, epochs, accuracy);
      out.flush();
    }
    return run;
  }

  static double accuracy(MultiLayerNetwork network, Digits test) {
    return network.evaluate(test.batches(TEST_BATCH)).accuracy();
  }

  double accuracy() {
    return accuracies.get(accuracies.size() - 1);
  }

  double secondsPerEpoch() {
    return fitNanos / NANOS_PER_SECOND / accuracies.size();
  }

  double updaterSecondsPerEpoch() {
    return updater.nanos() / NANOS_PER_SECOND / accuracies.size();
  }

  private void fit(String name, Digits train, int batchSize, long shuffleSeed, PrintWriter out) {
    try (ProgressBar bar = new Progress(out).bar(name, train.count())) {
      DataSetIterator batches = train.shuffled(batchSize, shuffleSeed);
      long start = System.nanoTime();
      network.setListeners(
          new BaseTrainingListener() {
            private double running = Double.NaN;

            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
              double loss = model.score();
              losses.add(loss);
              running = Double.isNaN(running) ? loss : SMOOTHING * running + (1 - SMOOTHING) * loss;
              bar.stepTo(Math.min(bar.getCurrent() + batchSize, bar.getMax()));
              double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
              bar.setExtraMessage(
                  String.format(
                      Locale.ROOT,
                      " %,6.0f images/s, loss %.4f",
                      bar.getCurrent() / seconds,
                      running));
            }
          });
      network.fit(batches);
      fitNanos += System.nanoTime() - start;
    } finally {
      network.setListeners();
    }
  }
}
