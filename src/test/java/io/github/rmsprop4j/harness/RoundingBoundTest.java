package io.github.rmsprop4j.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.networks.StandardSettings;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Rounding stays within its bound, and little else does. */
class RoundingBoundTest {
  private static final int N = 500;
  private static final int STEPS = 40;

  static Stream<Arguments> settings() {
    return Stream.of(DataType.FLOAT, DataType.DOUBLE)
        .flatMap(
            type ->
                StandardSettings.all().entrySet().stream()
                    .map(entry -> Arguments.of(type, entry.getKey(), entry.getValue())));
  }

  @ParameterizedTest(name = "{1}, {0}")
  @MethodSource("settings")
  void holdsRoundingAndLittleElse(DataType type, String name, RmsProp settings) {
    CallLog right = run(type, settings, 1);
    assertTrue(right.updateErrors().shareOfRounding() <= 1, share(right));
    assertTrue(right.stateErrors().shareOfRounding() <= 1, share(right));

    double[] rates = {1 + 1e-3, 1 - 1e-3};
    for (double rate : rates) {
      CallLog wrong = run(type, settings, rate);
      assertTrue(wrong.updateErrors().shareOfRounding() > 1, rate + ": " + share(wrong));
    }
  }

  private static String share(CallLog log) {
    return log.updateErrors().shareOfRounding() + ", " + log.stateErrors().shareOfRounding();
  }

  /** Steps on gradients of all sizes, with every update multiplied by a factor. */
  private static CallLog run(DataType type, RmsProp settings, double factor) {
    CallLog log = new CallLog();
    Contender contender =
        new Contender(
            "scaled",
            (s, view, initialize) -> {
              RmsProp scaled = s.clone();
              double rate = s.getLearningRate(0, 0) * factor;
              if (factor != 1) {
                scaled.setLrAndSchedule(rate, null);
              }
              return scaled.instantiate(view, initialize);
            });
    INDArray state = Nd4j.create(type, settings.stateSize(N));
    ContenderConfig config = new ContenderConfig(settings, contender, log);
    var updater = config.instantiate(state, true);
    Random random = new Random(7);
    int lowest = type == DataType.FLOAT ? -42 : -310;
    int highest = type == DataType.FLOAT ? 15 : 100;
    double[] sizes = random.doubles(N, lowest, highest).map(x -> Math.pow(10, x)).toArray();
    for (int t = 0; t < STEPS; t++) {
      double[] g = new double[N];
      for (int i = 0; i < N; i++) {
        g[i] = random.nextInt(10) == 0 ? 0 : random.nextGaussian() * sizes[i];
      }
      updater.applyUpdater(Nd4j.createFromArray(g).castTo(type), t, 0);
    }
    return log;
  }
}
