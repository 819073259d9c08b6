package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.api.StepFunction;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.optimize.solvers.accumulation.GradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.IndexedTail;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What {@link OnePass} says, refuses and outlives. */
class OnePassTest {
  private static final DataType TYPE = DataType.FLOAT;

  private final List<MultiDataSet> data = Networks.vectors(TYPE);
  private final MultiLayerNetwork ordinary = network();
  private final MultiLayerNetwork network = network();

  private static MultiLayerNetwork network() {
    return Networks.mlp(new RmsProp(0.01), TYPE);
  }

  private static ComputationGraph graph() {
    return Networks.init(Networks.residual(Networks.base(new RmsProp(0.01), TYPE)));
  }

  private void trainAlike() {
    OnePassBitsTest.trainAlike(ordinary, network, data);
  }

  private static void assertInOnePass(MultiLayerNetwork network, OnePass onePass) {
    assertEquals(Network.LayersUpdater.class, network.getUpdater().getClass());
    assertTrue(onePass.toString().startsWith("one pass:"), onePass::toString);
  }

  private static void assertOrdinary(MultiLayerNetwork network) {
    assertEquals(MultiLayerUpdater.class, network.getUpdater().getClass());
    assertNull(network.getOptimizer().getGradientsAccumulator());
  }

  private static MultiLayerNetwork normalized() {
    return Networks.init(
        Networks.base(new RmsProp(0.01), TYPE)
            .list()
            .layer(Networks.dense(Networks.INPUTS, 9))
            .layer(new BatchNormalization())
            .layer(Networks.output(9))
            .setInputType(InputType.feedForward(Networks.INPUTS))
            .build());
  }

  /** Running means have no state, which Deeplearning4j's setLearningRate cannot part. */
  @Test
  void ratesMayBeSetBeforeTheFirstIteration() {
    MultiLayerNetwork expected = normalized();
    MultiLayerNetwork actual = normalized();
    OnePass onePass = OnePass.enable(actual);
    assertTrue(onePass.toString().startsWith("one pass:"), onePass::toString);
    expected.setLearningRate(0, 0.02);
    actual.setLearningRate(0, 0.02);
    OnePassBitsTest.trainAlike(expected, actual, data);
    assertInOnePass(actual, onePass);
  }

  @Test
  void aNetworkThatWasNeverTrainedIsLeftAsItWas() {
    OnePass onePass = OnePass.enable(network);
    assertNull(network.getUpdater(false));
    OnePass.disable(network);
    assertNull(network.getUpdater(false));
    assertFalse(onePass.toString().startsWith("one pass:"), onePass::toString);
    OnePass.disable(network()); // without a word
    trainAlike();
    assertOrdinary(network);
  }

