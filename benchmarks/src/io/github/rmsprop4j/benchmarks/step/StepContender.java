package io.github.rmsprop4j.benchmarks.step;

import io.github.rmsprop4j.RmsPropUpdater;
import io.github.rmsprop4j.kernel.Kernels;
import io.github.rmsprop4j.kernel.Roofs;
import io.github.rmsprop4j.kernel.State;
import io.github.rmsprop4j.kernel.Step;
import io.github.rmsprop4j.kernel.StepKernel;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** What takes a gradient and leaves an update in its place. */
public enum StepContender {
  /** This project's, Vector API. */
  SIMD,
  /** This project's without the vector module. */
  PLAIN,
  /** This project's through ND4J operations, as on backends whose memory Java cannot reach. */
  ND4J,
  /** DL4J's RmsProp. */
  BUILT_IN(new org.nd4j.linalg.learning.config.RmsProp(Form.RATE)),
  /** DL4J's Adam. */
  ADAM(new Adam(Form.RATE)),
  /** DL4J's AdaGrad. */
  ADAGRAD(new AdaGrad(Form.RATE)),
  /** DL4J's Nesterovs. */
  NESTEROVS(new Nesterovs(Form.RATE, Nesterovs.DEFAULT_NESTEROV_MOMENTUM)),
  /** DL4J's Sgd, which has no state. */
  SGD(new Sgd(Form.RATE)),
  /** The roof: {@code memcpy}. */
  COPY,
  /** The roof: one vectorised multiply-add for each array. */
  STREAM;

  /** One step; the gradient becomes the update. */
  interface Stepper {
    void step(INDArray gradient, int iteration);
  }

  private static final Step NO_STEP = Step.builder().build(); // roofs read none of it

  private final IUpdater config;

  StepContender() {
    this(null);
  }

  StepContender(IUpdater config) {
    this.config = config;
  }

  /**
   * How many state arrays it has beside the gradient.
   *
   * @throws IllegalArgumentException if it has no such form
   */
  int stateArrays(Form form) {
    if (config == null) {
      return form.stateArrays();
    }
    if (form != Form.PLAIN) {
      throw new IllegalArgumentException("the form of " + this + " must be PLAIN, got " + form);
    }
    return (int) config.stateSize(1);
  }

  /** Whether it is a kernel of this project. */
  boolean isOurs() {
    return this == SIMD || this == PLAIN || this == ND4J;
  }

  /** Whether the length of vectors concerns it. */
  boolean hasVectors() {
    return this == SIMD || this == PLAIN || this == STREAM;
  }

  /**
   * {@return the kernel that a JVM really runs for it; null if it is Deeplearning4j's} One for all
   * iterations, since a kernel that is new has to find out first which way is the fastest.
   *
   * @param threads at most how many share a step
   * @throws IllegalStateException if it cannot be had, with the reason
   */
  StepKernel kernel(int threads) {
    return switch (this) {
      case SIMD, PLAIN, ND4J -> Kernels.named(name().toLowerCase(Locale.ROOT), threads);
      case COPY -> Roofs.copy(threads);
      case STREAM -> Roofs.stream(threads);
      default -> null;
    };
  }

  /** {@return a line for the log} */
  String describe(StepKernel kernel) {
    return this + ": " + (kernel == null ? config : kernel);
  }

  /**
   * Begins anew.
   *
   * @param state one vector with room for all state arrays, which is written; null if there are
   *     none
   * @param kernel from {@link #kernel}
   * @param parameters that the step is to change in the same pass, after it divided the gradient by
   *     {@link StepBenchmark#BATCH}; or null
   * @throws IllegalArgumentException if it cannot change parameters
   */
  Stepper stepper(Form form, INDArray state, StepKernel kernel, INDArray parameters) {
    if (parameters != null && !isOurs()) {
      throw new IllegalArgumentException("the mode of " + this + " must not be ONE_PASS");
    }
    switch (this) {
      case SIMD, PLAIN, ND4J -> {
        RmsPropUpdater updater = new RmsPropUpdater(form.config, kernel);
        updater.setStateViewArray(
            state, new long[] {state.length() / form.stateArrays()}, 'c', true);
        return parameters == null
            ? stepper(updater)
            : (gradient, iteration) ->
                updater.applyUpdater(
                    gradient, parameters, StepBenchmark.BATCH, false, iteration, 0);
      }
      case COPY, STREAM -> {
        state.assign(0);
        State parts = new State(part(form, state, 0), part(form, state, 1), part(form, state, 2));
        return (gradient, iteration) -> kernel.step(NO_STEP, gradient, parts, null);
      }
      default -> {
        return stepper(config.instantiate(state, true));
      }
    }
  }

  private static Stepper stepper(GradientUpdater<?> updater) {
    return (gradient, iteration) -> updater.applyUpdater(gradient, iteration, 0);
  }

  private static INDArray part(Form form, INDArray state, int index) {
    long n = state.length() / form.stateArrays();
    return index < form.stateArrays()
        ? state.get(NDArrayIndex.interval(index * n, (index + 1) * n))
        : null;
  }
}
