package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.databind.ObjectMapper;

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

  private static Map<String, INDArray> parts(INDArray v, INDArray m, INDArray b) {
    Map<String, INDArray> parts = new LinkedHashMap<>();
    parts.put("G", v);
    parts.put("M", m);
    parts.put("B", b);
    return parts;
  }

  @Test
  void everyPartOfTheStateIsChecked() {
    INDArray good = Nd4j.ones(DataType.FLOAT, 12);
    INDArray unsuited = Nd4j.ones(DataType.FLOAT, 12);
    for (Object[] bad :
        new Object[][] {
          {null, "null"},
          {Nd4j.ones(DataType.FLOAT, 11), "11 FLOAT"},
          {Nd4j.ones(DataType.FLOAT, 13), "13 FLOAT"},
          {Nd4j.ones(DataType.DOUBLE, 12), "12 DOUBLE"},
          {Nd4j.ones(DataType.FLOAT16, 12), "12 HALF"}
        }) {
      INDArray part = (INDArray) bad[0];
      String message =
          part == null
              ? " must be FLOAT, DOUBLE, HALF or BFLOAT16, got null"
              : " must have the length and type of G, 12 FLOAT, got " + bad[1];
      refused(
          IllegalArgumentException.class,
          "the state M" + message,
          () -> ALL.instantiate(parts(unsuited, part, good), true));
      refused(
          IllegalArgumentException.class,
          "the state B" + message,
          () -> ALL.instantiate(parts(unsuited, good, part), true));
    }
    refused(
        IllegalArgumentException.class,
        "the state G must be FLOAT, DOUBLE, HALF or BFLOAT16, got null",
        () -> ALL.instantiate(parts(null, good, good), true));
    refused(
        IllegalStateException.class,
        "the state must have the keys [G], got [G, M, B]",
        () -> new RmsProp().instantiate(parts(good, good, good), true));
    assertEquals(Nd4j.ones(DataType.FLOAT, 12), unsuited, "nothing may be changed");
    assertEquals(Nd4j.ones(DataType.FLOAT, 12), good, "nothing may be changed");
  }

  /** There are no setters for them, but Jackson writes fields, into an object that exists too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|{'centered': true}|[G, M], got [G]",
        "{}|{'momentum': 0.9}|[G, B], got [G]",
        "{'centered': true, 'momentum': 0.9}|{'centered': false}|[G, B], got [G, M, B]",
        "{'centered': true, 'momentum': 0.9}|{'momentum': 0}|[G, M], got [G, M, B]",
        "{'centered': true}|{'centered': false, 'momentum': 0.9}|[G, B], got [G, M]"
      })
  void aStateThatNoLongerFitsTheSettingsIsRefused(String first, String then, String keys)
      throws IOException {
    RmsProp config = new RmsProp();
    write(first, config);
    INDArray state = Nd4j.ones(DataType.FLOAT, config.stateSize(12));
    INDArray before = state.dup();
    RmsPropUpdater updater = config.instantiate(state, false);
    write(then, config);
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 12);
    refused(
        IllegalStateException.class,
        "the state must have the keys "
            + keys
            + ": centered or momentum was switched on or off since it was made",
        () -> updater.applyUpdater(gradient, 0, 0));
    assertEquals(Nd4j.ones(DataType.FLOAT, 12), gradient);
    assertEquals(before, state);
    write("{'centered': false, 'momentum': 0}", config);
    write(first, config);
    updater.applyUpdater(gradient.muli(2), 0, 0);
    assertNotEquals(before, state);
  }

  private static void write(String json, RmsProp config) throws IOException {
    ObjectMapper mapper = NeuralNetConfiguration.mapper().copy();
    mapper.readerForUpdating(config).readValue(json.replace('\'', '"'));
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