  @Test
  void saysWhatGoesInOnePassAndWhyNot() {
    MultiLayerNetwork mixed =
        Networks.init(
            Networks.base(new RmsProp(0.01), TYPE)
                .list()
                .layer(Networks.dense(Networks.INPUTS, 9))
                .layer(new BatchNormalization())
                .layer(new DenseLayer.Builder().nIn(9).nOut(6).weightDecay(0.1).build())
                .layer(
                    new DenseLayer.Builder()
                        .nIn(6)
                        .nOut(6)
                        .l2(0.1)
                        .updater(new RmsProp(0.02))
                        .build())
                .layer(
                    new DenseLayer.Builder()
                        .nIn(6)
                        .nOut(6)
                        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .updater(new RmsProp(0.03))
                        .build())
                .layer(new DenseLayer.Builder().nIn(6).nOut(200).updater(new Adam(0.01)).build())
                .layer(Networks.output(200))
                .setInputType(InputType.feedForward(Networks.INPUTS))
                .build());
    assertEquals(
        """
        one pass:
          0_W to 1_beta (90): in one pass
          1_mean to 1_log10stdev (18): not in one pass: the updater is org.nd4j.linalg.learning.config.NoOp, not io.github.rmsprop4j.RmsProp
          2_W to 2_b (60): in one pass
          3_W to 3_b (42): in one pass
          4_W to 4_b (42): in one pass, but the division: ClipL2PerLayer of layer 4 comes between
          5_W to 5_b (1,400): not in one pass: the updater is org.nd4j.linalg.learning.config.Adam, not io.github.rmsprop4j.RmsProp
          6_W to 6_b (603): in one pass""",
        OnePass.enable(mixed).toString());

    RmsProp skipping = RmsProp.builder().nonFinite(NonFinitePolicy.SKIP_STEP).build();
    assertEquals(
        """
        one pass:
          0_W (63): in one pass, but the division: L1Regularization of 0_W comes between
          0_b (9): not in one pass: 0_b has WeightDecay, and NonFinitePolicy.SKIP_STEP is for the whole block
          1_W (54): in one pass, but the division: L1Regularization of 1_W comes between
          1_b (6): not in one pass: 1_b has WeightDecay, and NonFinitePolicy.SKIP_STEP is for the whole block
          2_W (18): in one pass, but the division: L1Regularization of 2_W comes between
          2_b (3): not in one pass: 2_b has WeightDecay, and NonFinitePolicy.SKIP_STEP is for the whole block""",
        OnePass.enable(
                Networks.init(
                    Networks.mlp(
                        Networks.base(new RmsProp(0.01), TYPE)
                            .l1(0.1)
                            .biasUpdater(skipping)
                            .weightDecayBias(0.1))))
            .toString());

    MultiLayerNetwork throwing =
        Networks.init(
            Networks.mlp(
                Networks.base(new RmsProp(0.01), TYPE)
                    .biasUpdater(RmsProp.builder().nonFinite(NonFinitePolicy.THROW).build())));
    assertEquals(
        """
        one pass:
          0_W (63): not in one pass: a block after it may throw, by NonFinitePolicy.THROW, before parameters are changed
          0_b (9): not in one pass: a block after it may throw, by NonFinitePolicy.THROW, before parameters are changed
          1_W (54): not in one pass: a block after it may throw, by NonFinitePolicy.THROW, before parameters are changed
          1_b (6): not in one pass: a block after it may throw, by NonFinitePolicy.THROW, before parameters are changed
          2_W (18): not in one pass: a block after it may throw, by NonFinitePolicy.THROW, before parameters are changed
          2_b (3): in one pass""",
        OnePass.enable(throwing).toString());
    assertEquals(
        "one pass:\n  0_W to 2_b (153): not in one pass: the type is HALF, not FLOAT or DOUBLE",
        OnePass.enable(Networks.mlp(new RmsProp(0.01), DataType.FLOAT16)).toString());
    assertEquals(
        "one pass:\n  first_W to out_b (192): in one pass", OnePass.enable(graph()).toString());
    assertEquals(
        "not in one pass: the optimization algorithm LBFGS", OnePass.enable(lbfgs()).toString());
  }

  private static MultiLayerNetwork lbfgs() {
    return Networks.init(
        Networks.mlp(
            Networks.base(new RmsProp(0.01), TYPE).optimizationAlgo(OptimizationAlgorithm.LBFGS)));
  }

  /** That the pass of {@link BlockUpdates} and no other made a step. */
  @Test
  void goesInOnePass() {
    MultiLayerNetwork throwing =
        Networks.mlp(RmsProp.builder().nonFinite(NonFinitePolicy.THROW).build(), TYPE);
    OnePass.enable(throwing);
    INDArray before = throwing.params().dup();
    ArithmeticException refused =
        assertThrows(ArithmeticException.class, () -> throwing.fit(withNaN()));
    assertEquals(
        BlockUpdates.class.getName(),
        Arrays.stream(refused.getStackTrace())
            .map(StackTraceElement::getClassName)
            .filter(name -> name.startsWith("io.github.rmsprop4j.dl4j."))
            .findFirst()
            .orElseThrow());
    Bits.assertSame(before, throwing.params(), "parameters");
    throwing.fit(data.get(0)); // no trace of it is left
    assertFalse(before.equals(throwing.params()));
  }

  private DataSet withNaN() {
    INDArray features = data.get(0).getFeatures(0).dup();
    features.putScalar(0, 0, Double.NaN);
    return new DataSet(features, data.get(0).getLabels(0));
  }

