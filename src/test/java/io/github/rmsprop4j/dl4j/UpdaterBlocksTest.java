package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.RmsProp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * DL4J updates neighbouring parameters of equal settings as one block, and cuts the state anew when
 * the settings change.
 */
@Tag("compat")
class UpdaterBlocksTest {
  private static final DataType TYPE = DataType.FLOAT;
  private static final int EPOCHS = 2;

  private final List<MultiDataSet> data = Networks.vectors(TYPE);

  @Test
  void equalSettingsAreOneBlock() {
    assertEquals(
        List.of("layer0-W layer0-b layer1-W layer1-b layer2-W layer2-b"),
        UpdaterBlocks.of(Networks.mlp(new RmsProp(0.01), TYPE)));
    assertEquals(
        List.of("layer0-W layer0-b layer1-W layer1-b"),
        UpdaterBlocks.of(perLayer(new RmsProp(0.01), new RmsProp(0.01))));
    assertEquals(
        List.of("layer0-W layer0-b layer1-W layer1-b"),
        UpdaterBlocks.of(
            perLayer(
                new RmsProp(new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.5)),
                new RmsProp(new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.5)))));
  }

  static Stream<Arguments> unequalSettings() {
    return Stream.of(
        arguments("learning rate", new RmsProp(0.02, 0.9, 1e-6)),
        arguments("decay", new RmsProp(0.01, 0.8, 1e-6)),
        arguments("epsilon", new RmsProp(0.01, 0.9, 1e-7)),
        arguments("schedule", new RmsProp(new ExponentialSchedule(ScheduleType.EPOCH, 0.01, 0.9))),
        arguments(
            "the built-in updater", new org.nd4j.linalg.learning.config.RmsProp(0.01, 0.9, 1e-6)));
  }

  @Test
  void unequalSchedulesAreTwoBlocks() {
    assertEquals(
        2,
        UpdaterBlocks.of(
                perLayer(
                    new RmsProp(new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.5)),
                    new RmsProp(new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.6))))
            .size());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unequalSettings")
  void unequalSettingsAreTwoBlocks(String what, IUpdater other) {
    List<String> two = List.of("layer0-W layer0-b", "layer1-W layer1-b");
    assertEquals(two, UpdaterBlocks.of(perLayer(new RmsProp(0.01, 0.9, 1e-6), other)));
    assertEquals(two, UpdaterBlocks.of(perLayer(other, new RmsProp(0.01, 0.9, 1e-6))));
  }

  static Stream<Arguments> mixed() {
    List<Arguments> rows = new ArrayList<>();
    rows.add(mixed("by layer", 2, i -> perLayer(i.rmsProp(0.01), i.rmsProp(0.02))));
    rows.add(mixed("with Adam", 2, i -> perLayer(i.rmsProp(0.01), new Adam(0.01))));
    rows.add(mixed("with Sgd", 2, i -> perLayer(new Sgd(0.1), i.rmsProp(0.02))));
    rows.add(mixed("biases by another", 4, i -> biases(i.rmsProp(0.01), i.rmsProp(0.1))));
    rows.add(mixed("biases by Adam", 4, i -> biases(i.rmsProp(0.01), new Adam(0.01))));
    rows.add(mixed("weights by Sgd", 4, i -> biases(new Sgd(0.1), i.rmsProp(0.01))));
    rows.add(mixed("ours beside the built-in", 2, UpdaterBlocksTest::besideTheBuiltIn));
    rows.add(mixed("one instance in all layers", 1, UpdaterBlocksTest::oneInstance));
    rows.add(mixed("frozen layer", 1, UpdaterBlocksTest::frozen));
    return rows.stream();
  }

  private static Arguments mixed(
      String name, int blocks, Function<Implementation, MultiLayerNetwork> network) {
    return arguments(name, blocks, network);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mixed")
  void mixedUpdatersTrainToTheSameBits(
      String name, int blocks, Function<Implementation, MultiLayerNetwork> network) {
    MultiLayerNetwork ours = network.apply(Implementation.OURS);
    assertEquals(blocks, UpdaterBlocks.of(ours).size());
    History expected = History.of(network.apply(Implementation.BUILT_IN), data, EPOCHS);
    History actual = History.of(ours, data, EPOCHS);
    History.assertSame(expected, actual);
    actual.assertTrained();
  }

  private static MultiLayerNetwork perLayer(IUpdater first, IUpdater second) {
    return Networks.init(
        Networks.base(new Sgd(0.1), TYPE)
            .list()
            .layer(new DenseLayer.Builder().nIn(Networks.INPUTS).nOut(9).updater(first).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .activation(Activation.SOFTMAX)
                    .nIn(9)
                    .nOut(Networks.CLASSES)
                    .updater(second)
                    .build())
            .build());
  }

  private static MultiLayerNetwork biases(IUpdater weights, IUpdater biases) {
    NeuralNetConfiguration.Builder base = Networks.base(weights, TYPE).biasUpdater(biases);
    return Networks.init(
        base.list().layer(Networks.dense(Networks.INPUTS, 9)).layer(Networks.output(9)).build());
  }

  private static MultiLayerNetwork besideTheBuiltIn(Implementation implementation) {
    return perLayer(implementation.rmsProp(0.01), Implementation.BUILT_IN.rmsProp(0.02));
  }

  private static MultiLayerNetwork oneInstance(Implementation implementation) {
    IUpdater shared = implementation.rmsProp(0.01);
    return perLayer(shared, shared);
  }

  private static MultiLayerNetwork frozen(Implementation implementation) {
    return Networks.init(
        Networks.base(implementation.rmsProp(0.01), TYPE)
            .list()
            .layer(new FrozenLayerWithBackprop(Networks.dense(Networks.INPUTS, 9)))
            .layer(Networks.output(9))
            .build());
  }

  @ParameterizedTest
  @EnumSource
  void aNewRateForOneLayerSplitsAndBackAgainMerges(Implementation implementation) {
    MultiLayerNetwork changed = Networks.mlp(implementation.rmsProp(0.01), TYPE);
    History.of(changed, data, EPOCHS);
    MultiLayerNetwork untouched = Networks.mlp(implementation.rmsProp(0.01), TYPE);
    History.of(untouched, data, EPOCHS);

    INDArray state = changed.updaterState().dup();
    changed.setLearningRate(1, 0.5);
    assertEquals(
        List.of("layer0-W layer0-b", "layer1-W layer1-b", "layer2-W layer2-b"),
        UpdaterBlocks.of(changed));
    Bits.assertSame(state, changed.updaterState(), "state after the split");

    changed.setLearningRate(1, 0.01);
    assertEquals(1, UpdaterBlocks.of(changed).size());
    Bits.assertSame(state, changed.updaterState(), "state after the merge");
    History.assertSame(History.of(untouched, data, EPOCHS), History.of(changed, data, EPOCHS));
  }

  static Stream<Arguments> rateChanges() {
    return Stream.of(
        change("all layers", network -> network.setLearningRate(0.003)),
        change("one layer", network -> network.setLearningRate(1, 0.003)),
        change(
            "a schedule for all layers",
            network ->
                network.setLearningRate(
                    new ExponentialSchedule(ScheduleType.ITERATION, 0.03, 0.9))),
        change(
            "a schedule for one layer",
            network ->
                network.setLearningRate(
                    2, new ExponentialSchedule(ScheduleType.ITERATION, 0.03, 0.9))));
  }

  private static Arguments change(String name, Consumer<MultiLayerNetwork> change) {
    return arguments(name, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rateChanges")
  void trainsToTheSameBitsAfterANewRate(String name, Consumer<MultiLayerNetwork> change) {
    MultiLayerNetwork builtIn = Networks.mlp(Implementation.BUILT_IN.rmsProp(0.01), TYPE);
    MultiLayerNetwork ours = Networks.mlp(Implementation.OURS.rmsProp(0.01), TYPE);
    MultiLayerNetwork unchanged = Networks.mlp(Implementation.OURS.rmsProp(0.01), TYPE);
    for (MultiLayerNetwork network : List.of(builtIn, ours, unchanged)) {
      History.of(network, data, EPOCHS);
    }
    change.accept(builtIn);
    change.accept(ours);
    History.assertSame(History.of(builtIn, data, EPOCHS), History.of(ours, data, EPOCHS));

    History.of(unchanged, data, EPOCHS);
    assertNotEquals(
        0, History.distance(unchanged.params(), ours.params())); // the change does something
  }

  @Test
  void aGraphTrainsToTheSameBitsAfterANewRateForOneLayer() {
    List<History> histories = new ArrayList<>();
    for (Implementation implementation : Implementation.values()) {
      ComputationGraph graph =
          Networks.init(Networks.residual(Networks.base(implementation.rmsProp(0.01), TYPE)));
      History.of(graph, data, EPOCHS);
      graph.setLearningRate("second", 0.5);
      assertEquals(3, UpdaterBlocks.of(graph).size());
      histories.add(History.of(graph, data, EPOCHS));
    }
    History.assertSame(histories.get(0), histories.get(1));
  }

  @Test
  void goesOnInDoubleToTheSameBits() {
    List<History> histories = new ArrayList<>();
    for (Implementation implementation : Implementation.values()) {
      MultiLayerNetwork network = Networks.mlp(implementation.rmsProp(0.01), TYPE);
      History.of(network, data, EPOCHS);
      MultiLayerNetwork converted = network.convertDataType(DataType.DOUBLE);
      Bits.assertSame(
          network.updaterState().castTo(DataType.DOUBLE), converted.updaterState(), "state");
      histories.add(History.of(converted, Networks.vectors(DataType.DOUBLE), EPOCHS));
    }
    History.assertSame(histories.get(0), histories.get(1));
  }

  @Test
  void aCloneGoesOnAlone() {
    MultiLayerNetwork original = Networks.mlp(new RmsProp(0.01), TYPE);
    History.of(original, data, EPOCHS);
    INDArray parameters = original.params().dup();
    INDArray state = original.updaterState().dup();

    MultiLayerNetwork clone = original.clone();
    History ofClone = History.of(clone, data, EPOCHS);
    Bits.assertSame(parameters, original.params(), "the original's parameter");
    Bits.assertSame(state, original.updaterState(), "the original's state");
    History.assertSame(History.of(original, data, EPOCHS), ofClone);
  }

  /** They share nothing but the settings, which hold no training state. */
  @Test
  void networksThatShareAnInstanceTrainAlone() throws Exception {
    RmsProp shared = new RmsProp(new ExponentialSchedule(ScheduleType.ITERATION, 0.05, 0.8));
    MultiLayerNetwork first = Networks.mlp(shared, TYPE);
    MultiLayerNetwork second = Networks.mlp(shared, TYPE);
    Callable<History> train = () -> History.of(first, data, EPOCHS);
    Callable<History> trainToo = () -> History.of(second, data, EPOCHS);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<History>> histories = threads.invokeAll(List.of(train, trainToo));
      History alone = History.of(Networks.mlp(shared.clone(), TYPE), data, EPOCHS);
      for (Future<History> history : histories) {
        History.assertSame(alone, history.get());
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void fineTunesToTheSameBits() {
    List<History> histories = new ArrayList<>();
    for (Implementation implementation : Implementation.values()) {
      MultiLayerNetwork trained = Networks.mlp(implementation.rmsProp(0.01), TYPE);
      History.of(trained, data, EPOCHS);
      MultiLayerNetwork transferred =
          new TransferLearning.Builder(trained)
              .fineTuneConfiguration(fineTuning(implementation))
              .setFeatureExtractor(0)
              .build();
      assertEquals(
          List.of("layer0-W layer0-b", "layer1-W layer1-b layer2-W layer2-b"),
          UpdaterBlocks.of(transferred));
      INDArray frozen = transferred.getLayer(0).params().dup();
      histories.add(History.of(transferred, data, EPOCHS));
      Bits.assertSame(frozen, transferred.getLayer(0).params(), "frozen parameter");
    }
    History.assertSame(histories.get(0), histories.get(1));
    histories.get(1).assertTrained();
  }

  @Test
  void fineTunesAGraphToTheSameBits() {
    List<History> histories = new ArrayList<>();
    for (Implementation implementation : Implementation.values()) {
      ComputationGraph trained =
          Networks.init(Networks.residual(Networks.base(implementation.rmsProp(0.01), TYPE)));
      History.of(trained, data, EPOCHS);
      NeuralNetwork transferred =
          new TransferLearning.GraphBuilder(trained)
              .fineTuneConfiguration(fineTuning(implementation))
              .setFeatureExtractor("first")
              .build();
      histories.add(History.of(transferred, data, EPOCHS));
    }
    History.assertSame(histories.get(0), histories.get(1));
    histories.get(1).assertTrained();
  }

  private static FineTuneConfiguration fineTuning(Implementation implementation) {
    return new FineTuneConfiguration.Builder()
        .seed(Networks.SEED)
        .updater(implementation.rmsProp(0.003))
        .build();
  }

  static Stream<Arguments> pretrainings() {
    Function<Implementation, MultiLayerNetwork> autoEncoder =
        implementation ->
            Networks.init(
                Networks.base(implementation.rmsProp(0.01), TYPE)
                    .list()
                    .layer(
                        new AutoEncoder.Builder()
                            .nIn(Networks.INPUTS)
                            .nOut(5)
                            .corruptionLevel(0.3)
                            .build())
                    .layer(Networks.output(5))
                    .build());
    Function<Implementation, MultiLayerNetwork> variational =
        implementation -> Networks.init(variational(implementation.rmsProp(0.01)));
    return Stream.of(
        arguments("auto-encoder", autoEncoder), arguments("variational auto-encoder", variational));
  }

  private static MultiLayerConfiguration variational(IUpdater updater) {
    return Networks.base(updater, TYPE)
        .list()
        .layer(
            new VariationalAutoencoder.Builder()
                .nIn(Networks.INPUTS)
                .nOut(3)
                .encoderLayerSizes(6)
                .decoderLayerSizes(6)
                .build())
        .layer(Networks.output(3))
        .build();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pretrainings")
  void pretrainsToTheSameBits(String name, Function<Implementation, MultiLayerNetwork> network) {
    INDArray features = Networks.normal(new Random(1), TYPE, 6, Networks.INPUTS);
    MultiLayerNetwork builtIn = network.apply(Implementation.BUILT_IN);
    MultiLayerNetwork ours = network.apply(Implementation.OURS);
    INDArray before = ours.params().dup();
    for (int i = 0; i < 5; i++) {
      for (MultiLayerNetwork each : List.of(builtIn, ours)) {
        Nd4j.getRandom()
            .setSeed(Networks.SEED + i); // corruption, sampling; ND4J takes 0 for "any seed"
        each.pretrainLayer(0, features);
      }
      Bits.assertSame(builtIn.params(), ours.params(), "parameter after call " + i);
    }
    assertNotEquals(0, History.distance(before, ours.params()));
    assertTrue(Double.isFinite(ours.params().sumNumber().doubleValue()));

    // Then the whole network.
    History.assertSame(History.of(builtIn, data, EPOCHS), History.of(ours, data, EPOCHS));
  }
}
