package io.github.rmsprop4j.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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

  /**
   * Measures how much faster a network trains with this project's updater than with the built-in
   * one, and with one pass, in turn in this JVM after a warm-up. With settings that the built-in
   * updater does not have, this project's comes first.
   *
   * @param network that was initialised; only read, copies of it are trained
   * @param data mini-batches; it is reset, read, and reset again; all are kept in memory
   * @param iterations mini-batches to time for each updater, &gt;= 1; 100 make a good measurement
   * @throws IllegalArgumentException if an argument is not so, or no updater is an RMSprop
   */
  public static Speed speed(MultiLayerNetwork network, DataSetIterator data, int iterations) {
    return speed(Subject.of(network), batches(data, iterations), iterations, () -> {});
  }

  /** The same for a {@code ComputationGraph}. */
  public static Speed speed(ComputationGraph network, DataSetIterator data, int iterations) {
    return speed(Subject.of(network), batches(data, iterations), iterations, () -> {});
  }

  /** The same for a {@code ComputationGraph} of several inputs or outputs. */
  public static Speed speed(ComputationGraph network, MultiDataSetIterator data, int iterations) {
    return speed(Subject.of(network), batches(data, iterations), iterations, () -> {});
  }

  /**
   * Measures it on what the harness has read.
   *
   * @param progress called {@link Speed#steps} times
   */
  public static Speed speed(
      Subject subject, List<MultiDataSet> batches, int iterations, Runnable progress) {
    return keepingRandom(() -> Speed.measure(subject, batches, iterations, progress));
  }

  private static Comparison compare(
      String name, Subject subject, List<MultiDataSet> batches, int iterations) {
    return keepingRandom(
        () -> {
          Race race = new Race(subject, Contender.of(subject));
          race.run(batches, iterations, () -> {});
          return race.result(name, false);
        });
  }

  private static <T> T keepingRandom(Supplier<T> work) {
    Random random = Nd4j.getRandom();
    long root = random.rootState();
    long node = random.nodeState();
    try {
      return work.get();
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
