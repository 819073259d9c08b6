package io.github.rmsprop4j.harness.report;

import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.Contender;
import java.util.List;
import java.util.Optional;

/**
 * What table and report pick from a comparison.
 *
 * @param comparison from which
 * @param ours the training with this project's updater as a user gets it
 * @param builtIn the training with DL4J's own, if it took part
 */
record Line(
    Comparison comparison, Comparison.Training ours, Optional<Comparison.Training> builtIn) {

  /** Where a kernel was not compared with another updater, or this JVM cannot have it. */
  private static final String NOT_COMPARED = Numbers.NONE;

  static Line of(Comparison comparison) {
    List<Comparison.Training> trainings = comparison.trainings();
    boolean builtIn = comparison.builtIn();
    return new Line(
        comparison,
        trainings.get(builtIn ? 1 : 0),
        builtIn ? Optional.of(trainings.get(0)) : Optional.empty());
  }

  /** {@return "=" if all gave the bits of the first training, else the first that one does not} */
  String bits() {
    List<String> all = Contender.COMPARED.stream().map(this::bits).toList();
    return all.stream()
        .filter(bits -> bits.startsWith("@"))
        .findFirst()
        .orElse(all.contains("=") ? "=" : NOT_COMPARED);
  }

  /**
   * {@return "=" if a kernel gave the bits of the first training in all iterations, else the
   * iteration of the first difference, as in "@12"}
   */
  String bits(String kernel) {
    return comparison.trainings().stream()
        .skip(1)
        .filter(training -> training.contender().equals(kernel))
        .map(training -> training.difference().map(d -> "@" + d.iteration()).orElse("="))
        .findFirst()
        .orElse(NOT_COMPARED);
  }

  /** {@return the larger of the errors of updates and updater state, in ulps} */
  double ulps() {
    return Math.max(ours.updateErrors().max(), ours.stateErrors().max());
  }

  /** {@return the middle one of the ratios of those that were timed, or NaN} */
  static double medianSpeedup(List<Outcome> outcomes) {
    double[] ratios =
        outcomes.stream()
            .filter(outcome -> !outcome.item().section().compact)
            .flatMap(outcome -> outcome.comparison().stream())
            .mapToDouble(comparison -> of(comparison).speedup())
            .filter(ratio -> !Double.isNaN(ratio))
            .sorted()
            .toArray();
    return ratios.length == 0 ? Double.NaN : ratios[ratios.length / 2];
  }

  /** {@return how many times as fast this project's updater was, or NaN} */
  double speedup() {
    return builtIn.map(b -> b.updaterMicros() / ours.updaterMicros()).orElse(Double.NaN);
  }

  double builtInMicros() {
    return builtIn.map(Comparison.Training::updaterMicros).orElse(Double.NaN);
  }
}
