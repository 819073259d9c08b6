package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.harness.ForwardingUpdater;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Passes everything on to the updater that does the work and adds up the time that its steps take.
 *
 * <p>It sits in a live network only: the network's configuration, and so a saved model, does not
 * know it.
 */
final class TimedUpdater<T extends IUpdater> extends ForwardingUpdater<T> {
  private long nanos;

  private TimedUpdater(GradientUpdater<T> updater) {
    super(updater);
  }

  /**
   * Puts the clock on the only block of a network's updater.
   *
   * @throws IllegalStateException if the network's layers do not share one updater
   */
  public static TimedUpdater<?> on(BaseMultiLayerUpdater<?> whole) {
    var blocks = whole.getUpdaterBlocks();
    if (blocks.size() != 1) {
      throw new IllegalStateException(
          "a network with one updater block expected, got " + blocks.size());
    }
    UpdaterBlock block = blocks.get(0);
    TimedUpdater<?> timed = new TimedUpdater<>((GradientUpdater<?>) block.getGradientUpdater());
    block.setGradientUpdater(timed);
    return timed;
  }

  /** Time spent in {@link #applyUpdater} so far. */
  public long nanos() {
    return nanos;
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    long start = System.nanoTime();
    super.applyUpdater(gradient, iteration, epoch);
    nanos += System.nanoTime() - start;
  }
}
