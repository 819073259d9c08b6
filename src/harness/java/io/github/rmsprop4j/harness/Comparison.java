package io.github.rmsprop4j.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What came of training one network with several updaters side by side.
 *
 * @param name of the network
 * @param dataType of its parameters
 * @param parameters how many it has
 * @param iterations how many updates were compared; pretraining and truncated back-propagation make
 *     more of them than there were mini-batches
 * @param builtIn whether DL4J's own updater took part: it has no momentum, centering, ...
 * @param mustLearn whether network and data are known to be such that the loss falls
 * @param trainings one for each updater; the first is what the others are compared with
 */
public record Comparison(
    String name,
    DataType dataType,
    long parameters,
    int iterations,
    boolean builtIn,
    boolean mustLearn,
    List<Training> trainings) {

  /**
   * The training with one updater.
   *
   * @param contender whose
   * @param losses after each mini-batch
   * @param epoch how many mini-batches an epoch has
   * @param updaterNanos time in the updater for each mini-batch
   * @param iterationNanos time for each mini-batch, without what watching took
   * @param updateErrors of the updates, from the reference on the same gradients
   * @param stateErrors of the updater state
   * @param parameterErrors by how much the errors of all updates have moved the parameters
   * @param difference where it first differs from the first training, if it does; what comes after
   *     that was not compared
   */
  public record Training(
      String contender,
      List<Double> losses,
      int epoch,
      List<Long> updaterNanos,
      List<Long> iterationNanos,
      ErrorStatistics updateErrors,
      ErrorStatistics stateErrors,
      ErrorStatistics parameterErrors,
      Optional<Difference> difference) {

    /** {@return the median time in the updater for a mini-batch, in microseconds} */
    public double updaterMicros() {
      return median(updaterNanos);
    }

    /** {@return the median time for a mini-batch, in microseconds} */
    public double iterationMicros() {
      return median(iterationNanos);
    }

    /** {@return the mean loss of the first epoch, or of the first half if there is only one} */
    public double firstLoss() {
      return mean(losses.subList(0, few()));
    }

    /** {@return the mean loss of as many mini-batches at the end: the same, if there are epochs} */
    public double lastLoss() {
      return mean(losses.subList(losses.size() - few(), losses.size()));
    }

    private int few() {
      return Math.min(epoch, (losses.size() + 1) / 2);
    }

    private static double mean(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    private static double median(List<Long> nanos) {
      List<Long> sorted = nanos.stream().sorted().toList();
      return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2) / 1e3;
    }
  }

  /** {@return what is wrong, in sentences; empty if nothing is} */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (Training training : trainings) {
      training.difference().ifPresent(difference -> faults.add(difference.toString()));
      if (mustLearn && !(training.lastLoss() < training.firstLoss())) {
        faults.add(
            String.format(
                Locale.ROOT,
                "%s does not learn: the loss goes from %.4g to %.4g",
                training.contender(),
                training.firstLoss(),
                training.lastLoss()));
      }
      unexplained("updates", training.updateErrors(), training).ifPresent(faults::add);
      unexplained("updater state", training.stateErrors(), training).ifPresent(faults::add);
    }
    return faults;
  }

  private static Optional<String> unexplained(
      String what, ErrorStatistics errors, Training training) {
    if (!(errors.shareOfRounding() > 1)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s is further from the formula than rounding can take it: %s, up to %.3g ulp, "
                + "%.3g times as far",
            training.contender(),
            what,
            errors.max(),
            errors.shareOfRounding()));
  }

  /** {@return whether all bits are equal and no error is larger than it may be} */
  public boolean agrees() {
    return faults().isEmpty();
  }

  /**
   * Does nothing if all agrees.
   *
   * @throws AssertionError with all faults
   */
  public void assertAgrees() {
    if (!agrees()) {
      throw new AssertionError(this + "\n  " + String.join("\n  ", faults()));
    }
  }

  /** One line: what was compared and whether it agrees. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %s, %,d parameters, %d iterations: %s",
        name,
        dataType,
        parameters,
        iterations,
        agrees() ? "0 differ" : "DIFFERS");
  }
}
