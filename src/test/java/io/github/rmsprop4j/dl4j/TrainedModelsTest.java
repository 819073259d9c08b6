package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.RampSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** A trained network trains on to the same bits when its updater was exchanged. */
@Tag("compat")
class TrainedModelsTest {
  private static final DataType TYPE = DataType.FLOAT;
  private static final int EPOCHS = 2;

  static Stream<Arguments> networks() {
    return Stream.of(
        row(
            "three blocks and a bidirectional layer, 100 iterations",
            i -> Networks.init(threeBlocks(i))),
        row("graph", i -> Networks.init(graph(i))),
        row("wrappers", i -> Networks.init(wrappers(i))),
        row(
            "rate and schedule set after building",
            i -> {
              MultiLayerNetwork network = Networks.init(threeBlocks(i));
              History.of(network, Networks.sequences(TYPE, 3), 1);
              network.setLearningRate(2, new StepSchedule(ScheduleType.EPOCH, 0.05, 0.5, 2));
              network.setLearningRate(1, 0.002);
              return network;
            }),
        arguments(
            "a layer of SameDiff",
            (Function<Implementation, NeuralNetwork>)
                i -> Networks.init(Networks.convolutionZoo(base(i))),
            Networks.images(TYPE, 8)),
        arguments(
            "trained before frozen",
            (Function<Implementation, NeuralNetwork>)
                i -> Networks.init(Networks.trainedBeforeFrozen(base(i))),
            Networks.vectors(TYPE)),
        arguments(
            "variational auto-encoder",
            (Function<Implementation, NeuralNetwork>) i -> Networks.init(variational(i)),
            Networks.vectors(TYPE)));
  }

  private static Arguments row(String name, Function<Implementation, NeuralNetwork> network) {
    return arguments(name, network, Networks.sequences(TYPE, 3));
  }

  static Stream<Arguments> crossings() {
    return networks()
        .map(Arguments::get)
        .flatMap(
            row ->
                Stream.of(Implementation.values())
                    .map(from -> arguments(from, row[0], row[1], row[2])));
  }

  private static NeuralNetConfiguration.Builder base(Implementation i) {
    return Networks.base(i.rmsProp(0.01), TYPE);
  }

  /** And a fourth of another updater, and one of biases. */
  static MultiLayerConfiguration threeBlocks(Implementation i) {
    return base(i)
        .biasUpdater(i.rmsProp(0.03))
        .l2(1e-3)
        .list()
        .layer(
            new Bidirectional(
                Bidirectional.Mode.CONCAT,
                new LSTM.Builder().nOut(4).updater(i.rmsProp(0.004, 0.8, 1e-6)).build()))
        .layer(new SimpleRnn.Builder().nOut(5).updater(new Adam(0.01)).build())
        .layer(
            new SimpleRnn.Builder()
                .nOut(6)
                .updater(i.rmsProp(new ExponentialSchedule(ScheduleType.ITERATION, 0.05, 0.98)))
                .build())
        .layer(Networks.rnnOutput(6))
        .setInputType(InputType.recurrent(Networks.INPUTS))
        .build();
  }

