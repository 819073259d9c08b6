package io.github.rmsprop4j.benchmarks.training;

import java.util.Random;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Ten random numbers each; the label of an example is the place of its largest number. */
final class VectorBatches implements Supplier<DataSet> {
  private static final int NUMBERS = 10;
  private static final int LAYERS = 100;

  private final int batchSize;
  private final Random random;

  VectorBatches(int batchSize, long seed) {
    this.batchSize = batchSize;
    random = new Random(seed);
  }

  /** Many small layers, where most of an update is not arithmetic. */
  static MultiLayerConfiguration configuration(IUpdater updater, long seed) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER)
            .activation(Activation.TANH)
            .updater(updater)
            .list();
    for (int i = 0; i < LAYERS; i++) {
      layers.layer(new DenseLayer.Builder().nIn(NUMBERS).nOut(NUMBERS).build());
    }
    return layers
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(NUMBERS)
                .nOut(NUMBERS)
                .activation(Activation.SOFTMAX)
                .build())
        .build();
  }

  @Override
  public DataSet get() {
    float[][] numbers = new float[batchSize][NUMBERS];
    float[][] labels = new float[batchSize][NUMBERS];
    for (int i = 0; i < batchSize; i++) {
      int largest = 0;
      for (int j = 0; j < NUMBERS; j++) {
        numbers[i][j] = (float) random.nextGaussian();
        largest = numbers[i][j] > numbers[i][largest] ? j : largest;
      }
      labels[i][largest] = 1;
    }
    return new DataSet(Nd4j.create(numbers), Nd4j.create(labels));
  }
}
