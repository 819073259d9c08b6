package io.github.rmsprop4j.benchmarks.peers;

/** Where RMSprops without momentum differ: the first mean square and the place of ε. */
enum Formula {
  /** v starts at ε, and ε stands beside the root. */
  DL4J(false) {
    @Override
    double firstMeanSquare(double epsilon) {
      return epsilon;
    }
  },

  /** v starts at 0, and ε stands beside the root. */
  FROM_ZERO(false) {
    @Override
    double firstMeanSquare(double epsilon) {
      return 0;
    }
  },

  /** v starts at 0, and ε stands inside the root. */
  FROM_ZERO_INSIDE(true) {
    @Override
    double firstMeanSquare(double epsilon) {
      return 0;
    }
  },

  /** v starts at 1, and ε stands inside the root. */
  TENSORFLOW(true) {
    @Override
    double firstMeanSquare(double epsilon) {
      return 1;
    }
  };

  private final boolean epsilonInside;

  Formula(boolean epsilonInside) {
    this.epsilonInside = epsilonInside;
  }

  abstract double firstMeanSquare(double epsilon);

  /**
   * The formula in plain DOUBLE loops.
   *
   * @param parameters their first values
   * @param gradients one for each step
   * @return the parameters after all steps
   */
  double[] train(float[] parameters, float[][] gradients, Settings settings) {
    double epsilon = settings.epsilon();
    double[] trained = new double[parameters.length];
    for (int i = 0; i < trained.length; i++) {
      double meanSquare = firstMeanSquare(epsilon);
      double parameter = parameters[i];
      for (float[] gradient : gradients) {
        double g = gradient[i];
        meanSquare = settings.decay() * meanSquare + (1 - settings.decay()) * g * g;
        double root =
            epsilonInside ? Math.sqrt(meanSquare + epsilon) : Math.sqrt(meanSquare) + epsilon;
        parameter -= settings.rate() * g / root;
      }
      trained[i] = parameter;
    }
    return trained;
  }
}
