package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import io.github.rmsprop4j.kernel.ParameterDecay;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** The one call of {@link RmsPropUpdater} against the three that it stands for. */
class OnePassUpdaterTest {
  private static final int N = 1003;

  private static INDArray random(DataType type, int seed) {
    return Networks.normal(new Random(seed), type, N);
  }

  private static final List<ParameterDecay> DECAYS =
      List.of(
          ParameterDecay.NONE,
          new ParameterDecay(0.1, 0, false),
          new ParameterDecay(0, 0.1, false),
          new ParameterDecay(0.1, 0.01, true));

  private static void compare(RmsProp settings, DataType type, double divisor, INDArray bad) {
    DECAYS.forEach(decay -> compare(settings, type, divisor, decay, bad));
  }

  private static void compare(
      RmsProp settings, DataType type, double divisor, ParameterDecay decay, INDArray bad) {
    INDArray state = Nd4j.create(type, settings.stateSize(N));
    INDArray stateToo = state.dup();
    RmsPropUpdater three = settings.instantiate(state, true);
    RmsPropUpdater one = settings.instantiate(stateToo, true);
    INDArray parameters = random(type, 1);
    INDArray parametersToo = parameters.dup();
    for (int i = 0; i < 4; i++) {
      boolean keep = i % 2 == 0;
      INDArray gradient = bad != null && i == 2 ? bad.dup() : random(type, 2 + i);
      INDArray gradientToo = gradient.dup();
      gradient.divi(divisor);
      new L2Regularization(decay.l2()).apply(parameters, gradient, 1, i, 0);
      three.applyUpdater(gradient, i, 0);
      for (int time = 0; time < (decay.twice() ? 2 : 1); time++) {
        new WeightDecay(decay.weightDecay(), false).apply(parameters, gradient, 1, i, 0);
      }
      parameters.subi(gradient);
      one.applyUpdater(gradientToo, parametersToo, divisor, decay, keep, i, 0);
      String when = settings + ", " + type + ", by " + divisor + ", " + decay + ", step " + i;
      Bits.assertSame(parameters, parametersToo, when + ", parameters");
      Bits.assertSame(state, stateToo, when + ", state");
      if (keep) {
        Bits.assertSame(gradient, gradientToo, when + ", update");
      }
    }
  }

  @Test
  void isDivisionStepAndChange() {
    List<DataType> types =
        List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16);
    for (DataType type : types) {
      for (double divisor : new double[] {1, 64, 7, 0.3}) {
        compare(new RmsProp(0.01), type, divisor, null);
        compare(
            RmsProp.builder(Flavor.PYTORCH).momentum(0.9).centered(true).build(),
            type,
            divisor,
            null);
      }
    }
  }

  /** Also of what only the division makes infinite. */
  @Test
  void looksAtTheDividedGradient() {
    INDArray large = random(DataType.FLOAT, 9);
    large.putScalar(5, 3e38);
    INDArray infinite = large.dup().putScalar(7, Double.NEGATIVE_INFINITY);
    for (NonFinitePolicy policy :
        List.of(NonFinitePolicy.SKIP_STEP, NonFinitePolicy.ZERO_ELEMENT)) {
      RmsProp settings = RmsProp.builder().nonFinite(policy).build();
      for (double divisor : new double[] {1, 8, 0.5}) {
        compare(settings, DataType.FLOAT, divisor, large);
        compare(settings, DataType.FLOAT, divisor, infinite);
      }
    }
  }

  @Test
  void changesNothingWhenItThrows() {
    RmsProp settings = RmsProp.builder().nonFinite(NonFinitePolicy.THROW).build();
    INDArray state = Nd4j.create(DataType.FLOAT, N);
    RmsPropUpdater updater = settings.instantiate(state, true);
    INDArray parameters = random(DataType.FLOAT, 1);
    INDArray stateBefore = state.dup();
    INDArray parametersBefore = parameters.dup();
    INDArray bad = random(DataType.FLOAT, 2).putScalar(3, Double.NaN);
    assertThrows(
        ArithmeticException.class, () -> updater.applyUpdater(bad, parameters, 8, false, 0, 0));
    assertEquals(
        "the parameters must have the length of the updater state, 1003, got 4",
        refusal(updater, Nd4j.create(DataType.FLOAT, 4), 8));
    assertEquals(
        "the parameters must have the type of the updater state, FLOAT, got DOUBLE",
        refusal(updater, parameters.castTo(DataType.DOUBLE), 8));
    assertEquals("the parameters must not be null", refusal(updater, null, 8));
    for (double divisor : new double[] {0, -1, Double.NaN}) {
      assertEquals(
          "divisor must be greater than 0, got " + divisor, refusal(updater, parameters, divisor));
    }
    INDArray gradient = random(DataType.FLOAT, 2);
    assertEquals(
        "decay must not be null",
        assertThrows(
                IllegalArgumentException.class,
                () -> updater.applyUpdater(gradient, parameters, 8, null, false, 0, 0))
            .getMessage());
    Bits.assertSame(parametersBefore, parameters, "parameters");
    Bits.assertSame(stateBefore, state, "state");
  }

  @Test
  void factorsThatAreNotFiniteAreRefused() {
    for (double factor : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "l2 must be finite, got " + factor,
          assertThrows(IllegalArgumentException.class, () -> new ParameterDecay(factor, 0, false))
              .getMessage());
      assertEquals(
          "weightDecay must be finite, got " + factor,
          assertThrows(IllegalArgumentException.class, () -> new ParameterDecay(0, factor, false))
              .getMessage());
    }
  }

  private static String refusal(RmsPropUpdater updater, INDArray parameters, double divisor) {
    INDArray gradient = random(DataType.FLOAT, 2);
    return assertThrows(
            IllegalArgumentException.class,
            () -> updater.applyUpdater(gradient, parameters, divisor, false, 0, 0))
        .getMessage();
  }
}
