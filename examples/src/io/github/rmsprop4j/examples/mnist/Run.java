package io.github.rmsprop4j.examples.mnist;

import io.github.rmsprop4j.digits.Digits;
import io.github.rmsprop4j.dl4j.OnePass;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.nd4j.linalg.dataset.DataSet;

/** A network that is trained with one updater, and what that took so far. */
final class Run {
  private static final int TEST_BATCH = 1000;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  /** For people. */
  final String name;

  final MultiLayerNetwork network;

  /** Mean loss of each batch. */
  final List<Double> losses = new ArrayList<>();

  /** Test accuracy after each epoch. */
  final List<Double> accuracies = new ArrayList<>();

  private final boolean onePass;
  private final CollectScoresListener scores = new CollectScoresListener(1);
  private long fitNanos;
  private long updateNanos;

  /**
   * A network at its beginning.
   *
   * @param onePass whether to do the whole update of the parameters in one pass
   */
  Run(String name, MultiLayerConfiguration configuration, boolean onePass) {
    this.name = name;
    this.network = new MultiLayerNetwork(configuration);
    this.onePass = onePass;
    network.init();
    network.addListeners(scores);
    if (onePass) {
      OnePass.enable(network);
    } else {
      network.addListeners(new UpdateClock());
    }
  }

  /**
   * Takes the time from the gradients to the changed parameters. One pass would leave its update to
   * be read by a listener that it does not know, so it is trained without.
   */
  private final class UpdateClock extends BaseTrainingListener {
    private long start;

    @Override
    public void onGradientCalculation(Model model) {
      start = System.nanoTime();
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      updateNanos += System.nanoTime() - start;
    }
  }

  /**
   * Trains on some batches of an epoch.
   *
   * @param epochsAfter what the network's epoch count is to be after them
   */
  void fit(List<DataSet> batches, int epochsAfter) {
    long start = System.nanoTime();
    network.fit(new ExistingDataSetIterator(batches));
    fitNanos += System.nanoTime() - start;
    losses.addAll(scores.getListScore());
    scores.getListScore().clear();
    network.setEpochCount(epochsAfter); // DL4J takes every call for an epoch
  }

  /**
   * Adds the test accuracy to {@link #accuracies}.
   *
   * @throws ArithmeticException if the network predicts NaN
   */
  void test(Digits test) {
    try {
      accuracies.add(accuracy(network, test));
    } catch (IllegalStateException e) { // DL4J's answer to a NaN among the predictions
      throw new ArithmeticException(
          "training diverged in epoch "
              + network.getEpochCount()
              + ", a smaller --learning-rate may help: "
              + e.getMessage());
    }
  }

  static double accuracy(MultiLayerNetwork network, Digits test) {
    return network.evaluate(test.batches(TEST_BATCH)).accuracy();
  }

  /** The last one. */
  double accuracy() {
    return accuracies.get(accuracies.size() - 1);
  }

  /** Steps so far. */
  int steps() {
    return losses.size();
  }

  /** Spent in training, tests and making the batches not counted. */
  double seconds() {
    return fitNanos / NANOS_PER_SECOND;
  }

  double millisPerStep() {
    return fitNanos / NANOS_PER_MILLI / steps();
  }

  /**
   * Of that, from the gradients to the changed parameters: DL4J's division by the batch size, the
   * updater and the subtraction. Empty for one pass.
   */
  OptionalDouble updateMillisPerStep() {
    return onePass
        ? OptionalDouble.empty()
        : OptionalDouble.of(updateNanos / NANOS_PER_MILLI / steps());
  }

  /** Puts down everything that {@link #read} needs to go on to the same bits. */
  void write(DataOutputStream out) throws IOException {
    write(losses, out);
    write(accuracies, out);
    out.writeLong(fitNanos);
    out.writeLong(updateNanos);
    Checkpoint.write(network.params(), out);
    Checkpoint.write(network.updaterState(), out);
  }

  void read(DataInputStream in) throws IOException {
    read(losses, in);
    read(accuracies, in);
    fitNanos = in.readLong();
    updateNanos = in.readLong();
    Checkpoint.read(network.params(), in);
    Checkpoint.read(network.getUpdater().getStateViewArray(), in);
    network.setIterationCount(steps());
    network.setEpochCount(accuracies.size());
  }

  private static void write(List<Double> values, DataOutputStream out) throws IOException {
    out.writeInt(values.size());
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  private static void read(List<Double> values, DataInputStream in) throws IOException {
    values.clear();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      values.add(in.readDouble());
    }
  }
}
