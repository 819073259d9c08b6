package io.github.rmsprop4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Subnormals} by vectors, inside the loop of the step. What this takes is fast with
 * subnormal numbers: adding to them, and comparing them. A difference of normal numbers that is
 * subnormal is not: 3 ns instead of 0.03 (a Xeon with AVX-512).
 */
final class SubnormalVectors {
  /** From 1 to 2, floats are as far apart as the units of subnormal numbers times this. */
  private static final float UNITS = 0x1p126f;

  // Constants, which C2 has to make of scalars nowhere: a quarter of what it would inline for this.
  static final FloatVector ZERO = VectorMemory.floats(0);
  private static final FloatVector MIN_NORMAL = VectorMemory.floats(Float.MIN_NORMAL);
  private static final FloatVector HALF = VectorMemory.floats(Float.MIN_NORMAL / 2);
  private static final IntVector FRACTION =
      VectorMemory.floats(Math.nextDown(Float.MIN_NORMAL)).reinterpretAsInts();

  private SubnormalVectors() {}

  /** {@return where v is subnormal, above 0, and the gradient is 0} */
  static VectorMask<Float> dead(FloatVector g, FloatVector v) {
    return v.sub(HALF)
        .abs()
        .compare(VectorOperators.LT, HALF)
        .and(g.compare(VectorOperators.EQ, ZERO));
  }

  /**
   * {@return the product of v, where that is subnormal, and the decay ρ, which is at least 1/2; of
   * other v nothing that makes sense}
   *
   * <p>v is k units. 1 + k ρ 2^-23 = (v + 2^-126) ρ 2^126 + (1 − ρ) is rounded once, to a multiple
   * of 2^-23, ties to even, as the product is to whole units, and its fraction is their number.
   */
  static FloatVector decayed(FloatVector v, float decay) {
    return v.add(MIN_NORMAL)
        .fma(VectorMemory.floats(decay * UNITS), VectorMemory.floats(1 - decay))
        .reinterpretAsInts()
        .and(FRACTION)
        .reinterpretAsFloats();
  }
}
