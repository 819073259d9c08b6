package io.github.rmsprop4j.benchmarks.training;

import java.util.Random;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Sentences as numbers of words, each word as often as any other. Most words of a sentence come
 * from the half of the vocabulary that its label names.
 */
final class WordBatches implements Supplier<DataSet> {
  private static final int VOCABULARY = 100_000;
  private static final int DIMENSIONS = 64;
  private static final int SENTENCE = 20;

  /** One word in so many comes from the other half. */
  private static final int STRAY = 4;

  private final int batchSize;
  private final Random random;

  WordBatches(int batchSize, long seed) {
    this.batchSize = batchSize;
    random = new Random(seed);
  }

  /** An average of word vectors and a guess at the label. */
  static MultiLayerConfiguration configuration(IUpdater updater, long seed) {
    return new NeuralNetConfiguration.Builder()
        .seed(seed)
        .weightInit(WeightInit.XAVIER)
        .updater(updater)
        .list()
        .layer(
            new EmbeddingSequenceLayer.Builder()
                .nIn(VOCABULARY)
                .nOut(DIMENSIONS)
                .inputLength(SENTENCE)
                .build())
        .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(DIMENSIONS)
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build())
        .build();
  }

  @Override
  public DataSet get() {
    float[][] words = new float[batchSize][SENTENCE];
    float[][] labels = new float[batchSize][2];
    for (int i = 0; i < batchSize; i++) {
      int label = random.nextInt(2);
      labels[i][label] = 1;
      for (int j = 0; j < SENTENCE; j++) {
        int half = random.nextInt(STRAY) == 0 ? 1 - label : label;
        words[i][j] = random.nextInt(VOCABULARY / 2) + half * (VOCABULARY / 2);
      }
    }
    return new DataSet(Nd4j.create(words), Nd4j.create(labels));
  }
}
