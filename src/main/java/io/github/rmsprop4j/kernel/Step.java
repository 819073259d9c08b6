package io.github.rmsprop4j.kernel;

/**
 * The scalars of one step,
 *
 * <pre>
 * v = v * decay + (g * g) * (1 − decay)         rounded after every operation, or, if fused,
 * v = fma(v, decay, (g * g) * (1 − decay))
 * g = (learningRate * g) / (sqrt(v) + epsilon)
 * </pre>
 *
 * as the settings hold them. A kernel rounds each to the arrays' type first and forms 1 − decay in
 * that type, as the built-in operation does: (float) (1 − 0.95) is another number than 1f − 0.95f
 * and would change most of v (96 % of it when measured).
 *
 * @param learningRate η, finite and &gt;= 0
 * @param decay ρ, in [0, 1)
 * @param epsilon ε, finite and &gt;= 0
 * @param fused whether v takes a fused multiply-add, see {@link Kernels#fuses}
 */
public record Step(double learningRate, double decay, double epsilon, boolean fused) {}
