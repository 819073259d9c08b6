package io.github.rmsprop4j.migration;

import io.github.rmsprop4j.migration.Entries.Range;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Keras's learning-rate schedules that Deeplearning4j has too. Both count steps from 0. Not among
 * them is PolynomialDecay: PolySchedule of ND4J 1.0.0-M2.1 raises 1 + i / maxIter to the power, and
 * so grows. Source: keras/src/optimizers/schedules/learning_rate_schedule.py.
 */
final class KerasSchedule {
  static final String ACCEPTED =
      "a finite number >= 0, ExponentialDecay, InverseTimeDecay without staircase, or"
          + " PiecewiseConstantDecay, the schedules that Deeplearning4j has too (for another give a"
          + " number here, and the builder a learningRateSchedule of your own)";

  private KerasSchedule() {}

  /** Reads {@code {"class_name": ..., "config": {...}}}. */
  static ISchedule read(Map<?, ?> saved) {
    Entries wrapper = new Entries("Keras's learning_rate", saved);
    String name = KerasOptimizer.ownClass(wrapper);
    wrapper.only(KerasOptimizer.WRAPPER);
    if ("ExponentialDecay".equals(name)) {
      return exponential(decay(wrapper, name));
    }
    if ("InverseTimeDecay".equals(name)) {
      return inverse(decay(wrapper, name));
    }
    if ("PiecewiseConstantDecay".equals(name)) {
      return piecewise(
          new Entries(
              "Keras's " + name, wrapper.map("config"), List.of("boundaries", "values", "name")));
    }
    throw new IllegalArgumentException(
        "learning_rate of Keras's RMSprop must be " + ACCEPTED + ", got " + name);
  }

  private static Entries decay(Entries wrapper, String name) {
    return new Entries(
        "Keras's " + name,
        wrapper.map("config"),
        List.of("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name"));
  }

  /** initial * rate^(i / steps), or with staircase initial * rate^floor(i / steps). */
  private static ISchedule exponential(Entries e) {
    double initial = e.number("initial_learning_rate", Range.NOT_NEGATIVE);
    double steps = e.number("decay_steps", Range.POSITIVE);
    double rate = e.number("decay_rate", Range.NOT_NEGATIVE);
    if (e.flag("staircase", false)) {
      return new StepSchedule(ScheduleType.ITERATION, initial, rate, steps);
    }
    double ofOneStep = finite(e, Math.pow(rate, 1 / steps));
    return new ExponentialSchedule(ScheduleType.ITERATION, initial, ofOneStep);
  }

  /** initial / (1 + rate * i / steps). */
  private static ISchedule inverse(Entries e) {
    double initial = e.number("initial_learning_rate", Range.NOT_NEGATIVE);
    double steps = e.number("decay_steps", Range.POSITIVE);
    double rate = e.number("decay_rate", Range.NOT_NEGATIVE);
    if (e.flag("staircase", false)) {
      throw e.refuse("staircase", "false, since Deeplearning4j has no such schedule", true);
    }
    return new InverseSchedule(ScheduleType.ITERATION, initial, finite(e, rate / steps), 1);
  }

  private static double finite(Entries e, double ofOneStep) {
    if (!Double.isFinite(ofOneStep)) {
      throw e.refuse("decay_rate", "finite for one step of decay_steps", e.get("decay_rate"));
    }
    return ofOneStep;
  }

  /** values[k] up to and including step boundaries[k], then values[k + 1]. */
  private static ISchedule piecewise(Entries e) {
    double[] boundaries = e.numbers("boundaries", Range.NOT_NEGATIVE);
    double[] values = e.numbers("values", Range.NOT_NEGATIVE);
    if (values.length != boundaries.length + 1) {
      throw e.refuse(
          "values", "one more than the " + boundaries.length + " boundaries", e.get("values"));
    }
    Map<Integer, Double> starts = new TreeMap<>();
    starts.put(0, values[0]);
    for (int i = 0; i < boundaries.length; i++) {
      boolean rises = i == 0 || boundaries[i] > boundaries[i - 1];
      if (!rises || boundaries[i] != Math.rint(boundaries[i]) || boundaries[i] >= 1L << 31) {
        throw e.refuse("boundaries", "rising whole numbers below 2^31", e.get("boundaries"));
      }
      if (boundaries[i] < Integer.MAX_VALUE) { // which no iteration exceeds
        starts.put((int) boundaries[i] + 1, values[i + 1]);
      }
    }
    return new MapSchedule(ScheduleType.ITERATION, starts);
  }
}
