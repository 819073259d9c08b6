package io.github.rmsprop4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Subnormals} by vectors. */
final class SubnormalVectors {
  /** From here to twice as much, floats are the whole numbers. */
  private static final float WHOLE = 1 << 23;

  private static final int WHOLE_BITS = Float.floatToRawIntBits(WHOLE);

  private SubnormalVectors() {}

  /** {@link Subnormals#rank} of each lane. */
  private static IntVector rank(IntVector bits) {
    return bits.add(Integer.MAX_VALUE);
  }

  /**
   * Moves v away where it is subnormal and the gradient is 0.
   *
   * @param from index of the first element
   * @param aside takes what was moved, and 0 elsewhere; v is 0 where something was
   * @param n how many, whole vectors of them
   * @return the largest number that was moved, in units of the smallest; 0 if there was none
   */
  static int setAside(Operands arrays, int from, float[] aside, int n) {
    Object gMemory = arrays.g.memory;
    Object vMemory = arrays.v.memory;
    int gOffset = arrays.gAt + from * Float.BYTES;
    int vOffset = arrays.vAt + from * Float.BYTES;
    IntVector most = IntVector.zero(VectorMemory.INTS);
    for (int i = 0; i < n; i += VectorMemory.FLOATS.length()) {
      int at = i * Float.BYTES;
      FloatVector g = VectorMemory.floats(gMemory, gOffset + at);
      IntVector v = VectorMemory.floats(vMemory, vOffset + at).reinterpretAsInts();
      VectorMask<Integer> dead =
          rank(v)
              .compare(VectorOperators.LT, Subnormals.LIVE)
              .and(g.abs().reinterpretAsInts().compare(VectorOperators.EQ, 0));
      IntVector moved = IntVector.zero(VectorMemory.INTS).blend(v, dead);
      most = most.max(moved);
      moved.reinterpretAsFloats().intoArray(aside, i);
      IntVector left = v.lanewise(VectorOperators.XOR, moved);
      VectorMemory.put(left.reinterpretAsFloats(), vMemory, vOffset + at);
    }
    return most.reduceLanes(VectorOperators.MAX);
  }

  /** Lets what was moved decay by one step. */
  static void decay(Step step, float[] aside, int n) {
    float decay = (float) step.decay();
    for (int i = 0; i < n; i += VectorMemory.FLOATS.length()) {
      FloatVector decays = VectorMemory.floats(decay);
      FloatVector wholes = VectorMemory.floats(WHOLE);
      IntVector bits = FloatVector.fromArray(VectorMemory.FLOATS, aside, i).reinterpretAsInts();
      FloatVector k =
          bits.lanewise(VectorOperators.OR, WHOLE_BITS).reinterpretAsFloats().sub(wholes);
      // The product was rounded once before it becomes whole; the exact rest says where that
      // matters.
      FloatVector next = k.mul(decays).add(wholes).sub(wholes);
      FloatVector rest = k.fma(decays, next.neg());
      next = next.add(1, rest.compare(VectorOperators.GT, 0.5f));
      next = next.sub(1, rest.compare(VectorOperators.LT, -0.5f));
      IntVector nextBits = next.add(wholes).reinterpretAsInts().sub(WHOLE_BITS);
      nextBits.reinterpretAsFloats().intoArray(aside, i);
    }
  }

  /** Undoes {@link #setAside} after the step: one of v and {@code aside} is 0. */
  static void putBack(Operands arrays, int from, float[] aside, int n) {
    Object memory = arrays.v.memory;
    int offset = arrays.vAt + from * Float.BYTES;
    for (int i = 0; i < n; i += VectorMemory.FLOATS.length()) {
      int at = offset + i * Float.BYTES;
      IntVector moved = FloatVector.fromArray(VectorMemory.FLOATS, aside, i).reinterpretAsInts();
      IntVector v = VectorMemory.floats(memory, at).reinterpretAsInts();
      VectorMemory.put(v.lanewise(VectorOperators.OR, moved).reinterpretAsFloats(), memory, at);
    }
  }
}
