package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** A trained SameDiff model trains on to the same bits when its updater was exchanged in place. */
class SameDiffSwapTest {
  private static final DataType TYPE = DataType.FLOAT;
  private static final int ITERATIONS = 100;

  @TempDir Path directory;

  @ParameterizedTest(name = "from {0}, {1} order")
  @CsvSource({"BUILT_IN, c", "BUILT_IN, f", "OURS, c", "OURS, f"})
  void aModelTrainsOnToTheSameBits(Implementation from, char order) {
    SameDiff uninterrupted = model(from.rmsProp(0.01), order);
    SameDiff swapped = model(from.rmsProp(0.01), order);
    fit(uninterrupted, 7);
    fit(swapped, 7);
    if (from == Implementation.BUILT_IN) {
      TrainedModels.fromBuiltIn(swapped);
    } else {
      TrainedModels.toBuiltIn(swapped);
    }
    assertUses(Implementation.values()[1 - from.ordinal()], swapped);
    assertSameModels(uninterrupted, swapped);
    fit(uninterrupted, ITERATIONS);
    fit(swapped, ITERATIONS);
    assertSameModels(uninterrupted, swapped);
  }

  @ParameterizedTest
  @EnumSource
  void aFileTrainsOnToTheSameBits(Implementation from) throws IOException {
    SameDiff uninterrupted = model(from.rmsProp(0.01), 'f');
    fit(uninterrupted, 7);
    Path in = directory.resolve("in.fb");
    Path out = directory.resolve("out.fb");
    uninterrupted.save(in.toFile(), true);
    byte[] before = Files.readAllBytes(in);
    if (from == Implementation.BUILT_IN) {
      TrainedModels.fromBuiltIn(in, out);
    } else {
      TrainedModels.toBuiltIn(in, out);
    }
    assertEquals(-1, java.util.Arrays.mismatch(before, Files.readAllBytes(in)));
    assertEquals(List.of(in, out), TrainedModelsFilesTest.files(directory));
    SameDiff swapped = SameDiff.load(out.toFile(), true);
    assertUses(Implementation.values()[1 - from.ordinal()], swapped);
    fit(uninterrupted, 10);
    fit(swapped, 10);
    assertSameModels(uninterrupted, swapped);
  }

  @Test
  void anUntrainedModelStartsTheSame() {
    SameDiff builtIn = model(Implementation.BUILT_IN.rmsProp(0.01), 'c');
    SameDiff ours = model(Implementation.BUILT_IN.rmsProp(0.01), 'c');
    TrainedModels.fromBuiltIn(ours);
    assertNull(ours.getUpdaterMap());
    fit(builtIn, 5);
    fit(ours, 5);
    assertUses(Implementation.OURS, ours);
    assertSameModels(builtIn, ours);
  }

  /** v is kept by every flavor, what is new is zero, and the model can be saved and goes on. */
  @ParameterizedTest
  @EnumSource
  void everyFlavorTakesATrainedModelOver(Flavor flavor) {
    SameDiff model = model(new RmsProp(0.01, 0.9, 1e-4), 'f');
    fit(model, 5);
    Map<String, INDArray> v = part(model, "G");
    RmsProp settings =
        RmsProp.builder(flavor).learningRate(1e-3).momentum(0.5).centered(true).build();
    TrainedModels.withUpdater(model, settings);
    assertEquals(settings, model.getTrainingConfig().getUpdater());
    part(model, "G").forEach((name, array) -> Bits.assertSame(v.get(name), array, name));
    for (String key : List.of("M", "B")) {
      part(model, key)
          .forEach((name, array) -> Bits.assertSame(v.get(name).like(), array, key + name));
    }

    Path file = directory.resolve("model.fb");
    model.save(file.toFile(), true);
    SameDiff resumed = SameDiff.load(file.toFile(), true);
    fit(model, 5);
    fit(resumed, 5);
    assertSameModels(model, resumed);
  }

  @Test
  void partsThatAreStillThereAreKept() {
    SameDiff model = model(RmsProp.builder().learningRate(0.01).momentum(0.9).build(), 'c');
    fit(model, 5);
    Map<String, INDArray> b = part(model, "B");
    TrainedModels.withUpdater(
        model, RmsProp.builder().learningRate(0.001).momentum(0.5).centered(true).build());
    part(model, "B").forEach((name, array) -> Bits.assertSame(b.get(name), array, name));
    TrainedModels.withUpdater(model, new RmsProp(0.01));
    model
        .getUpdaterMap()
        .values()
        .forEach(updater -> assertEquals(java.util.Set.of("G"), updater.getState().keySet()));
  }

