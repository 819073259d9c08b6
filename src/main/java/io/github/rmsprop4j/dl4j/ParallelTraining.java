package io.github.rmsprop4j.dl4j;

import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;

/**
 * Training on several threads by Deeplearning4j's {@code ParallelWrapper}, without what it does to
 * a network afterwards, with any updater (1.0.0-M2.1):
 *
 * <ul>
 *   <li>a {@code MultiLayerNetwork} loses its updater state at the end of every {@code fit}, since
 *       the worker that trains on the network itself ends with {@code clear()}: the next {@code
 *       fit} starts with the state of a new network;
 *   <li>with shared gradients the second {@code fit} on a {@code MultiLayerNetwork} hangs: one
 *       worker asks for the updater that is gone, and waits for a lock of one that waits for it;
 *   <li>after shared gradients a {@code ComputationGraph} hangs when it is trained by itself: its
 *       gradient accumulator still waits for the other workers.
 * </ul>
 *
 * <pre>{@code
 * ParallelTraining.run(network, () -> wrapper.fit(data));
 * }</pre>
 *
 * <p>One run may call {@code fit} once; {@code EarlyStoppingParallelTrainer}, which calls it for
 * every epoch, cannot be helped from outside.
 */
public final class ParallelTraining {
  private ParallelTraining() {}

  /**
   * Trains a network; afterwards, also if that failed, it has its updater and no gradient
   * accumulator.
   *
   * @param network of the wrapper; with Deeplearning4j's own updater, so without {@code OnePass}
   * @param training one {@code fit} of the wrapper
   * @throws IllegalArgumentException if the network has another updater; nothing was trained
   */
  public static void run(MultiLayerNetwork network, Runnable training) {
    Updater updater = network.getUpdater();
    checkOwn(updater, MultiLayerUpdater.class, new Network.Layers(network));
    try {
      training.run();
    } finally {
      network.setUpdater(updater);
      network.setGradientsAccumulator(null);
    }
  }

  /**
   * The same for a graph.
   *
   * @param graph of the wrapper; with Deeplearning4j's own updater, so without {@code OnePass}
   * @param training one {@code fit} of the wrapper
   * @throws IllegalArgumentException if the graph has another updater; nothing was trained
   */
  public static void run(ComputationGraph graph, Runnable training) {
    ComputationGraphUpdater updater = graph.getUpdater();
    checkOwn(updater, ComputationGraphUpdater.class, new Network.Graph(graph));
    try {
      training.run();
    } finally {
      graph.setUpdater(updater);
      graph.setGradientsAccumulator(null);
    }
  }

  /** Another one works with an accumulator, which the wrapper takes away. */
  private static void checkOwn(Object updater, Class<?> own, Network network) {
    boolean onePass = OnePass.isOn(network); // before the first iteration by its accumulator only
    if (updater.getClass() != own || onePass) {
      throw new IllegalArgumentException(
          "the network must have the updater "
              + own.getSimpleName()
              + " of Deeplearning4j, without OnePass, got "
              + (onePass ? "OnePass" : updater.getClass().getName()));
    }
  }
}
