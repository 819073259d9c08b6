package io.github.rmsprop4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link DeadWeights} by vectors. Apart from the step, for which there are no bytecodes to spare.
 */
final class DeadVectors {
  /** From here to twice as much, floats are the whole numbers. */
  private static final float WHOLE = 1 << 23;

  private static final int WHOLE_BITS = Float.floatToRawIntBits(WHOLE);

  private DeadVectors() {}

  /** {@return {@link DeadWeights#rank} of each lane} */
  static IntVector rank(IntVector bits) {
    return bits.add(Integer.MAX_VALUE);
  }

  /** {@return whether a rank is that of a subnormal number above 0} */
  static boolean anyDead(IntVector ranks) {
    return ranks.compare(VectorOperators.LT, DeadWeights.LIVE).anyTrue();
  }

  /**
   * Replaces v by 0 where it is subnormal and the gradient is 0.
   *
   * @param aside takes what v must be after the step where it was replaced, and 0 elsewhere
   * @param n how many, whole vectors of them
   * @return whether any v is subnormal
   */
  static boolean setAside(Step step, long gAddress, long vAddress, float[] aside, int n) {
    float decay = (float) step.decay();
    Window gWindow = Window.at(gAddress);
    Window vWindow = Window.at(vAddress);
    Object gMemory = gWindow.memory;
    Object vMemory = vWindow.memory;
    long gOffset = gWindow.offset(gAddress);
    long vOffset = vWindow.offset(vAddress);
    IntVector first = IntVector.broadcast(VectorMemory.INTS, Integer.MAX_VALUE);
    for (int i = 0; i < n; i += VectorMemory.FLOATS.length()) {
      long at = (long) i * Float.BYTES;
      FloatVector decays = VectorMemory.floats(decay);
      FloatVector wholes = VectorMemory.floats(WHOLE);
      FloatVector g = VectorMemory.floats(gMemory, gOffset + at);
      IntVector bits = VectorMemory.floats(vMemory, vOffset + at).reinterpretAsInts();
      IntVector ranks = rank(bits);
      first = first.min(ranks);
      VectorMask<Integer> dead =
          ranks
              .compare(VectorOperators.LT, DeadWeights.LIVE)
              .and(g.abs().reinterpretAsInts().compare(VectorOperators.EQ, 0));
      FloatVector k =
          bits.lanewise(VectorOperators.OR, WHOLE_BITS).reinterpretAsFloats().sub(wholes);
      // The product was rounded once before it becomes whole; the exact rest says where that
      // matters.
      FloatVector moved = k.mul(decays).add(wholes).sub(wholes);
      FloatVector rest = k.fma(decays, moved.neg());
      moved = moved.add(1, rest.compare(VectorOperators.GT, 0.5f));
      moved = moved.sub(1, rest.compare(VectorOperators.LT, -0.5f));
      IntVector movedBits = moved.add(wholes).reinterpretAsInts().sub(WHOLE_BITS);
      IntVector zeros = IntVector.zero(VectorMemory.INTS);
      zeros.blend(movedBits, dead).reinterpretAsFloats().intoArray(aside, i);
      VectorMemory.put(bits.blend(zeros, dead).reinterpretAsFloats(), vMemory, vOffset + at);
    }
    return anyDead(first);
  }

  /** Undoes {@link #setAside} after the step: one of v and {@code aside} is 0. */
  static void putBack(long vAddress, float[] aside, int n) {
    Window window = Window.at(vAddress);
    Object memory = window.memory;
    long offset = window.offset(vAddress);
    for (int i = 0; i < n; i += VectorMemory.FLOATS.length()) {
      long at = offset + (long) i * Float.BYTES;
      IntVector moved = FloatVector.fromArray(VectorMemory.FLOATS, aside, i).reinterpretAsInts();
      IntVector v = VectorMemory.floats(memory, at).reinterpretAsInts();
      VectorMemory.put(v.lanewise(VectorOperators.OR, moved).reinterpretAsFloats(), memory, at);
    }
  }
}
