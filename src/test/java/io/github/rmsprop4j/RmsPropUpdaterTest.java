package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The updater by itself: state contract and errors. */
class RmsPropUpdaterTest {
  private static final RmsProp ALL = RmsProp.builder().centered(true).momentum(0.9).build();

  @Test
  void stateIsMeanSquareThenMeanThenMomentum() {
    INDArray view = Nd4j.valueArrayOf(new long[] {1, 12}, 7.0, DataType.FLOAT);
    RmsPropUpdater updater = ALL.instantiate(view, true);
    Bits.assertSame(
        new float[] {
          (float) 1e-8, (float) 1e-8, (float) 1e-8, (float) 1e-8, 0, 0, 0, 0, 0, 0, 0, 0
        },
        view.toFloatVector(),
        "initial state");
    assertEquals(List.of("G", "M", "B"), List.copyOf(updater.getState().keySet()));
    updater.getState().get("M").assign(1);
    updater.getState().get("B").assign(2);
    Bits.assertSame(
        new float[] {
          (float) 1e-8, (float) 1e-8, (float) 1e-8, (float) 1e-8, 1, 1, 1, 1, 2, 2, 2, 2
        },
        view.toFloatVector(),
        "state behind the keys");
  }

  @Test
  void everyElementOfUninitialisedStateIsWritten() {
    INDArray view = Nd4j.valueArrayOf(new long[] {30}, Double.NaN, DataType.DOUBLE);
    RmsProp.builder(Flavor.GRAVES).build().instantiate(view, true);
    assertEquals(0.0, view.sumNumber().doubleValue());
  }

  @Test
  void withoutInitialisationTheStateIsKept() {
    INDArray view = Nd4j.linspace(1, 12, 12, DataType.FLOAT);
    ALL.instantiate(view, false);
    assertEquals(Nd4j.linspace(1, 12, 12, DataType.FLOAT), view);
  }

  @Test
  void anFOrderViewHoldsTheStateInThatOrder() {
    INDArray view = Nd4j.create(DataType.FLOAT, 6);
    RmsPropUpdater updater = new RmsPropUpdater(new RmsProp());
    updater.setStateViewArray(view, new long[] {2, 3}, 'f', true);
    INDArray gradient = Nd4j.linspace(1, 6, 6, DataType.FLOAT).reshape('c', 2, 3);
    var builtIn =
        new org.nd4j.linalg.learning.RmsPropUpdater(new org.nd4j.linalg.learning.config.RmsProp());
    INDArray builtInView = Nd4j.create(DataType.FLOAT, 1, 6);
    builtIn.setStateViewArray(builtInView, new long[] {2, 3}, 'f', true);
    INDArray builtInGradient = gradient.dup();

    updater.applyUpdater(gradient, 0, 0);
    builtIn.applyUpdater(builtInGradient, 0, 0);

    Bits.assertSame(builtInGradient, gradient, "update");
    Bits.assertSame(builtInView, view, "flat state");
  }

  @Test
  void readsTheConfigurationAtEveryCall() {
    RmsProp config = new RmsProp(1.0);
    RmsPropUpdater updater = config.instantiate(Nd4j.create(DataType.DOUBLE, 1), true);
    INDArray first = Nd4j.createFromArray(1.0);
    updater.applyUpdater(first, 0, 0);
    config.setLearningRate(0);
    INDArray second = Nd4j.createFromArray(1.0);
    updater.applyUpdater(second, 1, 0);
    assertEquals(0.0, second.getDouble(0));
  }

  @Test
  void stateGoesFromOneUpdaterToAnotherByKey() {
    INDArray view = Nd4j.create(DataType.FLOAT, 12);
    RmsPropUpdater updater = ALL.instantiate(view, true);
    updater.applyUpdater(Nd4j.linspace(1, 4, 4, DataType.FLOAT), 0, 0);
    RmsPropUpdater loaded = ALL.instantiate(updater.getState(), false);
    INDArray expected = Nd4j.linspace(2, 5, 4, DataType.FLOAT);
    INDArray actual = expected.dup();
    INDArray stateBefore = view.dup();
    updater.applyUpdater(expected, 1, 0);
    view.assign(stateBefore);
    loaded.applyUpdater(actual, 1, 0);
    Bits.assertSame(expected, actual, "update");
  }

