package io.github.rmsprop4j.benchmarks.process;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import io.github.rmsprop4j.benchmarks.process.StepTimer.Stepper;
import io.github.rmsprop4j.kernel.ParameterDecay;
import io.github.rmsprop4j.kernel.StepKernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Settings that a process may use beside each other; each is compiled to another loop. */
enum ProcessForm {
  PLAIN(RmsProp.builder()),
  MOMENTUM(RmsProp.builder().momentum(0.9)),
  NESTEROV(RmsProp.builder().momentum(0.9).nesterov(true)),
  CENTERED(RmsProp.builder().centered(true)),
  PYTORCH_CENTERED_MOMENTUM(RmsProp.builder(Flavor.PYTORCH).momentum(0.9).centered(true)),
  OPTAX_NESTEROV_CENTERED_CORRECTED(
      RmsProp.builder(Flavor.OPTAX)
          .momentum(0.9)
          .nesterov(true)
          .centered(true)
          .biasCorrection(true)),
  KERAS3(RmsProp.builder(Flavor.KERAS3)),
  TENSORFLOW1_MOMENTUM(RmsProp.builder(Flavor.TENSORFLOW1).momentum(0.9)),
  GRAVES(RmsProp.builder(Flavor.GRAVES)),

  /** As {@link #PLAIN}, and the parameters change in the same pass. */
  PLAIN_ONE_PASS(RmsProp.builder()),

  /** The same with L2 in it. */
  L2_ONE_PASS(RmsProp.builder());

  private static final double BATCH = 32;
  private static final ParameterDecay L2 = new ParameterDecay(1e-4, 0, false);

  final RmsProp config;

  ProcessForm(RmsProp.Builder builder) {
    config = builder.learningRate(1e-3).build();
  }

  private boolean changes() {
    return this == PLAIN_ONE_PASS || this == L2_ONE_PASS;
  }

  int stateArrays() {
    return (int) config.stateSize(1);
  }

  /** Arrays that are read or written: each once, both ways. */
  int passes() {
    int states = 2 * stateArrays();
    return changes() ? 1 + states + 2 : 2 + states;
  }

  /** {@return the updater's state at the beginning, of so many parameters} */
  INDArray state(DataType type, long parameters) {
    return Nd4j.create(type, config.stateSize(parameters));
  }

  /** {@return steps on this state, by this kernel} */
  Stepper stepper(INDArray state, StepKernel kernel) {
    long parameters = state.length() / stateArrays();
    RmsPropUpdater updater = new RmsPropUpdater(config, kernel);
    updater.setStateViewArray(state, new long[] {parameters}, 'c', true);
    if (!changes()) {
      return (gradient, iteration) -> updater.applyUpdater(gradient, iteration, 0);
    }
    INDArray values = Nd4j.ones(state.dataType(), parameters);
    ParameterDecay decay = this == L2_ONE_PASS ? L2 : ParameterDecay.NONE;
    return (gradient, iteration) ->
        updater.applyUpdater(gradient, values, BATCH, decay, false, iteration, 0);
  }
}
