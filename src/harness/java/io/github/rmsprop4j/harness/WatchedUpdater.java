package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.CallLog.Call;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * An updater whose calls are timed and kept, and whose results are compared with {@link Reference}
 * on the gradients that it really got.
 */
final class WatchedUpdater extends ForwardingUpdater<IUpdater> {
  private final ContenderConfig config;
  private final CallLog log;
  private Shadow shadow; // from the first step on: DL4J may load the state before it

  WatchedUpdater(ContenderConfig config, GradientUpdater<?> updater, CallLog log) {
    super(updater);
    this.config = config;
    this.log = log;
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    long start = System.nanoTime();
    if (shadow == null) {
      shadow = new Shadow(config.settings(), gradient.dataType(), updater.getState());
    }
    double[] given = Doubles.of(gradient);
    long before = System.nanoTime();
    updater.applyUpdater(gradient, iteration, epoch);
    long after = System.nanoTime();
    double[] update = Doubles.of(gradient);
    double[] state = Doubles.ofState(updater.getState());
    shadow.compare(given, update, state, iteration, epoch, log);
    long nanos = after - before;
    Call call = new Call(this, iteration, given, update, state, nanos);
    log.add(call, System.nanoTime() - start - nanos);
  }

  /** The reference beside an updater, from the same start and on the same gradients. */
  private static final class Shadow {
    private final DataType type;
    private final Reference reference;
    private final double[] largestUpdate;
    private final double[] largestState;
    private final double[] drift;
    private final RoundingBound bound;

    Shadow(RmsProp settings, DataType type, Map<String, INDArray> state) {
      this.type = type;
      this.reference = Doubles.reference(settings, state);
      this.largestUpdate = new double[reference.v.length];
      this.largestState = new double[reference.state().length];
      this.drift = new double[reference.v.length];
      this.bound = new RoundingBound(settings, type, reference);
    }

    void compare(
        double[] given, double[] update, double[] state, int iteration, int epoch, CallLog log) {
      double[] expected = reference.step(given, iteration, epoch);
      bound.step(reference, given, expected, iteration, epoch);
      measure(expected, update, bound.ofUpdate(), largestUpdate, log.updateErrors());
      measure(reference.state(), state, bound.ofState(), largestState, log.stateErrors());
      for (int i = 0; i < drift.length; i++) {
        drift[i] += update[i] - expected[i];
      }
    }

    private void measure(
        double[] expected,
        double[] actual,
        double[] bounds,
        double[] largest,
        ErrorStatistics errors) {
      for (int i = 0; i < expected.length; i++) {
        largest[i] = Math.max(largest[i], Math.abs(expected[i]));
        double ulps = Ulps.distance(expected[i], actual[i], largest[i], type);
        errors.add(ulps);
        errors.addShare(ulps * Ulps.of(largest[i], type) / bounds[i]);
      }
    }
  }

  /** {@return whether its state has a part m} */
  boolean isCentered() {
    return config.settings().isCentered();
  }

  /**
   * {@return how far the errors of all updates so far have moved each parameter, or null before the
   * first step}
   */
  double[] drift() {
    return shadow == null ? null : shadow.drift;
  }

  @Override
  public IUpdater getConfig() {
    return config;
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    super.setState(state, initialize);
    shadow = null;
  }

  @Override
  public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialize) {
    super.setStateViewArray(view, shape, order, initialize);
    shadow = null;
  }
}
