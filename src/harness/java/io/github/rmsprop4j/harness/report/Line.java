package io.github.rmsprop4j.harness.report;

import io.github.rmsprop4j.harness.Comparison;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What table and report pick from a comparison.
 *
 * @param comparison from which
 * @param ours the training with this project's updater as a user gets it
 * @param builtIn the training with DL4J's own, if it took part
 */
record Line(
    Comparison comparison, Comparison.Training ours, Optional<Comparison.Training> builtIn) {

  /** The kernels in the order of the columns. */
  static final List<String> KERNELS = List.of("simd", "plain", "nd4j");

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

  /** {@return a figure of this project's updater and of the built-in one, as in "1.2/1.2"} */
  String pair(Function<Comparison.Training, Double> figure) {
    return Numbers.ulps(figure.apply(ours))
        + "/"
        + builtIn.map(figure).map(Numbers::ulps).orElse(Numbers.NONE);
  }

  /** {@return how many times as fast this project's updater was, or NaN} */
  double speedup() {
    return builtIn.map(b -> b.updaterMicros() / ours.updaterMicros()).orElse(Double.NaN);
  }

  double builtInMicros() {
    return builtIn.map(Comparison.Training::updaterMicros).orElse(Double.NaN);
  }
}
