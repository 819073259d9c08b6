package io.github.rmsprop4j.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which operations a {@link Step} consists of: what is constant to the code that runs it.
 *
 * @param centered whether there is a mean
 * @param momentum whether there is a momentum buffer
 * @param nesterov whether momentum looks ahead
 * @param difference whether means move by their difference
 * @param fused whether v takes a fused multiply-add
 * @param corrected whether biases are corrected: a multiplication less, which is slow on subnormal
 *     v
 * @param divides whether the gradient is divided first
 * @param scales whether it is multiplied first instead, by the inverse of a power of two, to the
 *     same bits: a division less, of two and a root
 * @param changes whether the update is subtracted from parameters
 * @param keeps whether the gradient's array takes the update
 * @param l2 whether parameters are added to the gradient
 * @param weightDecay whether parameters are added to the update
 * @param decayTwice whether that is done twice
 * @param fusedDecay whether both take a fused multiply-add
 * @param setsAside whether subnormal v whose gradient is 0 take a way of their own, see {@link
 *     SubnormalVectors}
 * @param part how much of the step is done
 */
record Form(
    boolean centered,
    boolean momentum,
    boolean nesterov,
    boolean difference,
    boolean fused,
    boolean corrected,
    boolean divides,
    boolean scales,
    boolean changes,
    boolean keeps,
    boolean l2,
    boolean weightDecay,
    boolean decayTwice,
    boolean fusedDecay,
    boolean setsAside,
    Part part) {

  /** How much of a step a pass does: all of it, or one half of two. */
  enum Part {
    WHOLE,
    /** Moves v and m. */
    MEANS,
    /** The rest, from what was moved. */
    UPDATE
  }

  /**
   * The largest {@link #size} of a loop, its views included. C2 stops inlining at 18,000 nodes. How
   * many a loop has depends on profiles: up to 48 most processes had no allocation, at 49 one with
   * a busy neighbour had (JDK 17, both types).
   */
  private static final int LARGEST = 46;

  private static final int SIZE_OF_VIEW = 4;

  /** What setting subnormal v aside adds to an {@link #index}. */
  static final int SETS_ASIDE = 1 << 14;

  /** Every number of a form is below it. */
  static final int COUNT = 1 << 15;

  /** {@return the number of a step's form, setting nothing aside; parameters may be null} */
  static int index(Step step, State state, INDArray parameters) {
    boolean momentum = state.momentum() != null;
    ParameterDecay decay = step.parameterDecay();
    return bit(state.mean() != null, 0)
        | bit(momentum, 1)
        | bit(momentum && step.nesterov(), 2)
        | bit(step.difference(), 3)
        | bit(step.fused(), 4)
        | bit(step.correction() != 1, 5)
        | bit(step.divisor() != 1 && !step.scales(), 6)
        | bit(parameters != null, 7)
        | bit(parameters == null || step.keepUpdate(), 8)
        | bit(decay.l2() != 0, 9)
        | bit(decay.weightDecay() != 0, 10)
        | bit(decay.weightDecay() != 0 && decay.twice(), 11)
        | bit(step.fusedDecay() && !decay.isNone(), 12)
        | bit(step.scales(), 13);
  }

  private static int bit(boolean is, int index) {
    return is ? 1 << index : 0;
  }

  /** {@return the whole form of this number} */
  static Form at(int index) {
    return new Form(
        is(index, 0),
        is(index, 1),
        is(index, 2),
        is(index, 3),
        is(index, 4),
        is(index, 5),
        is(index, 6),
        is(index, 13),
        is(index, 7),
        is(index, 8),
        is(index, 9),
        is(index, 10),
        is(index, 11),
        is(index, 12),
        is(index, 14),
        Part.WHOLE);
  }

  private static boolean is(int index, int bit) {
    return (index >> bit & 1) == 1;
  }

  /** {@return a step of this form} */
  Step example() {
    return Step.builder()
        .rateIn(1e-3)
        .decay(0.95)
        .difference(difference)
        .fused(fused)
        .correction(corrected ? 1.25 : 1)
        .epsilonOutside(1e-8)
        .momentum(momentum ? 0.9 : 0)
        .nesterov(nesterov)
        .divisor(divides ? 30 : scales ? 32 : 1)
        .parameterDecay(new ParameterDecay(l2 ? 1e-4 : 0, weightDecay ? 1e-5 : 0, decayTwice))
        .fusedDecay(fusedDecay)
        .keepUpdate(keeps)
        .build();
  }

  /** {@return the half of this form that moves v and m} */
  Form means() {
    return new Form(
        centered,
        false,
        false,
        difference,
        fused,
        false,
        divides,
        scales,
        l2,
        false,
        l2,
        false,
        false,
        fusedDecay && l2,
        setsAside,
        Part.MEANS);
  }

  /** {@return the half that makes the update of what was moved, and of a prepared gradient} */
  Form update() {
    return with(false, setsAside, Part.UPDATE);
  }

  /**
   * The same without setting aside where C2 has no room for that: where momentum and centering in
   * one pass come with three or more of Nesterov, bias correction, a kept update, weight decay, and
   * that twice.
   */
  Form withinRoom() {
    return setsAside && isLarge() && update().isLarge() ? with(true, false, part) : this;
  }

  private Form with(boolean preparesAndMoves, boolean setsAside, Part part) {
    return new Form(
        centered,
        momentum,
        nesterov,
        preparesAndMoves && difference,
        preparesAndMoves && fused,
        corrected,
        preparesAndMoves && divides,
        preparesAndMoves && scales,
        changes,
        keeps,
        preparesAndMoves && l2,
        weightDecay,
        decayTwice,
        fusedDecay && (preparesAndMoves || weightDecay),
        setsAside,
        part);
  }

  /** {@return whether a single loop would be too much for C2, which then allocates vectors} */
  boolean isLarge() {
    return size() > LARGEST;
  }

  /** {@return of how many arrays the loop has a view of its own, see {@link VectorMemory#of}} */
  int views() {
    return Math.min(arrays(), Math.max(0, LARGEST - size()) / SIZE_OF_VIEW);
  }

  /** By what C2 makes of it: operations, each of which is two with memory or with a scalar. */
  private int size() {
    int size = 4; // g and v
    size += divides || scales ? 2 : 0;
    size += l2 ? 4 : 0;
    size += centered ? 2 : 0;
    size += changes ? 2 : 0;
    size += setsAside ? 7 : 0;
    if (movesMeans()) {
      size += 8;
      size += setsAside ? 7 : 0;
      size += centered ? 5 : 0;
      size += handsOver() ? 2 : 0;
    }
    if (updates()) {
      size += 8;
      size += centered ? 4 : 0;
      size += momentum ? 9 : 0;
      size += nesterov ? 3 : 0;
      size += corrected ? (centered ? 4 : 2) : 0;
      size += changes ? 3 : 0;
      size += keeps ? 2 : 0;
      size += weightDecay ? 3 : 0;
      size += decayTwice ? 3 : 0;
    }
    return size;
  }

  /** {@return whether the other half is to find the gradient as it was prepared} */
  boolean handsOver() {
    return part == Part.MEANS && (divides || scales || l2);
  }

  /** {@return whether the parameters are read before they change} */
  boolean readsParameters() {
    return l2 || weightDecay;
  }

  /** {@return how many arrays a step reads or writes} */
  int arrays() {
    return 2 + (centered ? 1 : 0) + (momentum ? 1 : 0) + (changes ? 1 : 0);
  }

  boolean movesMeans() {
    return part != Part.UPDATE;
  }

  boolean updates() {
    return part != Part.MEANS;
  }
}
