package io.github.rmsprop4j.benchmarks.training;

import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/** A network that is trained with one of the updaters, and a clock. */
final class Entrant {
  final TrainingContender name;
  final MultiLayerNetwork network;
  private final TimedUpdater<?> updater;

  /**
   * Makes the network; equal arguments give equal weights.
   *
   * @param name of the updater
   * @param threads at most how many share a large step, as far as this project splits it
   * @throws IllegalStateException if this JVM cannot have the updater's kernel, with the reason
   */
  Entrant(TrainingContender name, Task task, double learningRate, int threads, long seed) {
    this.name = name;
    network = new MultiLayerNetwork(task.configuration(name.config(learningRate), seed));
    network.init();
    name.install(network, threads);
    updater = name == TrainingContender.ONE_PASS ? null : TimedUpdater.on(network);
  }

  /** What some mini-batches took; the time in the updater is NaN where it cannot be told. */
  record Lap(int iterations, long nanos, double updaterNanos) {
    double iterationsPerSecond() {
      return 1e9 * iterations / nanos;
    }
  }

  /**
   * Trains on.
   *
   * @throws ArithmeticException if the loss is not finite any more
   */
  Lap train(List<DataSet> batches) {
    int iterations = network.getIterationCount();
    double inUpdater = updaterNanos();
    long start = System.nanoTime();
    batches.forEach(network::fit);
    long nanos = System.nanoTime() - start;
    if (!Double.isFinite(network.score())) {
      throw new ArithmeticException(
          name
              + ": the loss is "
              + network.score()
              + " after iteration "
              + network.getIterationCount()
              + ", a smaller --learning-rate may help");
    }
    return new Lap(network.getIterationCount() - iterations, nanos, updaterNanos() - inUpdater);
  }

  /** One pass has no time of its own: it changes the parameters too. */
  private double updaterNanos() {
    return updater == null ? Double.NaN : updater.nanos();
  }
}
