package io.github.rmsprop4j.kernel;

/**
 * The scalars of one step. With gradient g and the arrays of {@link State},
 *
 * <pre>
 * v = v * decay + (g * g) * rest               rest = 1 − decay
 *     fma(v, decay, (g * g) * rest)            if fused
 *     v + (g * g − v) * rest                   if difference
 * m = likewise, with g for g * g and never fused
 * d = max(v * correction − (m * correction)², 0)      without m:   v * correction
 * u = (rateIn * g) / (sqrt(d + epsilonInside) + epsilonOutside)
 * b = b * momentum + u
 * g = rateOut * b,   with nesterov   rateOut * (b * momentum + u),   without b   u
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
    boolean nesterov) {

  /** {@return 1 − ρ for float arrays} */
  float floatRest() {
    return restInDouble ? (float) (1 - decay) : 1 - (float) decay;
  }

  /** {@return 1 − ρ for double arrays} */
  double rest() {
    return 1 - decay;
  }
}
