package io.github.rmsprop4j.digits;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labelled grey-scale images of digits, 28 by 28, as MNIST stores them.
 *
 * @param pixels one row-major image each, bytes to be read as unsigned: 0 is paper, 255 is ink
 * @param labels the digit on each image, 0 to 9
 */
public record Digits(byte[][] pixels, int[] labels) {
  public static final int SIDE = 28;
  public static final int CLASSES = 10;

  public int count() {
    return labels.length;
  }

  /** The first images, or all of them if there are not so many. */
  public Digits first(int count) {
    int n = Math.min(count, count());
    return new Digits(Arrays.copyOf(pixels, n), Arrays.copyOf(labels, n));
  }

  /**
   * Batches of features in [0, 1] and one-hot labels, in the stored order; the last may be short.
   */
  public DataSetIterator batches(int batchSize) {
    return batches(batchSize, IntStream.range(0, count()).toArray());
  }

  /** The same in an order that depends on the seed and on nothing else. */
  public DataSetIterator shuffled(int batchSize, long seed) {
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
    Iterable<DataSet> batches =
        () ->
            IntStream.iterate(0, from -> from < order.length, from -> from + batchSize)
                .mapToObj(
                    from ->
                        Arrays.copyOfRange(order, from, Math.min(from + batchSize, order.length)))
                .map(this::batch)
                .iterator();
    return new ExistingDataSetIterator(batches);
  }

  private DataSet batch(int[] indices) {
    float[] features = new float[indices.length * SIDE * SIDE];
    float[] oneHot = new float[indices.length * CLASSES];
    int next = 0;
    for (int i = 0; i < indices.length; i++) {
      for (byte pixel : pixels[indices[i]]) {
        features[next++] = (pixel & 0xff) / 255f;
      }
      oneHot[i * CLASSES + labels[indices[i]]] = 1;
    }
    return new DataSet(
        Nd4j.create(features, indices.length, SIDE * SIDE),
        Nd4j.create(oneHot, indices.length, CLASSES));
  }
}
