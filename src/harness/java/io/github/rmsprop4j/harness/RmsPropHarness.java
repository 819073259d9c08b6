package io.github.rmsprop4j.harness;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Proof on a network of one's own: trains copies of it with this project's RMSprop in every kernel,
 * with DL4J's built-in one and with the formula in double, and compares them bit for bit after
 * every iteration.
 *
 * <pre>{@code
 * Comparison comparison = RmsPropHarness.compare(network, data, 100);
 * System.out.println(comparison);
 * comparison.assertAgrees();
 * }</pre>
 *
 * <p>The network is only read: neither its parameters nor its updater state, counters, listeners or
 * random numbers change. The copies go on from where it stands. Of its updaters only those are
 * replaced that are an RMSprop, the built-in one or this project's; there must be one at least.
 */
public final class RmsPropHarness {
  private RmsPropHarness() {}

  /**
   * Compares on a {@code MultiLayerNetwork}.
   *
   * @param network that was initialised
   * @param data mini-batches; it is reset, read, and reset again
   * @param iterations how many mini-batches to train on, &gt;= 1; further epochs if there are fewer
   * @return the trainings, the first of which the others are compared with
   * @throws IllegalArgumentException if an argument is not so, or no updater is an RMSprop
   */
  public static Comparison compare(
      MultiLayerNetwork network, DataSetIterator data, int iterations) {
    return compare("network", Subject.of(network), batches(data, iterations), iterations);
  }

  /**
   * Compares on a {@code ComputationGraph}.
   *
   * @param network that was initialised
   * @param data mini-batches; it is reset, read, and reset again
   * @param iterations how many mini-batches to train on, &gt;= 1; further epochs if there are fewer
   * @return the trainings, the first of which the others are compared with
   * @throws IllegalArgumentException if an argument is not so, or no updater is an RMSprop
   */
  public static Comparison compare(ComputationGraph network, DataSetIterator data, int iterations) {
    return compare("network", Subject.of(network), batches(data, iterations), iterations);
  }

  /**
   * Compares on a {@code ComputationGraph} of several inputs or outputs.
   *
   * @param network that was initialised
   * @param data mini-batches; it is reset, read, and reset again
   * @param iterations how many mini-batches to train on, &gt;= 1; further epochs if there are fewer
   * @return the trainings, the first of which the others are compared with
   * @throws IllegalArgumentException if an argument is not so, or no updater is an RMSprop
   */
  public static Comparison compare(
      ComputationGraph network, MultiDataSetIterator data, int iterations) {
    return compare("network", Subject.of(network), batches(data, iterations), iterations);
  }

  /**
   * Compares on a SameDiff model; its copies start without updater state.
   *
   * @param model with a training configuration
   * @param data mini-batches; it is reset, read, and reset again
   * @param iterations how many mini-batches to train on, &gt;= 1; further epochs if there are fewer
   * @return the trainings, the first of which the others are compared with
   * @throws IllegalArgumentException if an argument is not so, or no updater is an RMSprop
   */
  public static Comparison compare(SameDiff model, MultiDataSetIterator data, int iterations) {
    return compare("model", Subject.of(model), batches(data, iterations), iterations);
  }

  private static Comparison compare(
      String name, Subject subject, List<MultiDataSet> batches, int iterations) {
    Random random = Nd4j.getRandom();
    long root = random.rootState();
    long node = random.nodeState();
    try {
      Race race = new Race(subject, Contender.of(subject));
      race.run(batches, iterations, () -> {});
      return race.result(name, false);
    } finally {
      random.setStates(root, node);
    }
  }

  private static List<MultiDataSet> batches(DataSetIterator data, int iterations) {
    check(data, iterations);
    List<MultiDataSet> batches = new ArrayList<>();
    data.reset();
    while (data.hasNext() && batches.size() < iterations) {
      DataSet batch = data.next();
      batches.add(batch.toMultiDataSet());
    }
    data.reset();
    return checkBatches(batches);
  }

  private static List<MultiDataSet> batches(MultiDataSetIterator data, int iterations) {
    check(data, iterations);
    List<MultiDataSet> batches = new ArrayList<>();
    data.reset();
    while (data.hasNext() && batches.size() < iterations) {
      batches.add(data.next());
    }
    data.reset();
    return checkBatches(batches);
  }

  private static void check(Object data, int iterations) {
    if (data == null) {
      throw new IllegalArgumentException("data must not be null");
    }
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations must be >= 1, got " + iterations);
    }
  }

  private static List<MultiDataSet> checkBatches(List<MultiDataSet> batches) {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("data must have at least one mini-batch, got none");
    }
    return batches;
  }
}