  @Test
  void aRefusalChangesNothing() {
    RmsProp momentum = RmsProp.builder().learningRate(0.01).momentum(0.9).build();
    SameDiff model = model(momentum, 'c');
    fit(model, 1);
    GradientUpdater<?> before = model.getUpdaterMap().get("w");
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.toBuiltIn(model));
    assertTrue(error.getMessage().contains("no counterpart of momentum = 0.9"));
    assertSame(momentum, model.getTrainingConfig().getUpdater());
    assertSame(before, model.getUpdaterMap().get("w"));
  }

  /** Trained, v is what it is; before that it would start elsewhere. */
  @Test
  void anotherStartIsRefusedBeforeTrainingOnly() {
    RmsProp settings = RmsProp.builder().learningRate(0.01).initialMeanSquare(1).build();
    SameDiff model = model(settings, 'c');
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.toBuiltIn(model));
    assertTrue(error.getMessage().contains("no counterpart of initialMeanSquare = 1.0"));
    fit(model, 1);
    TrainedModels.toBuiltIn(model);
    assertUses(Implementation.BUILT_IN, model);
  }

  @Test
  void nothingToReplaceIsAnError() {
    SameDiff sgd = model(new Sgd(0.1), 'c');
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(sgd));
    assertEquals(
        "there is nothing to replace: the updater must be"
            + " org.nd4j.linalg.learning.config.RmsProp, got org.nd4j.linalg.learning.config.Sgd",
        error.getMessage());
    error =
        assertThrows(
            IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(SameDiff.create()));
    assertEquals(
        "the model must have a training configuration: call setTrainingConfig()",
        error.getMessage());
  }

  /** What does not fail and does nothing, or it need not be warned of. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aTrainingConfigurationAloneIsIgnoredOnceTrained(int trained) {
    SameDiff model = model(Implementation.BUILT_IN.rmsProp(0.01), 'c');
    fit(model, trained);
    model.setTrainingConfig(training(new RmsProp(0.01)));
    if (trained > 0) {
      Exception error =
          assertThrows(IllegalArgumentException.class, () -> TrainedModels.toBuiltIn(model));
      assertTrue(error.getMessage().contains("setTrainingConfig() is ignored"));
    }
    fit(model, 1);
    assertUses(Implementation.values()[1 - trained], model);
  }

  private static void assertUses(Implementation implementation, SameDiff model) {
    assertEquals(2, model.getUpdaterMap().size());
    model
        .getUpdaterMap()
        .values()
        .forEach(
            updater ->
                assertEquals(implementation.className(), updater.getConfig().getClass().getName()));
  }

  private static void assertSameModels(SameDiff expected, SameDiff actual) {
    assertEquals(
        expected.getTrainingConfig().getIterationCount(),
        actual.getTrainingConfig().getIterationCount());
    for (String name : List.of("w", "b")) {
      Bits.assertSame(expected.getVariable(name).getArr(), actual.getVariable(name).getArr(), name);
    }
    part(expected, "G")
        .forEach((name, v) -> Bits.assertSame(v, part(actual, "G").get(name), "v of " + name));
  }

  private static Map<String, INDArray> part(SameDiff model, String key) {
    Map<String, INDArray> parts = new TreeMap<>();
    model
        .getUpdaterMap()
        .forEach((name, u) -> parts.put(name, ((INDArray) u.getState().get(key)).dup()));
    assertEquals(2, parts.size());
    return parts;
  }

  private static void fit(SameDiff model, int iterations) {
    List<MultiDataSet> data = Networks.vectors(TYPE);
    for (int i = 0; i < iterations; i++) {
      model.fit(new SingletonMultiDataSetIterator(data.get(i % data.size())), 1);
    }
  }

  private static SameDiff model(IUpdater updater, char order) {
    SameDiff model = SameDiff.create();
    Random random = new Random(Networks.SEED);
    SDVariable x = model.placeHolder("x", TYPE, -1, Networks.INPUTS);
    SDVariable y = model.placeHolder("y", TYPE, -1, Networks.CLASSES);
    SDVariable w = model.var("w", weights(random, order, Networks.INPUTS, Networks.CLASSES));
    SDVariable b = model.var("b", weights(random, order, Networks.CLASSES));
    SDVariable difference = model.math().tanh(x.mmul(w).add(b)).sub(y);
    model.setLossVariables(difference.mul(difference).mean().name());
    model.setTrainingConfig(training(updater));
    return model;
  }

  private static TrainingConfig training(IUpdater updater) {
    return TrainingConfig.builder()
        .updater(updater)
        .dataSetFeatureMapping("x")
        .dataSetLabelMapping("y")
        .build();
  }

  private static INDArray weights(Random random, char order, long... shape) {
    return Networks.normal(random, TYPE, shape).mul(0.3).dup(order);
  }
}
