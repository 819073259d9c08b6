package io.github.rmsprop4j.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a comparison must not have. */
final class Faults {
  private Faults() {}

  static List<String> of(Comparison comparison) {
    List<String> faults = new ArrayList<>();
    Comparison.Training builtIn = comparison.builtIn() ? comparison.trainings().get(0) : null;
    for (Comparison.Training training : comparison.trainings()) {
      training.difference().ifPresent(difference -> faults.add(difference.toString()));
      if (comparison.mustLearn() && !(training.lastLoss() < training.firstLoss())) {
        faults.add(
            String.format(
                Locale.ROOT,
                "%s does not learn: the loss goes from %.4g to %.4g",
                training.contender(),
                training.firstLoss(),
                training.lastLoss()));
      }
      explained("updates", training.updateErrors(), training, faults);
      explained("updater state", training.stateErrors(), training, faults);
      if (builtIn != null && !training.contender().equals(Contender.REFERENCE.name())) {
        larger("updates", training.updateErrors(), builtIn.updateErrors(), training, faults);
        larger("updater state", training.stateErrors(), builtIn.stateErrors(), training, faults);
        larger(
            "parameters", training.parameterErrors(), builtIn.parameterErrors(), training, faults);
      }
    }
    return faults;
  }

  private static void explained(
      String what, ErrorStatistics errors, Comparison.Training training, List<String> faults) {
    if (errors.shareOfRounding() > 1) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s is further from the formula than rounding can take it: %s, up to %.3g ulp, "
                  + "%.3g times as far",
              training.contender(),
              what,
              errors.max(),
              errors.shareOfRounding()));
    }
  }

  private static void larger(
      String what,
      ErrorStatistics ours,
      ErrorStatistics theirs,
      Comparison.Training training,
      List<String> faults) {
    if (!training.difference().isPresent()
        && (ours.max() > theirs.max() || ours.rms() > theirs.rms())) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s is further from the formula than the built-in updater: %s, up to %.3g ulp, "
                  + "not %.3g",
              training.contender(),
              what,
              ours.max(),
              theirs.max()));
    }
  }
}