  private static ComputationGraphConfiguration graph(Implementation i) {
    return base(i)
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.recurrent(Networks.INPUTS))
        .addLayer(
            "both ways",
            new Bidirectional(
                Bidirectional.Mode.ADD,
                new LSTM.Builder().nOut(4).updater(i.rmsProp(0.004)).build()),
            "in")
        .addLayer("one way", new SimpleRnn.Builder().nOut(5).updater(i.rmsProp(0.02)).build(), "in")
        .addVertex("all", new MergeVertex(), "both ways", "one way")
        .addLayer("out", Networks.rnnOutput(9), "all")
        .setOutputs("out")
        .build();
  }

  private static MultiLayerConfiguration wrappers(Implementation i) {
    return base(i)
        .list()
        .layer(new FrozenLayer(new LSTM.Builder().nIn(Networks.INPUTS).nOut(4).build()))
        .layer(new TimeDistributed(new DenseLayer.Builder().nIn(4).nOut(5).build(), RNNFormat.NCW))
        .layer(new FrozenLayerWithBackprop(new SimpleRnn.Builder().nIn(5).nOut(5).build()))
        .layer(
            new SimpleRnn.Builder()
                .nIn(5)
                .nOut(6)
                .updater(i.rmsProp(0.02))
                .biasUpdater(i.rmsProp(0.04))
                .build())
        .layer(Networks.rnnOutput(6))
        .setInputType(InputType.recurrent(Networks.INPUTS))
        .build();
  }

  private static MultiLayerConfiguration variational(Implementation i) {
    return base(i)
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

  @ParameterizedTest(name = "from {0}: {1}")
  @MethodSource("crossings")
  void aNetworkTrainsOnToTheSameBits(
      Implementation from,
      String name,
      Function<Implementation, NeuralNetwork> network,
      List<MultiDataSet> data) {
    NeuralNetwork uninterrupted = network.apply(from);
    History.of(uninterrupted, data, EPOCHS);
    INDArray parameters = uninterrupted.params().dup();
    INDArray state = uninterrupted.updaterState().dup();

    NeuralNetwork swapped = swapped(from, uninterrupted);
    assertUses(Implementation.values()[1 - from.ordinal()], swapped);
    int epochs = name.endsWith("100 iterations") ? 100 / data.size() : EPOCHS;
    History ofSwapped = History.of(swapped, data, epochs);
    Bits.assertSame(parameters, uninterrupted.params(), "the given network's parameter");
    Bits.assertSame(state, uninterrupted.updaterState(), "the given network's state");
    History.assertSame(History.of(uninterrupted, data, epochs), ofSwapped);
  }

  private static NeuralNetwork swapped(Implementation from, NeuralNetwork network) {
    boolean builtIn = from == Implementation.BUILT_IN;
    if (network instanceof ComputationGraph graph) {
      return builtIn ? TrainedModels.fromBuiltIn(graph) : TrainedModels.toBuiltIn(graph);
    }
    MultiLayerNetwork multiLayer = (MultiLayerNetwork) network;
    return builtIn ? TrainedModels.fromBuiltIn(multiLayer) : TrainedModels.toBuiltIn(multiLayer);
  }

  /** Whatever is RMSprop, and other updaters as they were. */
  static void assertUses(Implementation implementation, NeuralNetwork network) {
    List<String> names =
        UpdaterBlocks.updater(network).getUpdaterBlocks().stream()
            .map(block -> block.getGradientUpdater().getConfig().getClass().getName())
            .filter(name -> name.endsWith(".RmsProp"))
            .toList();
    assertFalse(names.isEmpty());
    names.forEach(name -> assertEquals(implementation.className(), name));
  }

  @Test
  void countsAndListenersAreKept() {
    MultiLayerNetwork network = Networks.init(threeBlocks(Implementation.BUILT_IN));
    History.of(network, Networks.sequences(TYPE, 3), 3);
    network.addListeners(new org.deeplearning4j.optimize.listeners.ScoreIterationListener(1000));
    MultiLayerNetwork ours = TrainedModels.fromBuiltIn(network);
    assertEquals(6, ours.getIterationCount());
    assertEquals(3, ours.getEpochCount());
    assertEquals(List.copyOf(network.getListeners()), List.copyOf(ours.getListeners()));
    assertNotSame(network.params(), ours.params());
  }

  @Test
  void anUntrainedNetworkStartsTheSame() {
    MultiLayerNetwork network = Networks.mlp(Implementation.BUILT_IN.rmsProp(0.01), TYPE);
    MultiLayerNetwork ours = TrainedModels.fromBuiltIn(network);
    List<MultiDataSet> data = Networks.vectors(TYPE);
    History.assertSame(History.of(network, data, EPOCHS), History.of(ours, data, EPOCHS));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("flavor = \"PYTORCH\"", (UnaryOperator<RmsProp.Builder>) null, Flavor.PYTORCH),
        refusal("momentum = 0.5", b -> b.momentum(0.5)),
        refusal(
            "momentum = 0.5", b -> b.momentum(0.5).nesterov(true).learningRateInMomentum(false)),
        refusal("momentumSchedule = {", b -> b.momentumSchedule(new FixedSchedule(0.5))),
        refusal("centered = true", b -> b.centered(true)),
        refusal("rmsDecaySchedule = {", b -> b.rmsDecaySchedule(new FixedSchedule(0.5))),
        refusal("epsilonInsideSqrt = true", b -> b.epsilonInsideSqrt(true)),
        refusal("biasCorrection = true", b -> b.biasCorrection(true)),
        refusal("nonFinite = \"SKIP_STEP\"", b -> b.nonFinite(NonFinitePolicy.SKIP_STEP)));
  }

  private static Arguments refusal(String named, UnaryOperator<RmsProp.Builder> settings) {
    return arguments(named, settings, Flavor.DL4J);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void aSettingWithoutCounterpartIsRefused(
      String named, UnaryOperator<RmsProp.Builder> settings, Flavor flavor) {
    RmsProp.Builder builder = RmsProp.builder(flavor).learningRate(0.01);
    MultiLayerNetwork network =
        Networks.mlp((settings == null ? builder : settings.apply(builder)).build(), TYPE);
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.toBuiltIn(network));
    assertTrue(
        error.getMessage().startsWith("the built-in RmsProp has no counterpart of " + named),
        error.getMessage());
  }

  @Test
  void settingsWithoutEffectAreNoObstacle() {
    RmsProp settings =
        RmsProp.builder()
            .learningRate(0.01)
            .learningRateInMomentum(false)
            .epsilonInsideSqrt(false)
            .initialMeanSquare(1)
            .build();
    MultiLayerNetwork network = Networks.mlp(settings, TYPE);
    List<MultiDataSet> data = Networks.vectors(TYPE);
    MultiLayerNetwork builtIn = TrainedModels.toBuiltIn(network);
    History.assertSame(History.of(network, data, EPOCHS), History.of(builtIn, data, EPOCHS));
  }

  static Stream<Arguments> nothingToReplace() {
    MultiLayerNetwork ours = Networks.mlp(Implementation.OURS.rmsProp(0.01), TYPE);
    MultiLayerNetwork builtIn = Networks.mlp(Implementation.BUILT_IN.rmsProp(0.01), TYPE);
    ComputationGraph sgd = Networks.init(Networks.residual(Networks.base(new Sgd(0.1), TYPE)));
    return Stream.of(
        nothing(
            "org.nd4j.linalg.learning.config.RmsProp, got io.github.rmsprop4j.RmsProp",
            () -> TrainedModels.fromBuiltIn(ours)),
        nothing(
            "io.github.rmsprop4j.RmsProp, got org.nd4j.linalg.learning.config.RmsProp",
            () -> TrainedModels.toBuiltIn(builtIn)),
        nothing(
            "io.github.rmsprop4j.RmsProp, got org.nd4j.linalg.learning.config.RmsProp",
            () -> TrainedModels.withUpdater(builtIn, new RmsProp(0.1))),
        nothing(
            "org.nd4j.linalg.learning.config.RmsProp, got org.nd4j.linalg.learning.config.Sgd",
            () -> TrainedModels.fromBuiltIn(sgd)));
  }

  private static Arguments nothing(String message, Runnable call) {
    return arguments(message, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nothingToReplace")
  void nothingToReplaceIsAnError(String message, Runnable call) {
    Exception error = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals("there is nothing to replace: the updater must be " + message, error.getMessage());
  }

  @Test
  void aSettingThatIsNoneHereIsRefused() {
    MultiLayerNetwork network =
        Networks.mlp(new org.nd4j.linalg.learning.config.RmsProp(0.1, 1.0, 1e-8), TYPE);
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(network));
    assertEquals("rmsDecay must be in [0, 1), got 1.0", error.getMessage());
  }

  /** It would train on with the built-in one, and save ours. */
  @Test
  void aNetworkThatTrainsOtherwiseThanConfiguredIsRefused() {
    MultiLayerNetwork network = Networks.mlp(Implementation.BUILT_IN.rmsProp(0.01), TYPE);
    network.fit(Networks.vectors(TYPE).get(0));
    ((BaseLayer) network.getLayer(0).conf().getLayer()).setIUpdater(new RmsProp(0.01));
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(network));
    assertTrue(error.getMessage().contains("setIUpdater() alone"), error.getMessage());
  }

  @Test
  void aNetworkThatIsNotInitializedIsRefused() {
    MultiLayerNetwork network = new MultiLayerNetwork(threeBlocks(Implementation.BUILT_IN));
    ComputationGraph graph = new ComputationGraph(graph(Implementation.BUILT_IN));
    for (Consumer<Object> call :
        List.<Consumer<Object>>of(
            any -> TrainedModels.fromBuiltIn(network), any -> TrainedModels.fromBuiltIn(graph))) {
      Exception error = assertThrows(IllegalArgumentException.class, () -> call.accept(null));
      assertEquals("the network must be initialized: call init()", error.getMessage());
    }
  }

  /** Deeplearning4j itself cannot load one. */
  @Test
  void aConfigurationThatCannotBeLoadedIsRefused() {
    MultiLayerNetwork network =
        Networks.mlp(
            new org.nd4j.linalg.learning.config.RmsProp(
                new RampSchedule(new FixedSchedule(0.1), 5)),
            TYPE);
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(network));
    assertTrue(
        error
            .getMessage()
            .startsWith("the network must have a configuration that Deeplearning4j can save"),
        error.getMessage());
  }

  static Stream<Arguments> wider() {
    return Stream.of(
        arguments("momentum", false, true),
        arguments("centered", true, false),
        arguments("both", true, true));
  }

  /** The state is written down by hand from the blocks of the trained network. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("wider")
  void partsAreAddedBlockByBlock(String name, boolean centered, boolean momentum) {
    MultiLayerNetwork trained = Networks.init(threeRates());
    History.of(trained, Networks.vectors(TYPE), EPOCHS);
    UnaryOperator<RmsProp> change =
        old ->
            RmsProp.builder()
                .learningRate(old.getLearningRate())
                .rmsDecay(old.getRmsDecay())
                .centered(centered)
                .momentum(momentum ? 0.9 : 0)
                .build();

    List<INDArray> parts = new ArrayList<>();
    for (UpdaterBlock block : UpdaterBlocks.updater(trained).getUpdaterBlocks()) {
      INDArray v = block.getUpdaterView();
      parts.add(v);
      for (int i = 0; i < (centered ? 1 : 0) + (momentum ? 1 : 0); i++) {
        parts.add(Nd4j.zeros(TYPE, v.length()));
      }
    }
    MultiLayerNetwork wide = TrainedModels.withUpdater(trained, change);
    assertEquals(3, UpdaterBlocks.of(wide).size());
    Bits.assertSame(joined(parts), wide.updaterState(), "state");

    // And back, what was added is dropped again.
    History.of(wide, Networks.vectors(TYPE), EPOCHS);
    MultiLayerNetwork narrow =
        TrainedModels.withUpdater(wide, old -> new RmsProp(old.getLearningRate()));
    List<INDArray> vs =
        UpdaterBlocks.updater(wide).getUpdaterBlocks().stream()
            .map(
                block ->
                    flat(block.getUpdaterView())
                        .get(
                            NDArrayIndex.interval(
                                0, block.getParamOffsetEnd() - block.getParamOffsetStart())))
            .toList();
    Bits.assertSame(joined(vs), narrow.updaterState(), "v");
  }

  /** Equal settings for all layers merge their blocks, and the state lies elsewhere. */
  @Test
  void oneSettingForAllLayersKeepsEachParametersState() {
    MultiLayerNetwork trained = Networks.init(threeRates());
    History.of(trained, Networks.vectors(TYPE), EPOCHS);
    RmsProp settings = RmsProp.builder().learningRate(0.01).momentum(0.9).centered(true).build();
    MultiLayerNetwork wide = TrainedModels.withUpdater(trained, settings);
    assertEquals(1, UpdaterBlocks.of(wide).size());
    INDArray v = trained.updaterState();
    INDArray zeros = Nd4j.zeros(TYPE, v.length());
    Bits.assertSame(joined(List.of(v, zeros, zeros)), wide.updaterState(), "state");

    // So it is for m and b, if both have them.
    MultiLayerNetwork apart =
        TrainedModels.withUpdater(
            trained,
            old ->
                RmsProp.builder()
                    .learningRate(old.getLearningRate())
                    .momentum(0.9)
                    .centered(true)
                    .build());
    History.of(apart, Networks.vectors(TYPE), EPOCHS);
    MultiLayerNetwork merged = TrainedModels.withUpdater(apart, settings);
    List<List<INDArray>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (UpdaterBlock block : UpdaterBlocks.updater(apart).getUpdaterBlocks()) {
      long n = block.getParamOffsetEnd() - block.getParamOffsetStart();
      for (int part = 0; part < 3; part++) {
        parts
            .get(part)
            .add(flat(block.getUpdaterView()).get(NDArrayIndex.interval(part * n, (part + 1) * n)));
      }
    }
    INDArray expected = joined(parts.stream().flatMap(List::stream).toList());
    Bits.assertSame(expected, merged.updaterState(), "state");
  }

  /** Vectors, which older releases join only where all have the same rank. */
  private static INDArray joined(List<INDArray> parts) {
    return Nd4j.concat(0, parts.stream().map(TrainedModelsTest::flat).toArray(INDArray[]::new));
  }

  private static INDArray flat(INDArray array) {
    return array.reshape(array.length());
  }

  private static MultiLayerConfiguration threeRates() {
    return Networks.base(new RmsProp(0.01), TYPE)
        .list()
        .layer(Networks.dense(Networks.INPUTS, 9))
        .layer(new DenseLayer.Builder().nIn(9).nOut(6).updater(new RmsProp(0.02)).build())
        .layer(Networks.output(6))
        .build();
  }

  @Test
  void settingsThatAreTheSameChangeNothing() {
    ComputationGraph graph = Networks.init(graph(Implementation.OURS));
    List<MultiDataSet> data = Networks.sequences(TYPE, 3);
    History.of(graph, data, EPOCHS);
    ComputationGraph same = TrainedModels.withUpdater(graph, UnaryOperator.identity());
    assertEquals(UpdaterBlocks.of(graph), UpdaterBlocks.of(same));
    History.assertSame(History.of(graph, data, EPOCHS), History.of(same, data, EPOCHS));
  }

  /** Its state is where it always is; the new network has the ordinary updater. */
  @Test
  void aNetworkInOnePassIsTakenOverToo() {
    MultiLayerNetwork network = Networks.mlp(Implementation.OURS.rmsProp(0.01), TYPE);
    OnePass.enable(network);
    List<MultiDataSet> data = Networks.vectors(TYPE);
    History.of(network, data, EPOCHS);
    MultiLayerNetwork builtIn = TrainedModels.toBuiltIn(network);
    assertUses(Implementation.BUILT_IN, builtIn);
    History.assertSame(History.of(network, data, EPOCHS), History.of(builtIn, data, EPOCHS));
  }

  /** The count goes on, unlike that of ComputationGraph.clone(). */
  @Test
  void biasCorrectionGoesOnFromTheIterationThatWasReached() {
    RmsProp corrected = RmsProp.builder().learningRate(0.01).biasCorrection(true).build();
    ComputationGraph graph = Networks.init(Networks.residual(Networks.base(corrected, TYPE)));
    List<MultiDataSet> data = Networks.vectors(TYPE);
    History.of(graph, data, EPOCHS);
    ComputationGraph same = TrainedModels.withUpdater(graph, corrected);
    ComputationGraph clone = graph.clone();
    History expected = History.of(graph, data, EPOCHS);
    assertEquals("", logOf(() -> History.assertSame(expected, History.of(same, data, EPOCHS))));

    // The clone trains otherwise, and that is said once.
    assertEquals(0, clone.getConfiguration().getIterationCount());
    String log = logOf(() -> clone.fit(data.get(0)));
    assertTrue(log.contains("bias correction at iteration 0 of a state that is trained"), log);
    assertEquals("", logOf(() -> clone.fit(data.get(0))));
    ComputationGraph fresh = Networks.init(Networks.residual(Networks.base(corrected, TYPE)));
    assertEquals("", logOf(() -> fresh.fit(data.get(0))));
  }

  /** What a call logs with a level of warn or more. */
  private static String logOf(Runnable call) {
    PrintStream err = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      call.run();
    } finally {
      System.setErr(err);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  @Test
  void settingsMustBeValid() {
    MultiLayerNetwork network = Networks.mlp(new RmsProp(0.01), TYPE);
    assertEquals(
        "settings must not be null",
        assertThrows(
                IllegalArgumentException.class,
                () -> TrainedModels.withUpdater(network, (RmsProp) null))
            .getMessage());
    Exception error =
        assertThrows(
            IllegalArgumentException.class, () -> TrainedModels.withUpdater(network, old -> null));
    assertTrue(error.getMessage().startsWith("the new settings must not be null"));
  }
}
