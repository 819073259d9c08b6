package io.github.rmsprop4j.kernel;

/**
 * The settings of one step. With gradient g, the arrays of {@link State} and, if the step changes
 * them, the parameters p,
 *
 * <pre>
 * g = g / divisor                          if divisor is not 1
 * g = p * l2 + g                           if l2 is not 0
 * v = v * decay + (g * g) * oneMinusDecay
 *     fma(v, decay, (g * g) * oneMinusDecay)        if fused
 *     v + (g * g − v) * oneMinusDecay               if difference
 * m = likewise, with g for g * g and never fused
 * d = max(v * correction − (m * correction)², 0)      without m:   v * correction
 * u = (rateIn * g) / (sqrt(d + epsilonInside) + epsilonOutside)
 * b = b * momentum + u
 * u = rateOut * b,   with nesterov   rateOut * (b * momentum + u)      without b:   u
 * u = p * weightDecay + u                  if weightDecay is not 0, and again if twice
 * p = p − u                                if the step changes p
 * g = u                                    unless it changes p and keepUpdate is false
 * </pre>
 *
 * rounded to the arrays' type after every operation. What a flavor does not use is 0 or 1 here and
 * changes no bit. A kernel rounds each scalar to the arrays' type first.
 *
 * @param rateIn η, or 1 if it multiplies what leaves the momentum buffer
 * @param rateOut 1, or η
 * @param decay ρ, in [0, 1)
 * @param restInDouble whether 1 − ρ is formed in double and then rounded; otherwise in the arrays'
 *     type, as the built-in operation does: (float) (1 − 0.95) is another number than 1f − 0.95f
 *     and would change most of v (96 % of it when measured)
 * @param difference whether means move by their difference
 * @param fused whether v takes a fused multiply-add, see {@link Kernels#fuses}
 * @param correction c, 1 without bias correction
 * @param epsilonInside ε inside the root, or 0
 * @param epsilonOutside ε beside the root, or 0
 * @param momentum μ, in [0, 1)
 * @param nesterov whether momentum looks ahead
 * @param divisor what the gradient is divided by first, such as the size of a batch; 1 for nothing
 * @param parameterDecay what is added of the parameters; nothing if the step changes none
 * @param fusedDecay whether that takes a fused multiply-add, see {@link Kernels#fusesDecay}
 * @param keepUpdate whether a step that changes the parameters leaves the update in the gradient's
 *     array all the same; otherwise what is there afterwards is undefined
 */
public record Step(
    double rateIn,
    double rateOut,
    double decay,
    boolean restInDouble,
    boolean difference,
    boolean fused,
    double correction,
    double epsilonInside,
    double epsilonOutside,
    double momentum,
    boolean nesterov,
    double divisor,
    ParameterDecay parameterDecay,
    boolean fusedDecay,
    boolean keepUpdate) {

  /** {@return a builder of the step {@code v = 0, u = g / sqrt(0)}, to be given its settings} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the same step without what is done before and after it} */
  Step alone() {
    return new Step(
        rateIn,
        rateOut,
        decay,
        restInDouble,
        difference,
        fused,
        correction,
        epsilonInside,
        epsilonOutside,
        momentum,
        nesterov,
        1,
        ParameterDecay.NONE,
        fusedDecay,
        keepUpdate);
  }

  /**
   * Whether the divisor is a power of two, but not 1: then a product with its inverse has the bits
   * of the division.
   */
  boolean scales() {
    int exponent = Math.getExponent(divisor);
    return exponent != 0
        && Math.abs(exponent) <= Float.MAX_EXPONENT - 1 // the inverse is no subnormal float
        && divisor == Math.scalb(1.0, exponent);
  }

  /** {@return 1 − ρ for float arrays} */
  float floatOneMinusDecay() {
    return restInDouble ? (float) (1 - decay) : 1 - (float) decay;
  }

  /** {@return 1 − ρ for double arrays} */
  double oneMinusDecay() {
    return 1 - decay;
  }

  /** Names the settings of a {@link Step}; what is not set is off, 0, or for factors 1. */
  public static final class Builder {
    private double rateIn = 1;
    private double rateOut = 1;
    private double decay;
    private boolean restInDouble;
    private boolean difference;
    private boolean fused;
    private double correction = 1;
    private double epsilonInside;
    private double epsilonOutside;
    private double momentum;
    private boolean nesterov;
    private double divisor = 1;
    private ParameterDecay parameterDecay = ParameterDecay.NONE;
    private boolean fusedDecay;
    private boolean keepUpdate = true;

    private Builder() {}

    /** See {@link Step#rateIn}. */
    public Builder rateIn(double rateIn) {
      this.rateIn = rateIn;
      return this;
    }

    /** See {@link Step#rateOut}. */
    public Builder rateOut(double rateOut) {
      this.rateOut = rateOut;
      return this;
    }

    /** See {@link Step#decay}. */
    public Builder decay(double decay) {
      this.decay = decay;
      return this;
    }

    /** See {@link Step#restInDouble}. */
    public Builder restInDouble(boolean restInDouble) {
      this.restInDouble = restInDouble;
      return this;
    }

    /** See {@link Step#difference}. */
    public Builder difference(boolean difference) {
      this.difference = difference;
      return this;
    }

    /** See {@link Step#fused}. */
    public Builder fused(boolean fused) {
      this.fused = fused;
      return this;
    }

    /** See {@link Step#correction}. */
    public Builder correction(double correction) {
      this.correction = correction;
      return this;
    }

    /** See {@link Step#epsilonInside}. */
    public Builder epsilonInside(double epsilonInside) {
      this.epsilonInside = epsilonInside;
      return this;
    }

    /** See {@link Step#epsilonOutside}. */
    public Builder epsilonOutside(double epsilonOutside) {
      this.epsilonOutside = epsilonOutside;
      return this;
    }

    /** See {@link Step#momentum}. */
    public Builder momentum(double momentum) {
      this.momentum = momentum;
      return this;
    }

    /** See {@link Step#nesterov}. */
    public Builder nesterov(boolean nesterov) {
      this.nesterov = nesterov;
      return this;
    }

    /** See {@link Step#divisor}. */
    public Builder divisor(double divisor) {
      this.divisor = divisor;
      return this;
    }

    /** See {@link Step#parameterDecay}. */
    public Builder parameterDecay(ParameterDecay parameterDecay) {
      this.parameterDecay = parameterDecay;
      return this;
    }

    /** See {@link Step#fusedDecay}. */
    public Builder fusedDecay(boolean fusedDecay) {
      this.fusedDecay = fusedDecay;
      return this;
    }

    /** See {@link Step#keepUpdate}. */
    public Builder keepUpdate(boolean keepUpdate) {
      this.keepUpdate = keepUpdate;
      return this;
    }

    /** {@return the step} */
    public Step build() {
      return new Step(
          rateIn,
          rateOut,
          decay,
          restInDouble,
          difference,
          fused,
          correction,
          epsilonInside,
          epsilonOutside,
          momentum,
          nesterov,
          divisor,
          parameterDecay,
          fusedDecay,
          keepUpdate);
    }
  }
}
