package io.github.rmsprop4j.harness.networks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Sequences in the layout [example, channel, step], some of them of unequal lengths. */
final class SequenceData {
  private static final long SEED = 1997;

  private static final String TEXT =
      "the river was low that summer and the boys walked across it on the stones. on the other "
          + "side there was a garden with a wall, and behind the wall there was a dog that never "
          + "barked. they sat on the wall and threw pears to the dog. the dog looked at the pears "
          + "and at the boys, and then it went back to the shade. in the evening they walked home "
          + "across the stones, and the dog walked with them as far as the water. the river rose "
          + "in the autumn, and the stones were gone until the spring. ";

  private SequenceData() {}

  /**
   * Ends each example of a task at a step of its own, from half of the steps on, and masks the
   * rest.
   */
  static List<MultiDataSet> ofUnequalLength(DataType type, List<MultiDataSet> task) {
    Random random = new Random(SEED);
    List<MultiDataSet> masked = new ArrayList<>();
    for (MultiDataSet batch : task) {
      int examples = (int) batch.getFeatures(0).size(0);
      int steps = (int) batch.getFeatures(0).size(2);
      INDArray mask = mask(type, examples, steps, random);
      masked.add(
          new org.nd4j.linalg.dataset.MultiDataSet(
              batch.getFeatures(), batch.getLabels(), new INDArray[] {mask}, null));
    }
    return masked;
  }

  private static INDArray mask(DataType type, int examples, int steps, Random random) {
    double[][] mask = new double[examples][steps];
    for (double[] row : mask) {
      int length = steps / 2 + random.nextInt(steps - steps / 2 + 1);
      Arrays.fill(row, 0, length, 1);
    }
    return MadeUpData.array(type, mask, steps);
  }

  /**
   * Noise of unequal lengths, in which each step is to be marked that is larger than both of its
   * neighbours: one must look back and ahead. Labels are masked as features are.
   */
  static List<MultiDataSet> peaks(DataType type, int batches, int size, int steps) {
    Random random = new Random(SEED);
    List<MultiDataSet> all = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      double[][] noise = new double[size][steps];
      double[][] marks = new double[size][2 * steps];
      for (int k = 0; k < size; k++) {
        for (int t = 0; t < steps; t++) {
          noise[k][t] = random.nextGaussian();
        }
        for (int t = 0; t < steps; t++) {
          boolean peak =
              (t == 0 || noise[k][t] > noise[k][t - 1])
                  && (t == steps - 1 || noise[k][t] > noise[k][t + 1]);
          marks[k][(peak ? steps : 0) + t] = 1;
        }
      }
      INDArray mask = mask(type, size, steps, random);
      all.add(
          new org.nd4j.linalg.dataset.MultiDataSet(
              MadeUpData.array(type, noise, 1, steps),
              MadeUpData.array(type, marks, 2, steps),
              mask,
              mask.dup()));
    }
    return all;
  }

  /** {@return how many characters {@link #text} knows} */
  static int characters() {
    return (int) TEXT.chars().distinct().count();
  }

  /** Windows of a text, one-hot, each to be continued with the next character at every step. */
  static List<MultiDataSet> text(DataType type, int batches, int size, int steps) {
    int[] alphabet = TEXT.chars().distinct().sorted().toArray();
    Random random = new Random(SEED);
    List<MultiDataSet> all = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      double[][] given = new double[size][alphabet.length * steps];
      double[][] next = new double[size][alphabet.length * steps];
      for (int k = 0; k < size; k++) {
        int start = random.nextInt(TEXT.length() - steps);
        for (int t = 0; t < steps; t++) {
          given[k][index(alphabet, start + t) * steps + t] = 1;
          next[k][index(alphabet, start + t + 1) * steps + t] = 1;
        }
      }
      all.add(
          MadeUpData.batch(
              MadeUpData.array(type, given, alphabet.length, steps),
              MadeUpData.array(type, next, alphabet.length, steps)));
    }
    return all;
  }

  private static int index(int[] alphabet, int at) {
    return Arrays.binarySearch(alphabet, TEXT.charAt(at));
  }
}