  /** The first block has no NaN in its gradient, the last one has. */
  @Test
  void changesNoParameterWhenALaterBlockThrows() {
    for (boolean inOnePass : new boolean[] {false, true}) {
      RmsProp throwing = RmsProp.builder().nonFinite(NonFinitePolicy.THROW).build();
      MultiLayerNetwork two =
          Networks.init(
              Networks.base(new RmsProp(0.01), TYPE)
                  .list()
                  .layer(new DenseLayer.Builder().nIn(Networks.INPUTS).nOut(9).build())
                  .layer(new DenseLayer.Builder().nIn(9).nOut(6).updater(throwing).build())
                  .layer(Networks.output(6))
                  .build());
      if (inOnePass) {
        OnePass.enable(two);
      }
      two.getParam("0_W").assign(0);
      two.getParam("2_W").putScalar(0, Double.POSITIVE_INFINITY);
      INDArray before = two.params().dup();
      assertThrows(ArithmeticException.class, () -> two.fit(data.get(0)));
      Bits.assertSame(before, two.params(), "parameters");
    }
  }

  @Test
  void changesNothingWhenTheScheduleOfALaterBlockIsInvalid() {
    ISchedule falling =
        new MapSchedule(ScheduleType.ITERATION, new LinkedHashMap<>(Map.of(0, 0.1, 1, -1.0)));
    MultiLayerNetwork two =
        Networks.init(
            Networks.base(new RmsProp(0.01), TYPE)
                .list()
                .layer(new DenseLayer.Builder().nIn(Networks.INPUTS).nOut(9).build())
                .layer(
                    new DenseLayer.Builder().nIn(9).nOut(6).updater(new RmsProp(falling)).build())
                .layer(Networks.output(6))
                .build());
    OnePass.enable(two);
    two.fit(data.get(0));
    INDArray parameters = two.params().dup();
    INDArray state = two.getUpdater().getStateViewArray().dup();
    assertEquals(
        "learningRate must be finite and >= 0, got -1.0 from its schedule at iteration 1, epoch 0",
        refusal(() -> two.fit(data.get(0))));
    Bits.assertSame(parameters, two.params(), "parameters");
    Bits.assertSame(state, two.getUpdater().getStateViewArray(), "state");
  }

  @Test
  void refusesWhatIsNoOrdinaryNetwork() {
    assertEquals(
        "the network must not be null", refusal(() -> OnePass.enable((MultiLayerNetwork) null)));
    assertEquals(
        "the network must not be null", refusal(() -> OnePass.disable((ComputationGraph) null)));
    network.setUpdater(new OwnUpdater(network, 0));
    assertEquals(
        "the network must have Deeplearning4j's own updater, got " + OwnUpdater.class.getName(),
        refusal(() -> OnePass.enable(network)));
    assertEquals(OwnUpdater.class, network.getUpdater().getClass());
    ordinary.setGradientsAccumulator(new OwnAccumulator());
    assertEquals(
        "the network must have no gradients accumulator of its own, got "
            + OwnAccumulator.class.getName(),
        refusal(() -> OnePass.enable(ordinary)));
    assertNull(ordinary.getUpdater(false), "as it was");
    assertEquals(MultiLayerUpdater.class, ordinary.getUpdater().getClass());
  }

