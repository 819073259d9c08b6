package io.github.rmsprop4j.dl4j;

import io.github.rmsprop4j.Bits;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The parameters and the updater state of a network after every iteration of a training. */
final class History {
  private final List<Snapshot> snapshots = new ArrayList<>();

  private record Snapshot(String when, INDArray parameters, INDArray state) {
    static Snapshot of(String when, NeuralNetwork network) {
      return new Snapshot(when, network.params().dup(), network.updaterState().dup());
    }
  }

  /**
   * Trains a network and records it. The listeners that it has are replaced.
   *
   * @param network trained on from where it stands
   * @param batches the mini-batches of an epoch
   * @param epochs how many epochs
   */
  static History of(NeuralNetwork network, List<MultiDataSet> batches, int epochs) {
    History history = new History();
    Nd4j.getRandom().setSeed(Networks.SEED); // for dropout
    history.snapshots.add(Snapshot.of("at the start", network));
    ((Model) network).setListeners(history.new Recorder());
    for (int epoch = 0; epoch < epochs; epoch++) {
      batches.forEach(network::fit);
      endEpoch(network);
    }
    ((Model) network).setListeners(List.of());
    // Constraints are applied after the listeners were called.
    history.snapshots.add(Snapshot.of("at the end", network));
    return history;
  }

  /** As {@code fit} does at the end of an iterator. */
  private static void endEpoch(NeuralNetwork network) {
    if (network instanceof ComputationGraph graph) {
      graph.incrementEpochCount();
    } else {
      ((MultiLayerNetwork) network).incrementEpochCount();
    }
  }

  private final class Recorder extends BaseTrainingListener {
    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      String when = "after iteration " + iteration + " (epoch " + epoch + ")";
      snapshots.add(Snapshot.of(when, (NeuralNetwork) model));
    }
  }

  int iterations() {
    return snapshots.size() - 2;
  }

  /** Throws with the first difference, unless both trainings went through the same bits. */
  static void assertSame(History expected, History actual) {
    if (expected.iterations() != actual.iterations()) {
      throw new AssertionError(
          actual.iterations() + " iterations, expected " + expected.iterations());
    }
    for (int i = 0; i < expected.snapshots.size(); i++) {
      Snapshot e = expected.snapshots.get(i);
      Snapshot a = actual.snapshots.get(i);
      if (!a.when.equals(e.when)) { // schedules depend on it
        throw new AssertionError(a.when + ", expected " + e.when);
      }
      Bits.assertSame(e.parameters, a.parameters, a.when + ", parameters");
      Bits.assertSame(e.state, a.state, a.when + ", updater state");
    }
  }

  /** Throws unless the parameters and the state moved at every iteration and stayed finite. */
  void assertTrained() {
    for (int i = 1; i < snapshots.size() - 1; i++) {
      Snapshot before = snapshots.get(i - 1);
      Snapshot after = snapshots.get(i);
      assertMovedFinite(after.when + ", parameters", before.parameters, after.parameters);
      assertMovedFinite(after.when + ", updater state", before.state, after.state);
    }
  }

  private static void assertMovedFinite(String what, INDArray before, INDArray after) {
    double distance = distance(before, after);
    if (!(distance > 0 && distance < Double.POSITIVE_INFINITY)) {
      throw new AssertionError(what + " moved by " + distance);
    }
  }

  /** {@return the largest difference of two elements; NaN if there is a NaN} */
  static double distance(INDArray a, INDArray b) {
    double largest = 0;
    double[] x = a.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    double[] y = b.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i] - y[i]));
    }
    return largest;
  }
}
