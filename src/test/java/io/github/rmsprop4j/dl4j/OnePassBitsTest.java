package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.stepfunctions.GradientStepFunction;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Networks train with {@link OnePass} to the bits that they have without it. */
class OnePassBitsTest {
  /** A network of which each call gives another of the same bits, and data for it. */
  private record Case(Supplier<NeuralNetwork> network, List<MultiDataSet> batches) {}

  static Stream<Arguments> networks() {
    Map<String, Case> all = new LinkedHashMap<>();
    addArchitectures(all, DataType.FLOAT);
    addConfigurations(all, DataType.FLOAT);
    addUpdaters(all, DataType.FLOAT);
    Map<String, Case> doubles = new LinkedHashMap<>();
    addArchitectures(doubles, DataType.DOUBLE);
    for (String name :
        List.of("MLP", "shared by threads", "batch normalization", "residual graph")) {
      all.put(name + ", DOUBLE", doubles.get(name));
    }
    all.put("HALF", vectors(DataType.FLOAT16, base -> base));
    return all.entrySet().stream().map(each -> arguments(each.getKey(), each.getValue()));
  }

  private static void addArchitectures(Map<String, Case> cases, DataType type) {
    cases.put("MLP", vectors(type, base -> base));
    cases.put(
        "shared by threads",
        new Case(
            () -> Networks.init(Networks.wideMlp(base(type))),
            Networks.vectors(type).subList(0, 2)));
    cases.put(
        "LeNet",
        new Case(() -> Networks.init(Networks.leNet(base(type))), Networks.images(type, 12)));
    cases.put(
        "batch normalization",
        new Case(() -> Networks.init(Networks.batchNorm(base(type))), Networks.images(type, 8)));
    cases.put("LSTM", sequences(type, Networks::lstm));
    cases.put("truncated back-propagation", sequences(type, Networks::truncatedLstm));
    cases.put("recurrent layers", sequences(type, Networks::recurrentZoo));
    cases.put(
        "masks",
        new Case(() -> Networks.init(Networks.lstm(base(type))), masked(Networks.sequences(type))));
    cases.put(
        "convolutional layers",
        new Case(
            () -> Networks.init(Networks.convolutionZoo(base(type))), Networks.images(type, 8)));
    cases.put("residual graph", graph(type, base -> base));
    cases.put(
        "graph of two inputs and outputs",
        new Case(() -> Networks.init(Networks.twoInTwoOut(base(type))), Networks.pairs(type)));
    cases.put("embedding", new Case(() -> embedding(type), indices(type)));
    cases.put(
        "variational, with labels", new Case(() -> variational(type), Networks.vectors(type)));
    cases.put("100 layers", new Case(() -> deep(type), Networks.vectors(type).subList(0, 1)));
  }

