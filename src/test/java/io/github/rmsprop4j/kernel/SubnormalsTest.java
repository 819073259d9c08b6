package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.ReferenceMath;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Subnormal mean squares with a gradient of 0 take a way of their own, to the same bits. */
class SubnormalsTest {
  private static final int SUBNORMALS = 1 << 23;

  /** 1/2 has a tie at every odd number; below it and at difference steps nothing is set aside. */
  private static final double[] DECAYS = {0.3, 0.5, 0.95, 0.99999994, 0.99999999};

  static Stream<Arguments> kernelsAndSettings() {
    return KernelsUnderTest.host().stream()
        .flatMap(kernel -> StepCase.all().stream().map(stepCase -> Arguments.of(kernel, stepCase)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("kernelsAndSettings")
  @Tag("long")
  void everyCombinationOfSettings(StepKernel kernel, StepCase stepCase) {
    Random random = new Random(1);
    for (double decay : DECAYS) {
      StepCase decays =
          new StepCase(withDecay(stepCase.step(), decay), stepCase.centered(), stepCase.momentum());
      check(kernel, decays, 3500, random);
    }
  }

  /** A few of them, over several pages. */
  @ParameterizedTest
  @MethodSource("kernels")
  void usualSettings(StepKernel kernel) {
    for (double decay : DECAYS) {
      for (boolean state : new boolean[] {false, true}) {
        Step step = withDecay(StepCase.dl4j(false).step(), decay);
        check(kernel, new StepCase(step, state, state), 9500, new Random(1));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void withoutEpsilon(StepKernel kernel) {
    Step step = Step.builder().rateIn(0.1).decay(0.95).build();
    check(kernel, new StepCase(step, false, false), 3500, new Random(1));
  }

  static List<StepKernel> kernels() {
    return KernelsUnderTest.host();
  }

  @Test
  void subnormalNumbersComeFirstInTheOrder() {
    for (float subnormal : new float[] {Float.MIN_VALUE, 1e-40f, Math.nextDown(Float.MIN_NORMAL)}) {
      assertTrue(Subnormals.rank(Float.floatToRawIntBits(subnormal)) < Subnormals.LIVE);
    }
    for (float other : new float[] {0, -0f, Float.MIN_NORMAL, 1, -Float.MIN_VALUE, Float.NaN}) {
      assertFalse(Subnormals.rank(Float.floatToRawIntBits(other)) < Subnormals.LIVE);
    }
  }

  /** A column of 8 in few, of 50 in many, also in pieces of them. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 1000",
    "31, 1, 0, 1000",
    "784, 8, 5, 10000",
    "50176, 16, 0, 1000000",
    "50176, 16, 15, 1000000",
    "250880, 50, 49, 1000000",
    "250880, 50, 7, 40000",
    "1000000, 1000, 0, 40000",
  })
  void fewAreFound(int n, int every, int subnormal, long span) {
    float[] values = new float[n];
    Arrays.fill(values, Float.MIN_NORMAL);
    try (FloatPointer none = new FloatPointer(values)) {
      assertFalse(Subnormals.areIn(none.address(), n, span));
    }
    for (int i = subnormal; i < n; i += every) {
      values[i] = Float.MIN_VALUE;
    }
    try (FloatPointer some = new FloatPointer(values)) {
      assertTrue(Subnormals.areIn(some.address(), n, span));
      assertFalse(Subnormals.areIn(some.address(), 0, span));
    }
  }

  /** A window reaches so far; behind it begins another. */
  @Test
  void theLastPieceIsLookedAt() {
    float[] values = new float[30_000];
    Arrays.fill(values, 20_000, 30_000, Float.MIN_VALUE);
    try (FloatPointer v = new FloatPointer(values)) {
      assertTrue(Subnormals.areIn(v.address(), 30_000, 40_000));
      assertFalse(Subnormals.areIn(v.address(), 20_000, 40_000));
    }
  }

  @Test
  void whatIsSetAsideHasDecayed() {
    float[] v = {1, 10 * Float.MIN_VALUE, 10 * Float.MIN_VALUE, 0, Float.MIN_VALUE};
    float[] g = {0, 0, 1, 0, 0};
    float[] aside = {7, 7, 7, 7, 7};
    int[] where = new int[5];
    Step step = StepCase.dl4j(false).step();
    assertEquals(2, Subnormals.setAside(step, g, v, where, aside, 4));
    assertArrayEquals(new int[] {1, 3}, Arrays.copyOf(where, 2));
    Bits.assertSame(new float[] {9 * Float.MIN_VALUE, 0}, Arrays.copyOf(aside, 2), "aside");
    Bits.assertSame(
        new float[] {1, 0, 10 * Float.MIN_VALUE, 0, Float.MIN_VALUE}, v, "left for the step");
    Subnormals.putBack(v, where, aside, 2);
    Bits.assertSame(
        new float[] {1, 9 * Float.MIN_VALUE, 10 * Float.MIN_VALUE, 0, Float.MIN_VALUE}, v, "back");
    assertEquals(0, Subnormals.setAside(step, new float[1], new float[] {1}, where, aside, 1));
  }

  @Test
  void onlyWhatDecaysByOneMultiplicationIsSetAside() {
    Step.Builder usual = Step.builder().rateIn(0.1).epsilonOutside(1e-8);
    assertTrue(Subnormals.canBeSetAside(usual.decay(0.5).build()));
    assertFalse(Subnormals.canBeSetAside(usual.decay(0.4999).build()));
    assertFalse(Subnormals.canBeSetAside(usual.decay(0.9).difference(true).build()));
    Step.Builder without = Step.builder().rateIn(0.1).decay(0.9);
    assertFalse(Subnormals.canBeSetAside(without.build()), "0 / 0 is NaN");
    assertTrue(Subnormals.canBeSetAside(without.epsilonInside(1e-30).build()));
  }

  /** Whether a weight is dead depends on what L2 makes of its gradient. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void l2MakesGradientsOfNothing(boolean fused) {
    int n = 5000;
    float[] p = new float[n];
    float[] v = new float[n];
    float[] expectedG = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = i < n / 2 || i % 7 > 0 ? Float.intBitsToFloat(1 + i) : 1e-3f;
      p[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? i * Float.MIN_VALUE : i * 1e-5f;
      expectedG[i] = p[i] * 1e-4f; // fused or not, as 0 is added
    }
    Step step =
        Step.builder()
            .rateIn(0.1)
            .decay(0.95)
            .epsilonOutside(1e-8)
            .momentum(fused ? 0.9 : 0)
            .divisor(32)
            .parameterDecay(new ParameterDecay(1e-4, 0.1, false))
            .fusedDecay(fused)
            .build();
    float[] expectedV = v.clone();
    float[] expectedP = p.clone();
    float[] expectedB = fused ? new float[n] : null;
    ReferenceMath.step(step.alone(), expectedG, expectedV, null, expectedB);
    for (int i = 0; i < n; i++) {
      float update = expectedG[i];
      expectedG[i] = fused ? Math.fma(p[i], 0.1f, update) : p[i] * 0.1f + update;
      expectedP[i] -= expectedG[i];
    }
    for (StepKernel kernel : KernelsUnderTest.host()) {
      INDArray actualV = Nd4j.createFromArray(v);
      INDArray actualP = Nd4j.createFromArray(p);
      INDArray actualB = fused ? Nd4j.zeros(DataType.FLOAT, n) : null;
      INDArray gradient = Nd4j.zeros(DataType.FLOAT, n);
      kernel.step(step, gradient, new State(actualV, null, actualB), actualP);
      Bits.assertSame(expectedV, actualV.data().asFloat(), kernel + ", v");
      Bits.assertSame(expectedP, actualP.data().asFloat(), kernel + ", parameters");
      Bits.assertSame(expectedG, gradient.data().asFloat(), kernel + ", update");
    }
  }

  /** All 8,388,607 of them. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.95, 0.99, 0.99999999}) // the last is 1 as a float
  @Tag("long")
  void everySubnormalNumber(double decay) {
    float[] v = new float[SUBNORMALS];
    for (int i = 0; i < v.length; i++) {
      v[i] = Float.intBitsToFloat(i);
    }
    Step step = Step.builder().rateIn(0.1).decay(decay).epsilonOutside(1e-8).build();
    float[] expectedG = new float[SUBNORMALS];
    float[] expectedV = v.clone();
    ReferenceMath.step(step, expectedG, expectedV, null, null);
    for (StepKernel kernel : KernelsUnderTest.host()) {
      try (INDArray gradient = Nd4j.createFromArray(new float[SUBNORMALS]);
          INDArray meanSquare = Nd4j.createFromArray(v)) {
        kernel.step(step, gradient, new State(meanSquare, null, null), null);
        Bits.assertSame(expectedV, meanSquare.data().asFloat(), kernel + ", v");
        Bits.assertSame(expectedG, gradient.data().asFloat(), kernel + ", update");
      }
    }
  }

  private static void check(StepKernel kernel, StepCase stepCase, int n, Random random) {
    float[] v = new float[n];
    float[] m = stepCase.centered() ? new float[n] : null;
    float[] b = stepCase.momentum() ? new float[n] : null;
    for (int i = 0; i < n; i++) {
      v[i] =
          switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Float.intBitsToFloat(random.nextInt(30));
            case 2 -> Float.MIN_NORMAL;
            case 3 -> (float) Math.abs(random.nextGaussian());
            case 4 -> -0f;
            case 5 ->
                -Float.intBitsToFloat(random.nextInt(SUBNORMALS)); // nothing that a step makes
            default -> Float.intBitsToFloat(random.nextInt(SUBNORMALS));
          };
    }
    INDArray vs = Nd4j.createFromArray(v);
    INDArray ms = m == null ? null : Nd4j.createFromArray(m);
    INDArray bs = b == null ? null : Nd4j.createFromArray(b);
    for (int t = 0; t < 3; t++) {
      float[] g = new float[n];
      for (int i = 0; i < n; i++) {
        g[i] = i / 16 % 3 > 0 ? (random.nextBoolean() ? 0f : -0f) : Values.nextFloat(random);
      }
      INDArray gs = Nd4j.createFromArray(g);
      kernel.step(stepCase.step(), gs, new State(vs, ms, bs), null);
      ReferenceMath.step(stepCase.step(), g, v, m, b);
      String what = kernel + " " + stepCase + " step " + t;
      Bits.assertSame(g, gs.data().asFloat(), what + ", update");
      Bits.assertSame(v, vs.data().asFloat(), what + ", v");
      if (m != null) {
        Bits.assertSame(m, ms.data().asFloat(), what + ", m");
      }
      if (b != null) {
        Bits.assertSame(b, bs.data().asFloat(), what + ", b");
      }
    }
  }

  private static Step withDecay(Step s, double decay) {
    return Step.builder()
        .rateIn(s.rateIn())
        .rateOut(s.rateOut())
        .decay(decay)
        .restInDouble(s.restInDouble())
        .difference(s.difference())
        .fused(s.fused())
        .correction(s.correction())
        .epsilonInside(s.epsilonInside())
        .epsilonOutside(s.epsilonOutside())
        .momentum(s.momentum())
        .nesterov(s.nesterov())
        .build();
  }
}
