package io.github.rmsprop4j.benchmarks.training;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A network that is trained with one of the updaters, and a clock. */
final class Entrant {
  final TrainingContender name;

  /** A {@code MultiLayerNetwork} or a {@code ComputationGraph}. */
  final Model network;

  private final TimedUpdater<?> updater;

  /**
   * Makes the network; equal arguments give equal weights.
   *
   * @param name of the updater
   * @param variant what is different about the task's network
   * @param threads at most how many share a large step, as far as this project splits it
   * @throws IllegalStateException if this JVM cannot have the updater's kernel, with the reason
   */
  Entrant(
      TrainingContender name,
      Task task,
      double learningRate,
      Variant variant,
      int threads,
      long seed) {
    this.name = name;
    MultiLayerNetwork layers =
        new MultiLayerNetwork(variant.of(task.configuration(name.config(learningRate), seed)));
    layers.init();
    network = variant.graph() ? graph(layers) : layers;
    BaseMultiLayerUpdater<?> blocks = blocks(network);
    name.install(network, blocks, threads);
    updater = name == TrainingContender.ONE_PASS ? null : TimedUpdater.on(blocks);
  }

  /** How far it is unrolled in time is not taken along (1.0.0-M2.1). */
  private static ComputationGraph graph(MultiLayerNetwork layers) {
    MultiLayerConfiguration from = layers.getLayerWiseConfigurations();
    ComputationGraph graph = layers.toComputationGraph();
    graph.getConfiguration().setBackpropType(from.getBackpropType());
    graph.getConfiguration().setTbpttFwdLength(from.getTbpttFwdLength());
    graph.getConfiguration().setTbpttBackLength(from.getTbpttBackLength());
    return graph;
  }

  private static BaseMultiLayerUpdater<?> blocks(Model network) {
    return network instanceof ComputationGraph graph
        ? graph.getUpdater()
        : (BaseMultiLayerUpdater<?>) ((MultiLayerNetwork) network).getUpdater();
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
    int iterations = iterations();
    double inUpdater = updaterNanos();
    long start = System.nanoTime();
    batches.forEach(((NeuralNetwork) network)::fit);
    long nanos = System.nanoTime() - start;
    if (!Double.isFinite(network.score())) {
      throw new ArithmeticException(
          name
              + ": the loss is "
              + network.score()
              + " after iteration "
              + iterations()
              + ", a smaller --learning-rate may help");
    }
    return new Lap(iterations() - iterations, nanos, updaterNanos() - inUpdater);
  }

  double accuracy(DataSetIterator test) {
    Evaluation[] known = ((NeuralNetwork) network).doEvaluation(test, new Evaluation());
    return known[0].accuracy();
  }

  INDArray updaterState() {
    return blocks(network).getStateViewArray();
  }

  private int iterations() {
    return network instanceof ComputationGraph graph
        ? graph.getIterationCount()
        : ((MultiLayerNetwork) network).getIterationCount();
  }

  /** One pass has no time of its own: it changes the parameters too. */
  private double updaterNanos() {
    return updater == null ? Double.NaN : updater.nanos();
  }
}