  private static void refused(
      Class<? extends Exception> type, String message, Executable executable) {
    assertEquals(message, assertThrows(type, executable).getMessage());
  }

  @Test
  void saysWhatIsWrongWithTheState() {
    RmsPropUpdater updater = new RmsPropUpdater(ALL);
    INDArray twelve = Nd4j.create(DataType.FLOAT, 12);
    refused(
        IllegalStateException.class,
        "Updater has not been initialized with view state: call setStateViewArray or setState",
        () -> updater.applyUpdater(twelve, 0, 0));
    refused(
        IllegalArgumentException.class,
        "the state view must have 15 elements for a gradient of shape [5], got 12",
        () -> updater.setStateViewArray(twelve, new long[] {5}, 'c', true));
    refused(
        IllegalArgumentException.class,
        "the state view must have a multiple of 3 elements, one for each of [G, M, B], got 11",
        () -> ALL.instantiate(Nd4j.create(DataType.FLOAT, 11), true));
    refused(
        IllegalArgumentException.class,
        "the state view must be a vector, got shape [3, 4]",
        () -> updater.setStateViewArray(twelve.reshape(3, 4), new long[] {4}, 'c', true));
    refused(
        IllegalArgumentException.class,
        "the state view must be a vector, got null",
        () -> ALL.instantiate((INDArray) null, true));
    refused(
        IllegalStateException.class,
        "the state must have the keys [G, M, B], got [G]",
        () -> ALL.instantiate(Map.of("G", twelve), false));
    refused(
        IllegalStateException.class,
        "the state must have the keys [G], got null",
        () -> new RmsProp().instantiate((Map<String, INDArray>) null, false));
    refused(
        IllegalArgumentException.class,
        "the state B must have the length and type of G, 12 FLOAT, got 11 FLOAT",
        () ->
            ALL.instantiate(
                Map.of("G", twelve, "M", twelve, "B", Nd4j.create(DataType.FLOAT, 11)), false));
    refused(
        IllegalArgumentException.class,
        "the state must be FLOAT, DOUBLE, HALF or BFLOAT16, got INT",
        () -> new RmsProp().instantiate(Nd4j.create(DataType.INT32, 3), true));
    refused(
        IllegalArgumentException.class, "config must not be null", () -> new RmsPropUpdater(null));
  }

  @Test
  void saysWhatIsWrongWithTheGradient() {
    RmsPropUpdater updater = new RmsProp().instantiate(Nd4j.create(DataType.FLOAT, 12), true);
    refused(
        IllegalArgumentException.class,
        "the gradient must have the length of the updater state, 12, got 13",
        () -> updater.applyUpdater(Nd4j.create(DataType.FLOAT, 13), 0, 0));
    refused(
        IllegalArgumentException.class,
        "the gradient must have the type of the updater state, FLOAT, got DOUBLE",
        () -> updater.applyUpdater(Nd4j.create(DataType.DOUBLE, 12), 0, 0));
    refused(
        IllegalArgumentException.class,
        "the gradient must not be null",
        () -> updater.applyUpdater(null, 0, 0));
  }

  @Test
  void aScheduleThatLeavesItsRangeIsRefusedBeforeAnythingChanges() {
    ISchedule bad = new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.5, 3, -1.0));
    INDArray state = Nd4j.create(DataType.FLOAT, 4);
    GradientUpdater<?> updater = new RmsProp(bad).instantiate(state, true);
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 4);
    INDArray before = state.dup();
    refused(
        IllegalArgumentException.class,
        "learningRate must be finite and >= 0, got -1.0 from its schedule at iteration 3, epoch 0",
        () -> updater.applyUpdater(gradient, 3, 0));
    assertEquals(Nd4j.ones(DataType.FLOAT, 4), gradient);
    assertEquals(before, state);
  }
}