  private static void addConfigurations(Map<String, Case> cases, DataType type) {
    for (GradientNormalization kind : GradientNormalization.values()) {
      if (kind != GradientNormalization.None) {
        Function<NeuralNetConfiguration.Builder, NeuralNetConfiguration.Builder> clipped =
            base -> base.gradientNormalization(kind).gradientNormalizationThreshold(0.01);
        cases.put(kind.toString(), vectors(type, clipped));
        cases.put(kind + " and L2, in a graph", graph(type, base -> clipped.apply(base).l2(0.1)));
      }
    }
    cases.put("one layer clipped", new Case(() -> oneClipped(type), Networks.vectors(type)));
    cases.put("L2", vectors(type, base -> base.l2(0.1)));
    cases.put("L1 and L2, biases too", vectors(type, base -> base.l1(0.01).l2(0.1).l2Bias(0.3)));
    cases.put(
        "L2 by schedule",
        vectors(
            type,
            base ->
                base.regularization(
                    List.of(
                        new L2Regularization(
                            new ExponentialSchedule(ScheduleType.ITERATION, 0.3, 0.9))))));
    cases.put("weight decay", vectors(type, base -> base.weightDecay(0.1)));
    cases.put("weight decay, no rate", vectors(type, base -> base.weightDecay(0.1, false)));
    Map<String, List<Regularization>> lists =
        Map.of(
            "L2 and weight decay",
            List.of(new L2Regularization(0.1), new WeightDecay(0.1, true)),
            "weight decay and L2",
            List.of(new WeightDecay(0.1, true), new L2Regularization(0.1)),
            "one weight decay",
            List.of(new WeightDecay(0.1, true)),
            "two weight decays",
            List.of(new WeightDecay(0.1, true), new WeightDecay(0.3, false)),
            "L2 twice",
            List.of(new L2Regularization(0.1), new L2Regularization(0.3)),
            "L2 of a class of its own",
            List.of(new L2Regularization(0.1) {}),
            "L2 that ends",
            List.of(new L2Regularization(ending())),
            "weight decay that begins",
            List.of(new WeightDecay(beginning(), true)));
    lists.forEach(
        (name, list) -> cases.put(name, vectors(type, base -> base.regularization(list))));
    cases.put("weight decay, biases only", graph(type, base -> base.weightDecayBias(0.1, true)));
    cases.put("no division by the batch", vectors(type, base -> base.miniBatch(false)));
    cases.put("no division, in a graph", graph(type, base -> base.miniBatch(false).l2(0.1)));
    cases.put("drop-out", vectors(type, base -> base.dropOut(new Dropout(0.7))));
    cases.put("drop connect", vectors(type, base -> base.weightNoise(new DropConnect(0.7))));
    cases.put(
        "constraints",
        vectors(
            type,
            base ->
                base.constrainWeights(new MaxNormConstraint(0.5, 1))
                    .constrainBias(new NonNegativeConstraint())));
    cases.put(
        "no workspaces", vectors(type, base -> base.trainingWorkspaceMode(WorkspaceMode.NONE)));
    cases.put(
        "line search",
        vectors(type, base -> base.optimizationAlgo(OptimizationAlgorithm.LINE_GRADIENT_DESCENT)));
    cases.put(
        "another step function",
        vectors(
            type,
            base -> {
              base.setStepFunction(new GradientStepFunction());
              return base;
            }));
    cases.put("frozen", new Case(() -> frozen(type), Networks.vectors(type)));
    cases.put(
        "trained before frozen",
        new Case(
            () -> Networks.init(Networks.trainedBeforeFrozen(base(type))), Networks.vectors(type)));
    cases.put(
        "frozen by transfer learning", new Case(() -> transferred(type), Networks.vectors(type)));
    cases.put("frozen in a graph", new Case(() -> transferredGraph(type), Networks.vectors(type)));
  }

