package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.exception.ND4JOpProfilerException;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.profiler.OpProfiler;
import org.nd4j.linalg.profiler.ProfilerConfig;

/** ND4J's switches that stop at a NaN or an infinity: they stop the built-in updater, and ours. */
class NonFinitePanicTest {
  private static final int N = 20;

  @AfterEach
  void switchOff() {
    OpProfiler.getInstance().setConfig(ProfilerConfig.builder().build());
  }

  @ParameterizedTest
  @CsvSource({"true,false,NaN", "false,true,Infinity", "false,true,-Infinity", "true,true,NaN"})
  void stopsWhereTheBuiltInDoes(boolean nan, boolean inf, double bad) {
    OpProfiler.getInstance()
        .setConfig(ProfilerConfig.builder().checkForNAN(nan).checkForINF(inf).build());
    INDArray theirs = gradient(bad);
    INDArray ours = gradient(bad);
    INDArray theirState = Nd4j.ones(DataType.FLOAT, 1, N);
    INDArray ourState = Nd4j.ones(DataType.FLOAT, 1, N);
    Exception builtIn =
        assertThrows(
            ND4JOpProfilerException.class,
            () ->
                updater(new org.nd4j.linalg.learning.config.RmsProp(), theirState)
                    .applyUpdater(theirs, 0, 0));
    Exception e =
        assertThrows(
            ND4JOpProfilerException.class,
            () -> updater(new RmsProp(), ourState).applyUpdater(ours, 0, 0));
    assertEquals(builtIn.getMessage(), e.getMessage());
    switchOff(); // or the comparison stops as well
    Bits.assertSame(theirs, ours, "what the step left");
    Bits.assertSame(theirState, ourState, "what the step left of the state");
  }

  @ParameterizedTest
  @CsvSource({"false,false,NaN", "false,true,NaN", "false,false,Infinity"})
  void goesOnWhereTheBuiltInDoes(boolean nan, boolean inf, double bad) {
    OpProfiler.getInstance()
        .setConfig(ProfilerConfig.builder().checkForNAN(nan).checkForINF(inf).build());
    INDArray theirs = gradient(bad);
    INDArray ours = gradient(bad);
    updater(new org.nd4j.linalg.learning.config.RmsProp(), Nd4j.create(DataType.FLOAT, 1, N))
        .applyUpdater(theirs, 0, 0);
    updater(new RmsProp(), Nd4j.create(DataType.FLOAT, 1, N)).applyUpdater(ours, 0, 0);
    switchOff();
    Bits.assertSame(theirs, ours, "update");
  }

  /**
   * In a state that was loaded broken, too: of m and b nothing shows in a zero gradient's update.
   */
  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void looksAtEveryPartOfTheState(int part) {
    OpProfiler.getInstance().setConfig(ProfilerConfig.builder().checkForINF(true).build());
    RmsProp config = RmsProp.builder().learningRate(0).centered(true).momentum(0.5).build();
    INDArray state = Nd4j.ones(DataType.FLOAT, 3 * N);
    state.putScalar((long) part * N + 4, Float.POSITIVE_INFINITY);
    GradientUpdater<?> updater = config.instantiate(state, false);
    assertThrows(ND4JOpProfilerException.class, () -> updater.applyUpdater(gradient(0), 0, 0));
  }

  @ParameterizedTest
  @EnumSource(NonFinitePolicy.class)
  void aFiniteStepIsLeftAlone(NonFinitePolicy policy) {
    OpProfiler.getInstance()
        .setConfig(ProfilerConfig.builder().checkForNAN(true).checkForINF(true).build());
    RmsProp config = RmsProp.builder().nonFinite(policy).build();
    INDArray gradient = gradient(2);
    updater(config, Nd4j.ones(DataType.FLOAT, N)).applyUpdater(gradient, 0, 0);
    assertFalse(gradient.isNaN().any());
  }

  /** What a policy keeps out never reaches the check. */
  @Test
  void aPolicyComesFirst() {
    OpProfiler.getInstance()
        .setConfig(ProfilerConfig.builder().checkForNAN(true).checkForINF(true).build());
    for (NonFinitePolicy policy :
        new NonFinitePolicy[] {NonFinitePolicy.ZERO_ELEMENT, NonFinitePolicy.SKIP_STEP}) {
      INDArray gradient = gradient(Double.NaN);
      RmsProp config = RmsProp.builder().nonFinite(policy).build();
      updater(config, Nd4j.ones(DataType.FLOAT, N)).applyUpdater(gradient, 0, 0);
      assertEquals(0f, gradient.getFloat(3));
    }
  }

  private static INDArray gradient(double at3) {
    INDArray gradient = Nd4j.linspace(DataType.FLOAT, -1.0, 0.1, N);
    return gradient.putScalar(3, at3);
  }

  private static GradientUpdater<?> updater(IUpdater config, INDArray state) {
    GradientUpdater<?> updater = config.instantiate(state, false);
    if (state.rank() == 2) {
      updater.setStateViewArray(state, new long[] {N}, 'c', false);
    }
    return updater;
  }
}
