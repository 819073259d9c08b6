package io.github.rmsprop4j.examples.mnist;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.FloatsDataSetIterator;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Labelled grey-scale images of digits, 28 by 28, as MNIST stores them.
 *
 * @param pixels one row-major image each, bytes to be read as unsigned: 0 is paper, 255 is ink
 * @param labels the digit on each image, 0 to 9
 */
record Digits(byte[][] pixels, int[] labels) {
  static final int SIDE = 28;
  static final int CLASSES = 10;

  int count() {
    return labels.length;
  }

  /** The first images, or all of them if there are not so many. */
  Digits first(int count) {
    int n = Math.min(count, count());
    return new Digits(Arrays.copyOf(pixels, n), Arrays.copyOf(labels, n));
  }

  /**
   * Batches of features in [0, 1] and one-hot labels, in the stored order; the last may be short.
   */
  DataSetIterator batches(int batchSize) {
    return batches(batchSize, IntStream.range(0, count()).toArray());
  }

  /** The same in an order that depends on the seed and on nothing else. */
  DataSetIterator shuffled(int batchSize, long seed) {
    int[] order = IntStream.range(0, count()).toArray();
    Random random = new Random(seed);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return batches(batchSize, order);
  }

  private DataSetIterator batches(int batchSize, int[] order) {
    Iterable<Pair<float[], float[]>> examples =
        () ->
            Arrays.stream(order).mapToObj(i -> Pair.of(features(i), oneHot(labels[i]))).iterator();
    return new FloatsDataSetIterator(examples, batchSize);
  }

  private float[] features(int index) {
    byte[] image = pixels[index];
    float[] features = new float[image.length];
    for (int i = 0; i < image.length; i++) {
      features[i] = (image[i] & 0xff) / 255f;
    }
    return features;
  }

  private static float[] oneHot(int label) {
    float[] row = new float[CLASSES];
    row[label] = 1;
    return row;
  }
}