  /** 0 from the second iteration on. */
  private static ISchedule ending() {
    return new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.1, 1, 0.0));
  }

  /** 0 in the first iteration. */
  private static ISchedule beginning() {
    return new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.0, 1, 0.1));
  }

  private static void addUpdaters(Map<String, Case> cases, DataType type) {
    IUpdater adam = new Adam(0.01);
    cases.put("biases by Adam", vectors(type, base -> base.biasUpdater(adam)));
    cases.put("biases by Sgd, L2", graph(type, base -> base.biasUpdater(new Sgd(0.1)).l2(0.1)));
    cases.put("weights by Adam", vectors(type, base -> base.updater(adam).biasUpdater(ours())));
    cases.put(
        "the built-in updater",
        vectors(type, base -> base.updater(new org.nd4j.linalg.learning.config.RmsProp(0.01))));
    cases.put("without state", vectors(type, base -> base.updater(new Sgd(0.1)).l2(0.1)));
    for (Flavor flavor : Flavor.values()) {
      RmsProp.Builder own = RmsProp.builder(flavor).learningRate(0.01);
      cases.put(flavor.toString(), vectors(type, base -> base.updater(own.build())));
    }
    RmsProp everything =
        RmsProp.builder(Flavor.KERAS3)
            .learningRateSchedule(new ExponentialSchedule(ScheduleType.ITERATION, 0.01, 0.9))
            .momentum(0.9)
            .nesterov(true)
            .centered(true)
            .biasCorrection(true)
            .build();
    cases.put("all settings", graph(type, base -> base.updater(everything)));
    for (NonFinitePolicy policy : NonFinitePolicy.values()) {
      RmsProp lenient = RmsProp.builder().learningRate(0.01).nonFinite(policy).build();
      List<MultiDataSet> batches = new ArrayList<>(Networks.vectors(type));
      if (policy == NonFinitePolicy.SKIP_STEP || policy == NonFinitePolicy.ZERO_ELEMENT) {
        batches.add(1, withNaN(Networks.vectors(type).get(0)));
      }
      cases.put(
          policy.toString(),
          new Case(() -> Networks.init(Networks.mlp(base(type).updater(lenient))), batches));
      cases.put(
          policy + ", L2 and weight decay",
          new Case(
              () ->
                  Networks.init(
                      Networks.mlp(
                          base(type)
                              .updater(lenient)
                              .regularization(
                                  List.of(new L2Regularization(0.1), new WeightDecay(0.1, true))))),
              batches));
      cases.put(
          policy + " in two blocks",
          new Case(
              () -> Networks.init(Networks.mlp(base(type).updater(lenient).biasUpdater(ours()))),
              batches));
    }
  }

  private static Case vectors(
      DataType type,
      Function<NeuralNetConfiguration.Builder, NeuralNetConfiguration.Builder> change) {
    return new Case(
        () -> Networks.init(Networks.mlp(change.apply(base(type)))), Networks.vectors(type));
  }

  private static Case graph(
      DataType type,
      Function<NeuralNetConfiguration.Builder, NeuralNetConfiguration.Builder> change) {
    return new Case(
        () -> Networks.init(Networks.residual(change.apply(base(type)))), Networks.vectors(type));
  }

  private static Case sequences(
      DataType type,
      Function<NeuralNetConfiguration.Builder, org.deeplearning4j.nn.conf.MultiLayerConfiguration>
          network) {
    return new Case(() -> Networks.init(network.apply(base(type))), Networks.sequences(type));
  }

  private static NeuralNetConfiguration.Builder base(DataType type) {
    return Networks.base(ours(), type);
  }

  private static RmsProp ours() {
    return new RmsProp(0.01);
  }

  private static NeuralNetwork embedding(DataType type) {
    return Networks.init(
        base(type)
            .list()
            .layer(new EmbeddingLayer.Builder().nIn(50).nOut(4).hasBias(true).build())
            .layer(Networks.output(4))
            .build());
  }

  private static NeuralNetwork variational(DataType type) {
    return Networks.init(
        base(type)
            .list()
            .layer(
                new VariationalAutoencoder.Builder()
                    .nIn(Networks.INPUTS)
                    .nOut(3)
                    .encoderLayerSizes(6)
                    .decoderLayerSizes(6)
                    .build())
            .layer(Networks.output(3))
            .build());
  }

  private static NeuralNetwork deep(DataType type) {
    NeuralNetConfiguration.ListBuilder list = base(type).list();
    list.layer(Networks.dense(Networks.INPUTS, 10));
    for (int i = 0; i < 98; i++) {
      list.layer(Networks.dense(10, 10));
    }
    return Networks.init(list.layer(Networks.output(10)).build());
  }

  private static NeuralNetwork oneClipped(DataType type) {
    return Networks.init(
        base(type)
            .list()
            .layer(Networks.dense(Networks.INPUTS, 9))
            .layer(new BatchNormalization())
            .layer(
                new DenseLayer.Builder()
                    .nIn(9)
                    .nOut(6)
                    .updater(new RmsProp(0.02))
                    .gradientNormalization(GradientNormalization.ClipL2PerParamType)
                    .gradientNormalizationThreshold(0.01)
                    .build())
            .layer(Networks.output(6))
            .setInputType(org.deeplearning4j.nn.conf.inputs.InputType.feedForward(Networks.INPUTS))
            .build());
  }

  private static NeuralNetwork frozen(DataType type) {
    return Networks.init(
        base(type)
            .l2(0.1)
            .list()
            .layer(new FrozenLayer(Networks.dense(Networks.INPUTS, 9)))
            .layer(new FrozenLayerWithBackprop(Networks.dense(9, 9)))
            .layer(Networks.dense(9, 9))
            .layer(Networks.output(9))
            .build());
  }

  private static NeuralNetwork transferred(DataType type) {
    return new TransferLearning.Builder(
            (MultiLayerNetwork) vectors(type, base -> base).network.get())
        .fineTuneConfiguration(fineTuning())
        .setFeatureExtractor(0)
        .build();
  }

  private static NeuralNetwork transferredGraph(DataType type) {
    return new TransferLearning.GraphBuilder(
            (ComputationGraph) graph(type, base -> base).network.get())
        .fineTuneConfiguration(fineTuning())
        .setFeatureExtractor("first")
        .build();
  }

  private static FineTuneConfiguration fineTuning() {
    return new FineTuneConfiguration.Builder().seed(Networks.SEED).updater(ours()).build();
  }

  private static List<MultiDataSet> indices(DataType type) {
    List<MultiDataSet> batches = new ArrayList<>();
    Random random = new Random(1);
    for (MultiDataSet labelled : Networks.vectors(type)) {
      INDArray features = Nd4j.create(type, labelled.getLabels(0).size(0), 1);
      for (long i = 0; i < features.length(); i++) {
        features.putScalar(i, random.nextInt(50));
      }
      batches.add(new org.nd4j.linalg.dataset.MultiDataSet(features, labelled.getLabels(0)));
    }
    return batches;
  }

  private static List<MultiDataSet> masked(List<MultiDataSet> sequences) {
    List<MultiDataSet> masked = new ArrayList<>();
    for (MultiDataSet each : sequences) {
      INDArray features = each.getFeatures(0);
      INDArray mask = Nd4j.ones(features.dataType(), features.size(0), features.size(2));
      mask.putScalar(0, features.size(2) - 1, 0);
      masked.add(
          new org.nd4j.linalg.dataset.MultiDataSet(
              new INDArray[] {features},
              new INDArray[] {each.getLabels(0)},
              new INDArray[] {mask},
              new INDArray[] {mask}));
    }
    return masked;
  }

  private static MultiDataSet withNaN(MultiDataSet batch) {
    INDArray features = batch.getFeatures(0).dup();
    features.putScalar(0, 0, Double.NaN);
    return new org.nd4j.linalg.dataset.MultiDataSet(features, batch.getLabels(0));
  }

  /** First nobody reads the update, so that it is not kept; then listeners do; then nobody. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void trainsToTheSameBits(String name, Case each) {
    NeuralNetwork expected = each.network.get();
    NeuralNetwork actual = each.network.get();
    enable(actual);
    trainAlike(expected, actual, each.batches);

    List<INDArray> seen = new ArrayList<>();
    List<INDArray> seenToo = new ArrayList<>();
    ((Model) expected).setListeners(new Reader(seen));
    ((Model) actual).setListeners(new Reader(seenToo));
    trainAlike(expected, actual, each.batches);
    assertEquals(seen.size(), seenToo.size());
    for (int i = 0; i < seen.size(); i++) {
      Bits.assertSame(seen.get(i), seenToo.get(i), "array " + i + " that a listener saw");
    }

    ((Model) expected).setListeners(List.of());
    ((Model) actual).setListeners(List.of());
    trainAlike(expected, actual, each.batches);
  }

  /** Trains both on the same batches, and compares them after each. */
  static void trainAlike(NeuralNetwork expected, NeuralNetwork actual, List<MultiDataSet> batches) {
    for (int i = 0; i < batches.size(); i++) {
      for (NeuralNetwork network : List.of(expected, actual)) {
        Nd4j.getRandom().setSeed(Networks.SEED + i); // for drop-out
        network.fit(batches.get(i));
      }
      Bits.assertSame(expected.params(), actual.params(), "parameters after batch " + i);
      if (expected.updaterState() != null) {
        Bits.assertSame(expected.updaterState(), actual.updaterState(), "state after batch " + i);
      }
    }
  }

  /** Of parameters, state and update after every iteration. */
  private static final class Reader extends BaseTrainingListener {
    private final List<INDArray> seen;

    Reader(List<INDArray> seen) {
      this.seen = seen;
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      seen.add(model.params().dup());
      seen.add(model.gradient().gradient().dup());
      INDArray state = ((NeuralNetwork) model).updaterState();
      if (state != null) {
        seen.add(state.dup());
      }
    }
  }

  static OnePass enable(NeuralNetwork network) {
    return network instanceof ComputationGraph graph
        ? OnePass.enable(graph)
        : OnePass.enable((MultiLayerNetwork) network);
  }
}
