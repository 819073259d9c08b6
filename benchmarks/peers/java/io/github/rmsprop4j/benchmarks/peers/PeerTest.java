package io.github.rmsprop4j.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every contender computes its formula, and goes on doing so when it is timed. */
class PeerTest {
  /** An ε so large that its place shows. */
  private static final Settings SETTINGS = new Settings(0.1, 0.95, 0.01);

  /** About 20 units in the last place of parameters that are near 1: FLOAT against DOUBLE. */
  private static final double TOLERANCE = 2e-6;

  private static final int STEPS = 5;
  private static final int COUNT = 1003;

  private static float[] normal(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] train(Peer contender, float[] parameters, float[][] gradients) {
    try (Trainable trainable = contender.make(parameters, SETTINGS)) {
      for (float[] gradient : gradients) {
        trainable.handOver(gradient);
        trainable.step();
      }
      float[] trained = trainable.parameters();
      return IntStream.range(0, trained.length).mapToDouble(i -> trained[i]).toArray();
    }
  }

  private static double distance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Peer.class)
  void computesItsFormula(Peer contender) {
    float[] parameters = normal(COUNT, 1);
    float[][] gradients =
        IntStream.range(0, STEPS).mapToObj(i -> normal(COUNT, 2 + i)).toArray(float[][]::new);

    double[] trained = train(contender, parameters, gradients);

    assertArrayEquals(contender.formula.train(parameters, gradients, SETTINGS), trained, TOLERANCE);
    for (Formula other : Formula.values()) {
      double distance = distance(other.train(parameters, gradients, SETTINGS), trained);
      assertTrue(
          other == contender.formula || distance > 100 * TOLERANCE,
          () -> "cannot be told from " + other + ": " + distance);
    }
  }

  /** What a step leaves in place of its gradient is the next one's, and must not fade away. */
  @ParameterizedTest
  @EnumSource(Peer.class)
  void timedStepsStayOrdinary(Peer contender) {
    PeersBenchmark benchmark = new PeersBenchmark();
    benchmark.contender = contender;
    benchmark.parameters = 100;
    benchmark.setUp();
    benchmark.handOver();
    for (int i = 0; i < 1000; i++) {
      benchmark.step();
    }
    float[] before = benchmark.trainable.parameters();
    benchmark.step();
    float[] after = benchmark.trainable.parameters();
    benchmark.close();
    for (int i = 0; i < before.length; i++) {
      float change = Math.abs(after[i] - before[i]);
      assertTrue(change > 0.5 && change < 1.01, "parameter " + i + " changed by " + change);
    }
  }
}
