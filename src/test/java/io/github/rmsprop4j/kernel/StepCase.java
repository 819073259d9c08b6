package io.github.rmsprop4j.kernel;

import java.util.ArrayList;
import java.util.List;

/** A step to test, and which arrays of the state it has. */
record StepCase(Step step, boolean centered, boolean momentum) {
  private static final double RATE = 0.1;
  private static final double DECAY = 0.95;
  private static final double EPSILON = 1e-8;

  /** The step of the built-in updater. */
  static StepCase dl4j(boolean fused) {
    return new StepCase(
        Step.builder().rateIn(RATE).decay(DECAY).fused(fused).epsilonOutside(EPSILON).build(),
        false,
        false);
  }

  /** Every combination of the settings, fused or not where a step may be. */
  static List<StepCase> all() {
    List<StepCase> cases = new ArrayList<>();
    for (int bits = 0; bits < 1 << 9; bits++) {
      boolean difference = bit(bits, 0);
      boolean fused = bit(bits, 1);
      boolean inside = bit(bits, 2);
      boolean correction = bit(bits, 3);
      boolean centered = bit(bits, 4);
      boolean momentum = bit(bits, 5);
      boolean nesterov = bit(bits, 6);
      boolean rateLast = bit(bits, 7);
      boolean restInDouble = bit(bits, 8);
      if ((fused && difference) || (!momentum && (nesterov || rateLast))) {
        continue;
      }
      cases.add(
          new StepCase(
              Step.builder()
                  .rateIn(rateLast ? 1 : RATE)
                  .rateOut(rateLast ? RATE : 1)
                  .decay(DECAY)
                  .restInDouble(restInDouble)
                  .difference(difference)
                  .fused(fused)
                  .correction(correction ? 1 / (1 - Math.pow(DECAY, 3)) : 1)
                  .epsilonInside(inside ? EPSILON : 0)
                  .epsilonOutside(inside ? 0 : EPSILON)
                  .momentum(momentum ? 0.9 : 0)
                  .nesterov(nesterov)
                  .build(),
              centered,
              momentum));
    }
    return cases;
  }

  private static boolean bit(int bits, int index) {
    return (bits >> index & 1) == 1;
  }
}
