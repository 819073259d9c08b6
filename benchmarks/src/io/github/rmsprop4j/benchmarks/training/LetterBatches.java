package io.github.rmsprop4j.benchmarks.training;

import java.util.Random;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Text of words that are drawn at random, letter by letter; the label of a letter is the next one.
 * A mini-batch is two iterations, since what is unrolled in time is half as long as the text.
 */
final class LetterBatches implements Supplier<DataSet> {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz .";
  private static final String[] WORDS = {
    "the", "slope", "of", "a", "hill", "tells", "which", "way", "water", "runs", "and", "how",
    "fast", "steep", "paths", "want", "short", "steps", "while", "level", "ground", "takes", "long",
    "ones", "so", "every", "walker", "keeps", "an", "average", "recent", "climbs"
  };

  /** One word in so many ends a sentence. */
  private static final int SENTENCE = 8;

  private static final int UNITS = 200;
  private static final int UNROLLED = 50;
  private static final int LENGTH = 2 * UNROLLED;

  private final int batchSize;
  private final Random random;

  LetterBatches(int batchSize, long seed) {
    this.batchSize = batchSize;
    random = new Random(seed);
  }

  /** Two LSTMs and a guess at the next letter. */
  static MultiLayerConfiguration configuration(IUpdater updater, long seed) {
    return new NeuralNetConfiguration.Builder()
        .seed(seed)
        .weightInit(WeightInit.XAVIER)
        .updater(updater)
        .list()
        .layer(lstm(LETTERS.length()))
        .layer(lstm(UNITS))
        .layer(
            new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(UNITS)
                .nOut(LETTERS.length())
                .activation(Activation.SOFTMAX)
                .build())
        .backpropType(BackpropType.TruncatedBPTT)
        .tBPTTForwardLength(UNROLLED)
        .tBPTTBackwardLength(UNROLLED)
        .build();
  }

  private static LSTM lstm(int inputs) {
    return new LSTM.Builder().nIn(inputs).nOut(UNITS).activation(Activation.TANH).build();
  }

  @Override
  public DataSet get() {
    float[][][] letters = new float[batchSize][LETTERS.length()][LENGTH];
    float[][][] next = new float[batchSize][LETTERS.length()][LENGTH];
    for (int i = 0; i < batchSize; i++) {
      String text = text();
      for (int t = 0; t < LENGTH; t++) {
        letters[i][LETTERS.indexOf(text.charAt(t))][t] = 1;
        next[i][LETTERS.indexOf(text.charAt(t + 1))][t] = 1;
      }
    }
    return new DataSet(Nd4j.create(letters), Nd4j.create(next));
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    while (text.length() <= LENGTH) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
      text.append(random.nextInt(SENTENCE) == 0 ? ". " : " ");
    }
    return text.toString();
  }
}
