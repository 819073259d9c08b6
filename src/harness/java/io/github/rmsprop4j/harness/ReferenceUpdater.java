package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * {@link Reference} as an updater. The state is in double and rounded only on its way into DL4J's
 * state view. This project's updater places the parts in the view, and does nothing else here.
 */
final class ReferenceUpdater implements GradientUpdater<RmsProp> {
  private final RmsPropUpdater view;
  private Reference reference; // from the first step on: DL4J may load the view before it

  ReferenceUpdater(RmsProp settings) {
    view = new RmsPropUpdater(settings);
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    Map<String, INDArray> state = view.getState();
    if (reference == null) {
      reference = Values.reference(getConfig(), state);
    }
    double[] update = reference.step(Values.of(gradient), iteration, epoch);
    Values.assign(gradient, update);
    Values.assign(state.get(RmsPropUpdater.G_STATE), reference.v);
    Values.assign(state.get(RmsPropUpdater.M_STATE), reference.m);
    Values.assign(state.get(RmsPropUpdater.B_STATE), reference.b);
  }

  @Override
  public RmsProp getConfig() {
    return view.getConfig();
  }

  @Override
  public Map<String, INDArray> getState() {
    return view.getState();
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    view.setState(state, initialize);
    reference = null;
  }

  @Override
  public void setStateViewArray(INDArray array, long[] shape, char order, boolean initialize) {
    view.setStateViewArray(array, shape, order, initialize);
    reference = null;
  }
}
