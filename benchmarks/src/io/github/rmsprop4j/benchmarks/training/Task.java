package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.digits.Digits;
import io.github.rmsprop4j.examples.mnist.Model;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/** What is trained: a network and mini-batches for it. */
enum Task {
  /**
   * 784-1000-10 on MNIST, from iteration 1,500 on. From about 1,350 on the mean squares of the
   * border pixels' weights, which never see a gradient, are subnormal, which slows the built-in
   * RMSprop down; so it goes on for the rest of a training.
   */
  MNIST_MLP(Model.MLP::configuration, ImageBatches::new, 64, 20, 75),

  /** The same network in its first epoch. */
  MNIST_MLP_START(Model.MLP::configuration, ImageBatches::new, 64, 20, 10),

  /** LeNet on MNIST. */
  LENET(Model.LENET::configuration, ImageBatches::new, 64, 5, 4),

  /** Two LSTMs of 200 units that read text letter by letter. */
  CHARACTER_LSTM(
      LetterBatches::configuration,
      (images, size, seed) -> new LetterBatches(size, seed),
      16,
      1,
      5),

  /** 100,000 words of 64 numbers each, averaged over a sentence; every step moves all of them. */
  EMBEDDING(
      WordBatches::configuration, (images, size, seed) -> new WordBatches(size, seed), 64, 5, 4),

  /** A hundred dense layers of 10 x 10. */
  MANY_LAYERS(
      VectorBatches::configuration,
      (images, size, seed) -> new VectorBatches(size, seed),
      64,
      20,
      10);

  private interface Network {
    MultiLayerConfiguration configuration(IUpdater updater, long seed);
  }

  private interface Data {
    Supplier<DataSet> batches(Digits images, int batchSize, long seed);
  }

  private final Network network;
  private final Data data;

  /** Examples in a mini-batch, unless another number is asked for. */
  final int batchSize;

  /** Mini-batches between two looks at the clock. */
  final int lap;

  /** Laps before the clock counts. */
  final int warmUp;

  Task(Network network, Data data, int batchSize, int lap, int warmUp) {
    this.network = network;
    this.data = data;
    this.batchSize = batchSize;
    this.lap = lap;
    this.warmUp = warmUp;
  }

  /** Whether the network is 784-1000-10. */
  boolean isMlp() {
    return this == MNIST_MLP || this == MNIST_MLP_START;
  }

  /** Whether it needs images. */
  boolean readsImages() {
    return isMlp() || this == LENET;
  }

  /** The network; its weights depend on the seed alone. */
  MultiLayerConfiguration configuration(IUpdater updater, long seed) {
    return network.configuration(updater, seed);
  }

  /**
   * Mini-batches without end, all of the same size.
   *
   * @param images for those tasks that need them
   * @param batchSize examples in each, &gt;= 1
   * @param seed what their order, or made-up data, depends on
   */
  Supplier<DataSet> batches(Digits images, int batchSize, long seed) {
    return data.batches(images, batchSize, seed);
  }
}
