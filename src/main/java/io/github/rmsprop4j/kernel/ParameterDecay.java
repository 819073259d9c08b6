package io.github.rmsprop4j.kernel;

/**
 * What a step adds of the parameters, as Deeplearning4j's L2 and weight decay do.
 *
 * @param l2 how much of them is added to the gradient, after its division; 0 for nothing
 * @param weightDecay how much of them is added to the update, with the learning rate in it where
 *     that multiplies it; 0 for nothing
 * @param twice whether weight decay is added a second time. So it is with that of a network's
 *     builder in Deeplearning4j 1.0.0-M2.1, which gives it to every layer and then adds it to what
 *     the layer has ({@code LayerValidation.configureBaseLayer})
 */
public record ParameterDecay(double l2, double weightDecay, boolean twice) {
  /** Adds nothing. */
  public static final ParameterDecay NONE = new ParameterDecay(0, 0, false);

  /**
   * Checks the factors.
   *
   * @throws IllegalArgumentException if one is not finite
   */
  public ParameterDecay {
    check("l2", l2);
    check("weightDecay", weightDecay);
  }

  private static void check(String name, double factor) {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException(name + " must be finite, got " + factor);
    }
  }

  /** {@return whether it adds nothing} */
  public boolean isNone() {
    return l2 == 0 && weightDecay == 0;
  }

  /** {@return what is left once the gradient has its part} */
  public ParameterDecay ofUpdate() {
    return l2 == 0 ? this : new ParameterDecay(0, weightDecay, twice);
  }
}
