package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.digits.Digits;
import java.util.function.Supplier;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Images, epoch after epoch, each in another order and without the short batch at its end. */
final class ImageBatches implements Supplier<DataSet> {
  private final Digits images;
  private final int batchSize;
  private final int batches;
  private long seed;
  private int next;
  private DataSetIterator epoch;

  /**
   * Sets up.
   *
   * @param images at least as many as a mini-batch has
   * @param batchSize of a mini-batch, &gt;= 1
   * @param seed of the order
   */
  ImageBatches(Digits images, int batchSize, long seed) {
    if (images.count() < batchSize) {
      throw new IllegalArgumentException(
          "the images must be at least " + batchSize + ", got " + images.count());
    }
    this.batchSize = batchSize;
    this.images = images;
    this.seed = seed;
    batches = images.count() / batchSize;
    next = batches;
  }

  @Override
  public DataSet get() {
    if (next == batches) {
      epoch = images.shuffled(batchSize, ++seed);
      next = 0;
    }
    next++;
    return epoch.next();
  }
}
