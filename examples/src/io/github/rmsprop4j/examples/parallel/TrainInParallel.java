package io.github.rmsprop4j.examples.parallel;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.dl4j.ParallelTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Several threads by Deeplearning4j's ParallelWrapper, several times in a row, in both of its
 * modes. ParallelTraining keeps the updater state between them, and what would hang does not.
 */
public final class TrainInParallel {
  private static final int INPUTS = 10;
  private static final int CLASSES = 2;
  private static final int WORKERS = 2;
  private static final int EPOCHS = 5;

  private TrainInParallel() {}

  /**
   * Shows it.
   *
   * @param args none, or --help
   * @throws Exception if a worker fails
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      System.out.println("Trains a network on several threads. There are no options.");
      return;
    }
    ListDataSetIterator<DataSet> data = new ListDataSetIterator<>(examples(), 16);

    MultiLayerNetwork averaged = network(new RmsProp(0.003));
    try (ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(averaged)
            .workers(WORKERS)
            .prefetchBuffer(0)
            .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
            .averagingFrequency(3)
            .averageUpdaters(true)
            .build()) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        ParallelTraining.run(averaged, () -> wrapper.fit(data));
        report("averaging", epoch, averaged, data);
      }
    }

    // What is shared are updates, which are about as large as the learning rate: the threshold has
    // to be below it, or nothing is ever sent.
    MultiLayerNetwork shared = network(new RmsProp(0.003));
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      try (ParallelWrapper wrapper =
          new ParallelWrapper.Builder<>(shared)
              .workers(WORKERS)
              .prefetchBuffer(0)
              .trainingMode(ParallelWrapper.TrainingMode.SHARED_GRADIENTS)
              .thresholdAlgorithm(new FixedThresholdAlgorithm(3e-4))
              .build()) {
        ParallelTraining.run(shared, () -> wrapper.fit(data));
      }
      report("shared gradients", epoch, shared, data);
    }
  }

  private static void report(
      String mode, int epoch, MultiLayerNetwork network, ListDataSetIterator<DataSet> data) {
    System.out.printf(
        "%s, epoch %d: accuracy %.3f, mean of v %.2e%n",
        mode,
        epoch + 1,
        network.evaluate(data).accuracy(),
        network.updaterState().meanNumber().doubleValue());
  }

  private static MultiLayerNetwork network(RmsProp updater) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(updater)
                .list()
                .layer(
                    new DenseLayer.Builder()
                        .nIn(INPUTS)
                        .nOut(20)
                        .activation(Activation.TANH)
                        .build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(20)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
    network.init();
    return network;
  }

  /** Whether more than half of the inputs are positive. */
  private static List<DataSet> examples() {
    Random random = new Random(1);
    List<DataSet> examples = new ArrayList<>();
    for (int i = 0; i < 960; i++) {
      INDArray features = Nd4j.zeros(DataType.FLOAT, 1, INPUTS);
      int positive = 0;
      for (int input = 0; input < INPUTS; input++) {
        double value = random.nextGaussian();
        features.putScalar(0, input, value);
        positive += value > 0 ? 1 : 0;
      }
      INDArray labels = Nd4j.zeros(DataType.FLOAT, 1, CLASSES);
      labels.putScalar(0, 2 * positive > INPUTS ? 1 : 0, 1);
      examples.add(new DataSet(features, labels));
    }
    return examples;
  }
}
