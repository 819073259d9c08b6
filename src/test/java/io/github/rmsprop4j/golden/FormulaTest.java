package io.github.rmsprop4j.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Reference;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * What no framework recorded (schedules, Nesterov momentum and bias correction in every
 * combination), against the formulas of {@link RmsProp} in double.
 */
class FormulaTest {
  private static final int STEPS = 60;
  private static final int N = 40;

  /**
   * Ulps of the largest update of an element so far. Measured over all rows: 8.2 and 7, with bias
   * correction and centering, where d cancels; without those 4.5 and 4.
   */
  private static final double FLOAT_ULPS = 9;

  private static final double DOUBLE_ULPS = 7;

  /** A schedule as a user would write it, from a function of the iteration. */
  record ByIteration(IntToDoubleFunction function) implements ISchedule {
    @Override
    public double valueAt(int iteration, int epoch) {
      return function.applyAsDouble(iteration);
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }

  /**
   * ρ of step t is 1 − 1/t: the plain average of all squares. With it v starts at 0, since the
   * first step of TensorFlow's v + (g² − v) rounds g² as coarsely as v was.
   */
  private static final ISchedule AVERAGE = new ByIteration(i -> 1 - 1 / (i + 1.0));

  private static final ISchedule RISING = new ByIteration(i -> Math.min(0.9, i / (i + 3.0)));
  private static final ISchedule DROPS = new StepSchedule(ScheduleType.ITERATION, 0.1, 0.1, 20);

  static Stream<Arguments> settings() {
    Stream.Builder<Arguments> rows = Stream.builder();
    for (Flavor flavor : new Flavor[] {Flavor.OPTAX, Flavor.PYTORCH, Flavor.TENSORFLOW1}) {
      for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
        row(
            rows,
            type,
            "decay schedule",
            RmsProp.builder(flavor).rmsDecaySchedule(AVERAGE).initialMeanSquare(0));
        row(rows, type, "rate schedule", RmsProp.builder(flavor).learningRateSchedule(DROPS));
        row(
            rows,
            type,
            "rate schedule with momentum",
            RmsProp.builder(flavor).learningRateSchedule(DROPS).momentum(0.9));
        row(rows, type, "momentum schedule", RmsProp.builder(flavor).momentumSchedule(RISING));
        row(rows, type, "Nesterov", RmsProp.builder(flavor).momentum(0.9).nesterov(true));
        row(
            rows,
            type,
            "Nesterov with schedules",
            RmsProp.builder(flavor)
                .momentumSchedule(RISING)
                .learningRateSchedule(DROPS)
                .rmsDecaySchedule(AVERAGE)
                .initialMeanSquare(0)
                .nesterov(true));
        row(rows, type, "bias correction", RmsProp.builder(flavor).biasCorrection(true));
        row(
            rows,
            type,
            "bias correction, Nesterov",
            RmsProp.builder(flavor).biasCorrection(true).momentum(0.5).nesterov(true));
        row(
            rows,
            type,
            "bias correction, centered",
            RmsProp.builder(flavor)
                .biasCorrection(true)
                .centered(true)
                .epsilonInsideSqrt(true)
                .epsilon(0.5));
      }
    }
    return rows.build();
  }

  private static void row(
      Stream.Builder<Arguments> rows, DataType type, String name, RmsProp.Builder builder) {
    RmsProp config = builder.build();
    rows.add(arguments(config.getFlavor() + ", " + type + ", " + name, type, config));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void isTheFormula(String name, DataType type, RmsProp config) {
    Random random = new Random(11);
    INDArray view = Nd4j.create(type, config.stateSize(N));
    GradientUpdater<?> updater = config.instantiate(view, true);
    Reference reference = Reference.of(config, N);
    double[] peak = new double[N];
    double furthest = 0;
    for (int t = 0; t < STEPS; t++) {
      INDArray gradient = Replay.array(type, random.doubles(N, -2, 2).toArray());
      double[] expected = reference.step(gradient.toDoubleVector(), t, 0);
      updater.applyUpdater(gradient, t, 0);
      for (int i = 0; i < N; i++) {
        peak[i] = Math.max(peak[i], Math.abs(expected[i]));
        double ulp = type == DataType.DOUBLE ? Math.ulp(peak[i]) : Math.ulp((float) peak[i]);
        furthest = Math.max(furthest, Math.abs(gradient.getDouble(i) - expected[i]) / ulp);
      }
    }
    double budget = type == DataType.DOUBLE ? DOUBLE_ULPS : FLOAT_ULPS;
    assertTrue(furthest <= budget, furthest + " ulp from the formula, accepted are " + budget);
  }

  @Test
  void decayOfOneMinusOneOverTimeIsTheMeanOfAllSquares() {
    RmsProp config =
        RmsProp.builder(Flavor.KERAS3).rmsDecaySchedule(AVERAGE).initialMeanSquare(0).build();
    INDArray view = Nd4j.create(DataType.DOUBLE, 1);
    GradientUpdater<?> updater = config.instantiate(view, true);
    for (int t = 0; t < 100; t++) {
      updater.applyUpdater(Nd4j.createFromArray((double) t), t, 0);
    }
    assertEquals(99 * 199 / 6.0, view.getDouble(0), 1e-10); // of 0², 1², ... 99²
  }
}
