package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JacksonInject;

/**
 * What stands in a copied network for an RMSprop updater: the settings of that, which decide on
 * blocks and state sizes as they do in the original, and the contender that makes the updates.
 */
public final class ContenderConfig implements IUpdater {
  private static final long serialVersionUID = 1L;

  private RmsProp settings;
  @JacksonInject private transient Contender contender;
  @JacksonInject private transient Observer observer;

  /** For the configuration's JSON. */
  private ContenderConfig() {}

  ContenderConfig(RmsProp settings, Contender contender, Observer observer) {
    this.settings = settings;
    this.contender = contender;
    this.observer = observer;
  }

  RmsProp settings() {
    return settings;
  }

  @Override
  public long stateSize(long parameters) {
    return settings.stateSize(parameters);
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    return observer.around(this, contender.maker().instantiate(settings, view, initialize));
  }

  @Override
  public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
    throw new UnsupportedOperationException("copies are trained from views, not from files");
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return settings.getLearningRate(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return settings.hasLearningRate();
  }

  @Override
  public void setLrAndSchedule(double learningRate, ISchedule schedule) {
    settings.setLrAndSchedule(learningRate, schedule);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContenderConfig that && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public IUpdater clone() {
    return new ContenderConfig(settings.clone(), contender, observer);
  }
}