  @Test
  void refusesInvalidSettings() {
    for (double maximum : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "clipGlobalNorm must be greater than 0 and finite, got " + maximum,
          refusal(() -> OnePass.builder().clipGlobalNorm(maximum)));
    }
    MultiLayerNetwork lbfgs = lbfgs();
    assertEquals(
        "clipGlobalNorm and skipNonFiniteSteps need the optimization algorithm"
            + " STOCHASTIC_GRADIENT_DESCENT and its default step function, got the optimization"
            + " algorithm LBFGS",
        refusal(() -> OnePass.builder().skipNonFiniteSteps(true).enable(lbfgs)));
    assertNull(lbfgs.getUpdater(false), "as it was");
    assertOrdinary(lbfgs);
  }

  private static String refusal(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  @Test
  void initializesANetworkThatIsNot() {
    MultiLayerNetwork fresh =
        new MultiLayerNetwork(Networks.mlp(Networks.base(new RmsProp(0.01), TYPE)));
    OnePass.enable(fresh);
    OnePassBitsTest.trainAlike(ordinary, fresh, data);
    ComputationGraph freshGraph =
        new ComputationGraph(Networks.residual(Networks.base(new RmsProp(0.01), TYPE)));
    OnePass.enable(freshGraph);
    OnePassBitsTest.trainAlike(graph(), freshGraph, data);
  }

  static Stream<Arguments> changes() {
    ExponentialSchedule schedule = new ExponentialSchedule(ScheduleType.ITERATION, 0.03, 0.9);
    return Stream.of(
        change("a rate for all layers", network -> network.setLearningRate(0.003)),
        change("a rate for one layer", network -> network.setLearningRate(1, 0.003)),
        change("a schedule for all layers", network -> network.setLearningRate(schedule)),
        change("a schedule for one layer", network -> network.setLearningRate(2, schedule)),
        change("no updater", network -> network.setUpdater(null)),
        change("a new updater", network -> network.setUpdater(new MultiLayerUpdater(network))),
        change(
            "settings of the updater",
            network -> {
              for (Layer layer : network.getLayers()) {
                RmsProp settings = (RmsProp) ((BaseLayer) layer.conf().getLayer()).getIUpdater();
                settings.setLrAndSchedule(0.02, null);
                settings.setRmsDecay(0.8);
              }
            }),
        change(
            "clipping of one layer",
            network -> {
              BaseLayer layer = (BaseLayer) network.getLayer(1).conf().getLayer();
              layer.setGradientNormalization(GradientNormalization.ClipL2PerLayer);
              layer.setGradientNormalizationThreshold(0.001);
            }),
        change(
            "L2 of one layer",
            network ->
                ((BaseLayer) network.getLayer(1).conf().getLayer())
                    .setRegularization(List.of(new L2Regularization(0.1)))),
        change(
            "weight decay of one layer",
            network ->
                ((BaseLayer) network.getLayer(1).conf().getLayer())
                    .setRegularization(List.of(new WeightDecay(0.1, true)))),
        change(
            "L2 and weight decay of one layer",
            network ->
                ((BaseLayer) network.getLayer(1).conf().getLayer())
                    .setRegularization(
                        List.of(new L2Regularization(0.1), new WeightDecay(0.1, true)))),
        change(
            "two weight decays of one layer",
            network ->
                ((BaseLayer) network.getLayer(1).conf().getLayer())
                    .setRegularization(
                        List.of(new WeightDecay(0.1, true), new WeightDecay(0.3, true)))),
        change(
            "three weight decays of one layer",
            network ->
                ((BaseLayer) network.getLayer(1).conf().getLayer())
                    .setRegularization(Collections.nCopies(3, new WeightDecay(0.1, true)))),
        change("no division by the batch", network -> network.conf().setMiniBatch(false)),
        change("other parameters", network -> network.setParams(network.params().mul(0.5))));
  }

  private static Arguments change(String name, Consumer<MultiLayerNetwork> change) {
    return arguments(name, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void goesOnInOnePassAfter(String name, Consumer<MultiLayerNetwork> change) {
    OnePass onePass = OnePass.enable(network);
    MultiLayerNetwork unchanged = network();
    trainAlike();
    change.accept(ordinary);
    change.accept(network);
    trainAlike();
    assertInOnePass(network, onePass);
    data.forEach(unchanged::fit);
    data.forEach(unchanged::fit);
    assertFalse(unchanged.params().equals(network.params()), "the change does nothing");
  }

  @Test
  void followsNewArrays() {
    OnePass onePass = OnePass.enable(network);
    trainAlike();
    network.initGradientsView();
    trainAlike();
    assertInOnePass(network, onePass);
  }

  @Test
  void aGraphGoesOnInOnePassAfterANewRate() {
    ComputationGraph expected = graph();
    ComputationGraph actual = graph();
    OnePass.enable(actual);
    OnePassBitsTest.trainAlike(expected, actual, data);
    for (ComputationGraph each : List.of(expected, actual)) {
      each.setLearningRate("second", 0.5);
    }
    assertEquals(ComputationGraphUpdater.class, actual.getUpdater().getClass());
    OnePassBitsTest.trainAlike(expected, actual, data);
    assertEquals(Network.GraphUpdater.class, actual.getUpdater().getClass());
    OnePass.disable(actual);
    assertEquals(ComputationGraphUpdater.class, actual.getUpdater().getClass());
    OnePassBitsTest.trainAlike(expected, actual, data);
  }

  @Test
  void isAnOrdinaryNetworkAfterDisable() {
    OnePass onePass = OnePass.enable(network);
    trainAlike();
    OnePass.disable(network);
    assertOrdinary(network);
    assertTrue(onePass.toString().startsWith("not in one pass: it was disabled"));
    trainAlike();
    OnePass.disable(network);
    OnePass.disable(ordinary);
    trainAlike();
    OnePass.enable(network);
    network.setUpdater(null);
    ordinary.setUpdater(null);
    OnePass.disable(network);
    assertOrdinary(network);
    trainAlike();
  }

  @Test
  void enabledTwiceGoesOnInOnePassOnce() {
    OnePass first = OnePass.enable(network);
    trainAlike();
    OnePass second = OnePass.enable(network);
    trainAlike();
    assertTrue(first.toString().startsWith("not in one pass:"), first::toString);
    assertInOnePass(network, second);
  }

  /** {@code clear} drops the state, and with it the pass. */
  @Test
  void isAnOrdinaryNetworkAfterClear() {
    OnePass onePass = OnePass.enable(network);
    trainAlike();
    ordinary.clear();
    network.clear();
    assertTrue(onePass.toString().startsWith("not in one pass:"), onePass::toString);
    trainAlike();
    assertOrdinary(network);
    OnePass again = OnePass.enable(network);
    trainAlike();
    assertInOnePass(network, again);
  }

  @Test
  void leavesTheUpdateToAnotherAccumulator() {
    OnePass onePass = OnePass.enable(network);
    trainAlike();
    network.setGradientsAccumulator(new OwnAccumulator());
    trainAlike();
    assertTrue(onePass.toString().startsWith("not in one pass:"), onePass::toString);
    network.setGradientsAccumulator(null);
    trainAlike();
    assertInOnePass(network, OnePass.enable(network));
    trainAlike();
  }

  @Test
  void leavesTheUpdateToAnotherUpdater() {
    OnePass onePass = OnePass.enable(network);
    trainAlike();
    OwnUpdater own = new OwnUpdater(network, 1e-3);
    network.setUpdater(own);
    ordinary.setUpdater(new OwnUpdater(ordinary, 1e-3));
    trainAlike();
    assertSame(own, network.getUpdater());
    assertTrue(onePass.toString().contains("another updater"), onePass::toString);
  }

  /** As code for reinforcement learning does, and errors that come from outside. */
  @Test
  void anUpdateByHandIsDeeplearning4js() {
    OnePass.enable(network);
    trainAlike();
    for (int i = 0; i < 3; i++) {
      for (MultiLayerNetwork each : List.of(ordinary, network)) {
        updateByHand(each);
      }
      Bits.assertSame(ordinary.params(), network.params(), "parameters");
      Bits.assertSame(ordinary.updaterState(), network.updaterState(), "state");
      Bits.assertSame(ordinary.gradient().gradient(), network.gradient().gradient(), "update");
      trainAlike();
    }
  }

  private void updateByHand(MultiLayerNetwork network) {
    DataSet batch = toDataSet(data.get(0));
    // Breaks off between what begins an iteration and the update.
    DataSet wrong = new DataSet(batch.getFeatures(), batch.getLabels().dup().reshape(3, 8));
    assertThrows(RuntimeException.class, () -> network.fit(wrong));
    network.setInput(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    INDArray before = network.params().dup();
    Gradient gradient = network.gradient();
    network
        .getUpdater()
        .update(network, gradient, 5, 0, batch.numExamples(), LayerWorkspaceMgr.noWorkspaces());
    Bits.assertSame(before, network.params(), "parameters, by the update alone");
    network.params().subi(gradient.gradient());
  }

  @Test
  void aCloneIsAnOrdinaryNetwork() {
    OnePass.enable(network);
    trainAlike();
    MultiLayerNetwork clone = network.clone();
    assertOrdinary(clone);
    assertEquals(network, clone);
    trainAlike();
    OnePassBitsTest.trainAlike(lessTrained(), clone, data);
  }

  /** As often trained as a clone that was made after one round. */
  private MultiLayerNetwork lessTrained() {
    MultiLayerNetwork expected = network();
    data.forEach(expected::fit);
    return expected.clone(); // which starts to count again
  }

  @Test
  void aLoadedNetworkIsAnOrdinaryNetwork() throws Exception {
    OnePass.enable(network);
    trainAlike();
    MultiLayerNetwork loaded = ModelSerializer.restoreMultiLayerNetwork(saved(network), true);
    assertOrdinary(loaded);
    OnePassBitsTest.trainAlike(ordinary.clone(), loaded.clone(), data);

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(network);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      MultiLayerNetwork read = (MultiLayerNetwork) in.readObject();
      assertOrdinary(read);
      OnePassBitsTest.trainAlike(ordinary.clone(), read.clone(), data);
    }
    OnePass onePass = OnePass.enable(loaded);
    OnePassBitsTest.trainAlike(ordinary, loaded, data);
    assertInOnePass(loaded, onePass);
  }

  private static ByteArrayInputStream saved(MultiLayerNetwork network) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, true);
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  @Test
  void stopsEarlyAtTheSameModel() {
    OnePass onePass = OnePass.enable(network);
    EarlyStoppingResult<MultiLayerNetwork> expected = stopEarly(ordinary);
    EarlyStoppingResult<MultiLayerNetwork> actual = stopEarly(network);
    assertEquals(expected.getBestModelScore(), actual.getBestModelScore());
    assertEquals(expected.getBestModelEpoch(), actual.getBestModelEpoch());
    Bits.assertSame(
        expected.getBestModel().params(), actual.getBestModel().params(), "best parameters");
    Bits.assertSame(
        expected.getBestModel().updaterState(), actual.getBestModel().updaterState(), "best state");
    assertInOnePass(network, onePass);
    trainAlike();
  }

  private EarlyStoppingResult<MultiLayerNetwork> stopEarly(MultiLayerNetwork network) {
    List<DataSet> batches = new ArrayList<>();
    for (MultiDataSet batch : data) {
      batches.add(toDataSet(batch));
    }
    EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .epochTerminationConditions(new MaxEpochsTerminationCondition(5))
            .scoreCalculator(new DataSetLossCalculator(new ListDataSetIterator<>(batches, 4), true))
            .modelSaver(new InMemoryModelSaver<>())
            .build();
    return new EarlyStoppingTrainer(configuration, network, new ListDataSetIterator<>(batches, 4))
        .fit();
  }

  @Test
  void keepsTheUpdateWhenAsked() {
    OnePass.builder().keepUpdate(true).enable(network);
    trainAlike();
    Bits.assertSame(ordinary.gradient().gradient(), network.gradient().gradient(), "update");
  }

  /** Not writing it is what makes the pass cheaper. */
  @Test
  void keepsTheUpdateOnlyForListenersThatMayReadIt() {
    OnePass.enable(network);
    MultiDataSet batch = data.get(0);
    network.setListeners(new ScoreIterationListener(1), new PerformanceListener(100));
    ordinary.fit(batch);
    network.fit(batch);
    assertFalse(ordinary.gradient().gradient().equals(network.gradient().gradient()));
    network.addListeners(new BaseTrainingListener() {});
    ordinary.fit(batch);
    network.fit(batch);
    Bits.assertSame(ordinary.gradient().gradient(), network.gradient().gradient(), "update");
    network.setListeners(new EvaluativeListener(toDataSet(batch), 1, InvocationType.EPOCH_END));
    ordinary.fit(batch);
    network.fit(batch);
    assertFalse(ordinary.gradient().gradient().equals(network.gradient().gradient()));
  }

  private static DataSet toDataSet(MultiDataSet batch) {
    return new DataSet(batch.getFeatures(0), batch.getLabels(0));
  }

  /** Another updater that derives from Deeplearning4j's. */
  private static final class OwnUpdater extends MultiLayerUpdater {
    private static final long serialVersionUID = 1;

    private final double more;

    OwnUpdater(MultiLayerNetwork network, double more) {
      super(network);
      this.more = more;
    }

    @Override
    public synchronized void update(
        Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
      super.update(gradient, iteration, epoch, batchSize, workspaces);
      getFlattenedGradientsView().addi(more);
    }
  }

  /** As that of a network that trains alone. */
  private static final class OwnAccumulator implements GradientsAccumulator {
    private static final long serialVersionUID = 1;

    @Override
    public void applyUpdate(
        StepFunction function, INDArray parameters, INDArray update, boolean isFinalStep) {
      function.step(parameters, update);
    }

    @Override
    public void applyUpdate(
        StepFunction function, INDArray parameters, INDArray update, double alpha) {
      function.step(parameters, update, alpha);
    }

    @Override
    public void storeUpdate(INDArray array, int iteration, int epoch) {}

    @Override
    public void setExternalSource(IndexedTail source) {}

    @Override
    public IndexedTail getExternalSource() {
      return null;
    }

    @Override
    public void receiveUpdate(INDArray array) {}

    @Override
    public void markExternalUpdates(boolean available) {}

    @Override
    public void reset() {}

    @Override
    public void touch() {}

    @Override
    public boolean hasAnything() {
      return false;
    }
  }
}
