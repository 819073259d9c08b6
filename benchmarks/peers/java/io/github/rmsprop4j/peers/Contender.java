package io.github.rmsprop4j.peers;

import io.github.rmsprop4j.RmsProp;
import java.util.function.BiFunction;

/** An RMSprop that can be timed, and the formula that it says it computes. */
public enum Contender {
  /** DL4J's own. */
  BUILT_IN(
      Formula.DL4J,
      (parameters, settings) ->
          new Nd4jParameters(
              parameters,
              new org.nd4j.linalg.learning.config.RmsProp(
                  settings.rate(), settings.decay(), settings.epsilon()))),

  /** This project's, on the kernel of the JVM's flags. */
  SIMD(
      Formula.DL4J,
      (parameters, settings) ->
          new Nd4jParameters(
              parameters,
              RmsProp.builder()
                  .learningRate(settings.rate())
                  .rmsDecay(settings.decay())
                  .epsilon(settings.epsilon())
                  .build())),

  /** Tribuo's, in DOUBLE. */
  TRIBUO(Formula.FROM_ZERO, TribuoParameters::new),

  /** TensorFlow-Java's, the gradient a tensor in the graph. */
  TENSORFLOW(
      Formula.TENSORFLOW,
      (parameters, settings) -> new TensorFlowParameters(parameters, settings, false)),

  /** TensorFlow-Java's, the gradient copied from a Java array in every step. */
  TENSORFLOW_FED(
      Formula.TENSORFLOW,
      (parameters, settings) -> new TensorFlowParameters(parameters, settings, true)),

  /** DJL's on MXNet. */
  DJL_MXNET(Formula.FROM_ZERO_INSIDE, DjlParameters::new);

  private final Formula formula;
  private final BiFunction<float[], Settings, Trainable> maker;

  Contender(Formula formula, BiFunction<float[], Settings, Trainable> maker) {
    this.formula = formula;
    this.maker = maker;
  }

  Formula formula() {
    return formula;
  }

  /**
   * Copies the parameters to where this library keeps them.
   *
   * @param parameters their first values, at least one
   */
  Trainable make(float[] parameters, Settings settings) {
    return maker.apply(parameters, settings);
  }
}
