package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link Reference} as an updater. The state is in double and rounded only on its way into DL4J's
 * state view. This project's updater places the parts in the view, and does nothing else here.
 */
final class ReferenceUpdater extends ForwardingUpdater<RmsProp> {
  private Reference reference; // from the first step on: DL4J may load the view before it

  ReferenceUpdater(RmsProp settings) {
    super(new RmsPropUpdater(settings));
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    Map<String, INDArray> state = getState();
    if (reference == null) {
      reference = Doubles.reference(getConfig(), state);
    }
    double[] update = reference.step(Doubles.of(gradient), iteration, epoch);
    Doubles.assign(gradient, update);
    Doubles.assign(state.get(RmsPropUpdater.G_STATE), reference.v);
    Doubles.assign(state.get(RmsPropUpdater.M_STATE), reference.m);
    Doubles.assign(state.get(RmsPropUpdater.B_STATE), reference.b);
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    super.setState(state, initialize);
    reference = null;
  }

  @Override
  public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialize) {
    super.setStateViewArray(view, shape, order, initialize);
    reference = null;
  }
}
