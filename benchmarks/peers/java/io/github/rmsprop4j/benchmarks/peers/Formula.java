package io.github.rmsprop4j.benchmarks.peers;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Reference;
import java.util.function.DoubleUnaryOperator;

/** Where RMSprops without momentum differ: the first mean square and the place of ε. */
enum Formula {
  /** v starts at ε, and ε stands beside the root. */
  DL4J(epsilon -> epsilon, false),

  /** v starts at 0, and ε stands beside the root. */
  FROM_ZERO(epsilon -> 0, false),

  /** v starts at 0, and ε stands inside the root. */
  FROM_ZERO_INSIDE(epsilon -> 0, true),

  /** v starts at 1, and ε stands inside the root. */
  TENSORFLOW(epsilon -> 1, true);

  private final DoubleUnaryOperator firstMeanSquare;
  private final boolean epsilonInside;

  Formula(DoubleUnaryOperator firstMeanSquare, boolean epsilonInside) {
    this.firstMeanSquare = firstMeanSquare;
    this.epsilonInside = epsilonInside;
  }

  /**
   * The formula in DOUBLE.
   *
   * @param parameters their first values
   * @param gradients one for each step
   * @return the parameters after all steps
   */
  double[] train(float[] parameters, float[][] gradients, Settings settings) {
    Reference reference =
        Reference.of(
            RmsProp.builder()
                .learningRate(settings.rate())
                .rmsDecay(settings.decay())
                .epsilon(settings.epsilon())
                .epsilonInsideSqrt(epsilonInside)
                .initialMeanSquare(firstMeanSquare.applyAsDouble(settings.epsilon()))
                .build(),
            parameters.length);
    double[] trained = doubles(parameters);
    for (int step = 0; step < gradients.length; step++) {
      double[] update = reference.step(doubles(gradients[step]), step, 0);
      for (int i = 0; i < trained.length; i++) {
        trained[i] -= update[i];
      }
    }
    return trained;
  }

  private static double[] doubles(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
