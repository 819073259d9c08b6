package io.github.rmsprop4j.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * The variance v − m² of a gradient that hardly changes is rounding noise, and negative as often as
 * not: PyTorch, Keras and Optax take its root and are NaN from then on. Here it never is, and where
 * unclamped math has a root to take, the result is the same.
 */
class CenteredVarianceTest {
  private static final int STEPS = 2000;

  /** Gradients of magnitudes 1e-6 to 1e6, of both signs: constant, and with a jitter of 1e-6. */
  private static final int MAGNITUDES = 13;

  private static final int EACH = 4;

  static Stream<Arguments> flavors() {
    return Stream.of(
            Flavor.PYTORCH,
            Flavor.KERAS3,
            Flavor.OPTAX,
            Flavor.TENSORFLOW1,
            Flavor.TIMM,
            Flavor.GRAVES)
        .flatMap(
            flavor ->
                Stream.of(DataType.FLOAT, DataType.DOUBLE)
                    .flatMap(
                        type ->
                            Stream.of(0.5, 0.9, 0.99)
                                .map(decay -> arguments(flavor, type, decay))));
  }

  @ParameterizedTest(name = "{0}, {1}, decay {2}")
  @MethodSource("flavors")
  void isNeverNegative(Flavor flavor, DataType type, double decay) {
    RmsProp config = RmsProp.builder(flavor).rmsDecay(decay).centered(true).build();
    boolean difference =
        flavor == Flavor.PYTORCH || flavor == Flavor.TENSORFLOW1 || flavor == Flavor.TIMM;
    Plain plain =
        type == DataType.DOUBLE
            ? new PlainDoubles(config, 1 - decay, difference)
            : new PlainFloats(
                config,
                flavor == Flavor.TENSORFLOW1 ? 1 - (float) decay : (float) (1 - decay),
                difference);
    Random random = new Random(7);
    double[] base = new double[MAGNITUDES * EACH];
    for (int i = 0; i < base.length; i++) {
      base[i] = (random.nextDouble() + 0.5) * Math.pow(10, i / EACH - 6) * (i % 2 == 0 ? 1 : -1);
    }
    INDArray view = Nd4j.create(type, config.stateSize(base.length));
    GradientUpdater<?> updater = config.instantiate(view, true);
    Map<String, INDArray> state = updater.getState();
    double[] gradient = new double[base.length];
    boolean[] clamped = new boolean[base.length];
    for (int step = 0; step < STEPS; step++) {
      for (int i = 0; i < base.length; i++) {
        boolean constant = i % EACH < EACH / 2;
        gradient[i] = constant ? base[i] : base[i] * (1 + 1e-6 * random.nextGaussian());
      }
      INDArray g = Replay.array(type, gradient);
      double[] rounded = g.toDoubleVector();
      updater.applyUpdater(g, step, 0);
      double[] update = g.toDoubleVector();
      for (int i = 0; i < base.length; i++) {
        double expected = plain.step(i, rounded[i]);
        assertTrue(Double.isFinite(update[i]), update[i] + " at step " + step + ", element " + i);
        // With momentum an element that was clamped once goes its own way.
        clamped[i] = (clamped[i] && config.getMomentum() > 0) || !(plain.variance >= 0);
        if (!clamped[i] && Double.isFinite(expected)) {
          assertEquals(expected, update[i], "step " + step + ", element " + i);
        }
      }
    }
    assertSame(plain.v, state.get("G"));
    assertSame(plain.m, state.get("M"));
    if (decay == 0.5) { // the longer the memory, the rarer, and the later than these steps
      assertTrue(plain.negative > 0, "plain math never had a negative variance");
    }
    assertTrue(plain.negative < (long) STEPS * base.length, "plain math had nothing else");
  }

  private static void assertSame(double[] expected, INDArray actual) {
    double[] values = actual.toDoubleVector();
    for (int i = 0; i < values.length; i++) {
      assertEquals(expected[i], values[i], "state of element " + i);
    }
  }

  /** The step without a clamp, one element at a time. */
  private abstract static class Plain {
    final double[] v = new double[MAGNITUDES * EACH];
    final double[] m = new double[MAGNITUDES * EACH];
    final double[] b = new double[MAGNITUDES * EACH];
    double variance;
    long negative;

    Plain(RmsProp config) {
      Arrays.fill(v, config.getInitialMeanSquare());
    }

    abstract double step(int i, double g);
  }

  private static final class PlainFloats extends Plain {
    private final RmsProp config;
    private final float rest;
    private final boolean difference;

    PlainFloats(RmsProp config, float rest, boolean difference) {
      super(config);
      this.config = config;
      this.rest = rest;
      this.difference = difference;
    }

    @Override
    double step(int i, double gradient) {
      float g = (float) gradient;
      float square = g * g;
      float decay = (float) config.getRmsDecay();
      float epsilon = (float) config.getEpsilon();
      float oldV = (float) v[i];
      float oldM = (float) m[i];
      float newV = difference ? oldV + (square - oldV) * rest : oldV * decay + square * rest;
      float newM = difference ? oldM + (g - oldM) * rest : oldM * decay + g * rest;
      float d = newV - newM * newM;
      float root =
          config.isEpsilonInsideSqrt()
              ? (float) Math.sqrt(d + epsilon)
              : (float) Math.sqrt(d) + epsilon;
      float u = ((float) config.getLearningRate() * g) / root;
      if (config.getMomentum() > 0) {
        u = (float) b[i] * (float) config.getMomentum() + u;
        b[i] = u;
      }
      v[i] = newV;
      m[i] = newM;
      variance = d;
      negative += d < 0 ? 1 : 0;
      return u;
    }
  }

  private static final class PlainDoubles extends Plain {
    private final RmsProp config;
    private final double rest;
    private final boolean difference;

    PlainDoubles(RmsProp config, double rest, boolean difference) {
      super(config);
      this.config = config;
      this.rest = rest;
      this.difference = difference;
    }

    @Override
    double step(int i, double g) {
      double decay = config.getRmsDecay();
      double square = g * g;
      v[i] = difference ? v[i] + (square - v[i]) * rest : v[i] * decay + square * rest;
      m[i] = difference ? m[i] + (g - m[i]) * rest : m[i] * decay + g * rest;
      double d = v[i] - m[i] * m[i];
      double root =
          config.isEpsilonInsideSqrt()
              ? Math.sqrt(d + config.getEpsilon())
              : Math.sqrt(d) + config.getEpsilon();
      double u = config.getLearningRate() * g / root;
      if (config.getMomentum() > 0) {
        u = b[i] * config.getMomentum() + u;
        b[i] = u;
      }
      variance = d;
      negative += d < 0 ? 1 : 0;
      return u;
    }
  }
}
