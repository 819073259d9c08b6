package io.github.rmsprop4j.harness;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Passes everything on to another updater, but for what a subclass overrides.
 *
 * @param <T> the configuration that it shows
 */
public abstract class ForwardingUpdater<T extends IUpdater> implements GradientUpdater<T> {
  /** Who does the work. */
  protected final GradientUpdater<? extends T> updater;

  /**
   * Sets up.
   *
   * @param updater who does the work
   */
  protected ForwardingUpdater(GradientUpdater<? extends T> updater) {
    this.updater = updater;
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    updater.applyUpdater(gradient, iteration, epoch);
  }

  @Override
  public T getConfig() {
    return updater.getConfig();
  }

  @Override
  public Map<String, INDArray> getState() {
    return updater.getState();
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    updater.setState(state, initialize);
  }

  @Override
  public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialize) {
    updater.setStateViewArray(view, shape, order, initialize);
  }
}
