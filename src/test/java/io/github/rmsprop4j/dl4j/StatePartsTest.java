package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Settings that the built-in updater does not have, and whose state has up to three parts: DL4J
 * cuts, moves and saves it by blocks, each of which holds its parts one after the other.
 */
class StatePartsTest {
  private static final int EPOCHS = 2;

  static Stream<Arguments> settings() {
    ISchedule rising = new WarmUp(0.9, 5);
    ISchedule falling = new ExponentialSchedule(ScheduleType.ITERATION, 0.05, 0.9);
    List<Arguments> rows = new ArrayList<>();
    rows.add(arguments("momentum", 2, base().momentum(0.9).build()));
    rows.add(arguments("centered", 2, base().centered(true).build()));
    rows.add(arguments("both", 3, base().momentum(0.9).centered(true).build()));
    rows.add(
        arguments(
            "Nesterov, centered", 3, base().momentum(0.9).nesterov(true).centered(true).build()));
    rows.add(arguments("bias correction", 1, base().biasCorrection(true).build()));
    rows.add(
        arguments(
            "schedules",
            3,
            base()
                .learningRateSchedule(falling)
                .learningRate(Double.NaN) // as DL4J sets it beside a schedule
                .rmsDecaySchedule(rising)
                .momentumSchedule(rising)
                .centered(true)
                .build()));
    for (Flavor flavor : Flavor.values()) {
      if (flavor != Flavor.DL4J) {
        rows.add(arguments(flavor + ", momentum", flavorParts(flavor), momentumOf(flavor)));
      }
    }
    return rows.stream();
  }

  private static RmsProp.Builder base() {
    return RmsProp.builder().learningRate(0.01).rmsDecay(0.9).epsilon(1e-3);
  }

  private static RmsProp momentumOf(Flavor flavor) {
    return RmsProp.builder(flavor).learningRate(0.01).momentum(0.8).build();
  }

  private static int flavorParts(Flavor flavor) {
    return momentumOf(flavor).isCentered() ? 3 : 2;
  }

  static Stream<Arguments> settingsAndTypes() {
    RmsProp both = base().momentum(0.9).centered(true).build();
    return Stream.concat(
        settings()
            .map(Arguments::get)
            .map(row -> arguments(DataType.FLOAT, row[0], row[1], row[2])),
        Stream.of(DataType.DOUBLE, DataType.FLOAT16).map(type -> arguments(type, "both", 3, both)));
  }

  @ParameterizedTest(name = "{1}, {0}")
  @MethodSource("settingsAndTypes")
  void aNetworkResumesToTheSameBits(DataType type, String name, int parts, RmsProp settings)
      throws IOException {
    List<MultiDataSet> data = Networks.vectors(type);
    MultiLayerNetwork uninterrupted = Networks.mlp(settings, type);
    History.of(uninterrupted, data, EPOCHS).assertTrained();
    assertEquals(parts * uninterrupted.numParams(), uninterrupted.updaterState().length());
    byte[] saved = save(uninterrupted);
    MultiLayerNetwork resumed = load(saved, true);
    MultiLayerNetwork stateless = load(saved, false);

    History expected = History.of(uninterrupted, data, EPOCHS);
    History.assertSame(expected, History.of(resumed, data, EPOCHS));
    History other = History.of(stateless, data, EPOCHS);
    assertThrows(AssertionError.class, () -> History.assertSame(expected, other));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void aGraphResumesToTheSameBits(String name, int parts, RmsProp settings) throws IOException {
    List<MultiDataSet> data = Networks.vectors(DataType.FLOAT);
    ComputationGraph uninterrupted =
        Networks.init(Networks.residual(Networks.base(settings, DataType.FLOAT)));
    History.of(uninterrupted, data, EPOCHS);
    ComputationGraph resumed =
        ModelSerializer.restoreComputationGraph(
            new ByteArrayInputStream(save(uninterrupted)), true);
    History.assertSame(History.of(uninterrupted, data, EPOCHS), History.of(resumed, data, EPOCHS));
  }

  /** DL4J cuts the parts of one block into those of three, and back. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void aNewRateForOneLayerSplitsAndBackAgainMerges(String name, int parts, RmsProp settings) {
    List<MultiDataSet> data = Networks.vectors(DataType.FLOAT);
    MultiLayerNetwork untouched = Networks.mlp(settings, DataType.FLOAT);
    MultiLayerNetwork changed = Networks.mlp(settings.clone(), DataType.FLOAT);
    History.of(untouched, data, EPOCHS);
    History.of(changed, data, EPOCHS);

    INDArray state = changed.updaterState().dup();
    changed.setLearningRate(1, 0.5);
    assertEquals(3, UpdaterBlocks.of(changed).size());
    if (settings.getLearningRateSchedule() == null) {
      changed.setLearningRate(1, settings.getLearningRate());
    } else {
      changed.setLearningRate(1, settings.getLearningRateSchedule());
    }
    assertEquals(1, UpdaterBlocks.of(changed).size());
    Bits.assertSame(state, changed.updaterState(), "state");
    History.assertSame(History.of(untouched, data, EPOCHS), History.of(changed, data, EPOCHS));
  }

  /** A policy for gradients that do not occur splits the block and changes nothing else. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void twoBlocksTrainAsOne(String name, int parts, RmsProp settings) {
    MultiLayerNetwork one = perLayer(settings, settings);
    MultiLayerNetwork two = perLayer(settings, withPolicy(settings));
    assertEquals(1, UpdaterBlocks.of(one).size());
    assertEquals(2, UpdaterBlocks.of(two).size());
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (MultiDataSet batch : Networks.vectors(DataType.FLOAT)) {
        one.fit(batch);
        two.fit(batch);
        Bits.assertSame(one.params(), two.params(), "parameters in epoch " + epoch);
      }
    }
    assertTrue(Double.isFinite(two.params().sumNumber().doubleValue()));
  }

  private static RmsProp withPolicy(RmsProp settings) {
    return RmsProp.builder(settings.getFlavor())
        .learningRateSchedule(settings.getLearningRateSchedule())
        .learningRate(settings.getLearningRate())
        .rmsDecay(settings.getRmsDecay())
        .rmsDecaySchedule(settings.getRmsDecaySchedule())
        .epsilon(settings.getEpsilon())
        .momentum(settings.getMomentum())
        .momentumSchedule(settings.getMomentumSchedule())
        .nesterov(settings.isNesterov())
        .centered(settings.isCentered())
        .biasCorrection(settings.isBiasCorrection())
        .nonFinite(NonFinitePolicy.THROW)
        .build();
  }

  private static MultiLayerNetwork perLayer(RmsProp first, RmsProp second) {
    return Networks.init(
        Networks.base(first, DataType.FLOAT)
            .list()
            .layer(new DenseLayer.Builder().nIn(Networks.INPUTS).nOut(9).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .activation(Activation.SOFTMAX)
                    .nIn(9)
                    .nOut(Networks.CLASSES)
                    .updater(second)
                    .build())
            .build());
  }

  private static byte[] save(Model network) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, true);
    return bytes.toByteArray();
  }

  private static MultiLayerNetwork load(byte[] saved, boolean updater) throws IOException {
    return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(saved), updater);
  }
}
