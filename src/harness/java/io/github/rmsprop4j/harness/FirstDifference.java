package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.harness.CallLog.Call;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;

/** Finds where two trainings come apart, by bits; one NaN is as good as another. */
final class FirstDifference {
  private static final String[] WITH_MEAN = {"v", "m", "b"};
  private static final String[] WITHOUT_MEAN = {"v", "b"};

  private final String contender;
  private final String baseline;
  private final DataType type;

  FirstDifference(String contender, String baseline, DataType type) {
    this.contender = contender;
    this.baseline = baseline;
    this.type = type;
  }

  /**
   * Compares what one mini-batch did, in the order in which it happened.
   *
   * @param expectedCalls the baseline's
   * @param actualCalls the contender's
   * @param expected the baseline's parameters afterwards
   * @param actual the contender's
   */
  Optional<Difference> find(
      List<Call> expectedCalls,
      List<Call> actualCalls,
      List<Trainee.Parameter> expected,
      List<Trainee.Parameter> actual) {
    if (expectedCalls.size() != actualCalls.size()) {
      int iteration = expectedCalls.isEmpty() ? 0 : expectedCalls.get(0).iteration();
      return Optional.of(
          new Difference(
              contender,
              baseline,
              "number of calls",
              "the updaters",
              0,
              1,
              iteration,
              expectedCalls.size(),
              actualCalls.size(),
              Double.NaN,
              1,
              1,
              Double.NaN));
    }
    int iteration = 0;
    for (int i = 0; i < expectedCalls.size(); i++) {
      Call e = expectedCalls.get(i);
      Call a = actualCalls.get(i);
      iteration = e.iteration();
      Optional<Difference> found =
          inCall(Difference.GRADIENT, e, e.gradient(), a.gradient(), expected)
              .or(() -> inCall(Difference.UPDATE, e, e.update(), a.update(), expected))
              .or(() -> inCall(Difference.STATE, e, e.state(), a.state(), expected));
      if (found.isPresent()) {
        return found;
      }
    }
    return in(Difference.PARAMETER, expected, actual, iteration);
  }

  /**
   * Compares what one mini-batch left, where no calls can be watched.
   *
   * @param expected the baseline
   * @param actual the contender
   * @param iteration the baseline's last
   */
  Optional<Difference> find(Trainee expected, Trainee actual, int iteration) {
    return in(Difference.STATE, expected.state(), actual.state(), iteration)
        .or(() -> in(Difference.PARAMETER, expected.parameters(), actual.parameters(), iteration));
  }

  private Optional<Difference> in(
      String what,
      List<Trainee.Parameter> expected,
      List<Trainee.Parameter> actual,
      int iteration) {
    for (int i = 0; i < expected.size(); i++) {
      double[] e = Doubles.of(expected.get(i).array());
      double[] a = Doubles.of(actual.get(i).array());
      int element = firstIn(e, a);
      if (element >= 0) {
        String name = expected.get(i).name();
        return Optional.of(difference(what, name, element, e.length, iteration, element, e, a));
      }
    }
    return Optional.empty();
  }

  private Optional<Difference> inCall(
      String what,
      Call call,
      double[] expected,
      double[] actual,
      List<Trainee.Parameter> parameters) {
    int at = firstIn(expected, actual);
    if (at < 0) {
      return Optional.empty();
    }
    int n = call.gradient().length;
    String[] parts = call.updater().isCentered() ? WITH_MEAN : WITHOUT_MEAN;
    String which = what.equals(Difference.STATE) ? what + " " + parts[at / n] : what;
    int element = at % n;
    for (Trainee.Parameter parameter : parameters) {
      long inside = element - (long) parameter.offset();
      if (parameter.updater() == call.updater()
          && inside >= 0
          && inside < parameter.array().length()) {
        return Optional.of(
            difference(
                which,
                parameter.name(),
                inside,
                parameter.array().length(),
                call.iteration(),
                at,
                expected,
                actual));
      }
    }
    return Optional.of(
        difference(
            which, "a layer in pretraining", element, n, call.iteration(), at, expected, actual));
  }

  private Difference difference(
      String what,
      String parameter,
      long element,
      long length,
      int iteration,
      int at,
      double[] expected,
      double[] actual) {
    long differing = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      if (differ(expected[i], actual[i])) {
        differing++;
        largest = Math.max(largest, ulps(expected[i], actual[i]));
      }
    }
    return new Difference(
        contender,
        baseline,
        what,
        parameter,
        element,
        length,
        iteration,
        expected[at],
        actual[at],
        ulps(expected[at], actual[at]),
        differing,
        expected.length,
        largest);
  }

  private double ulps(double expected, double actual) {
    return Ulps.distance(expected, actual, expected, type);
  }

  /** {@return the first index at which the bits differ, or −1} */
  private static int firstIn(double[] expected, double[] actual) {
    for (int i = 0; i < expected.length; i++) {
      if (differ(expected[i], actual[i])) {
        return i;
      }
    }
    return -1;
  }

  private static boolean differ(double expected, double actual) {
    return Double.doubleToLongBits(expected) != Double.doubleToLongBits(actual);
  }
}
