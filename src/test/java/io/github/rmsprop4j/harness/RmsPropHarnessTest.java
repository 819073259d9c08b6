package io.github.rmsprop4j.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.kernel.Kernels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** Networks that a user brings. */
class RmsPropHarnessTest {
  private static final int INPUTS = 5;
  private static final int ITERATIONS = 6;

  @Test
  void aNetworkWithTheBuiltInUpdater() {
    Comparison comparison =
        RmsPropHarness.compare(
            network(new org.nd4j.linalg.learning.config.RmsProp(0.01)), data(), ITERATIONS);
    assertTrue(comparison.builtIn());
    assertEquals(ITERATIONS, comparison.iterations());
    assertEquals(everyKernel("built-in"), names(comparison));
    comparison.assertAgrees();
  }

  @Test
  void aNetworkWithThisProjectsUpdater() {
    Comparison comparison = RmsPropHarness.compare(network(new RmsProp(0.01)), data(), ITERATIONS);
    assertEquals(everyKernel("built-in"), names(comparison));
    comparison.assertAgrees();
  }

  @Test
  void settingsThatTheBuiltInUpdaterDoesNotHave() {
    RmsProp settings = RmsProp.builder().learningRate(0.01).momentum(0.9).centered(true).build();
    Comparison comparison = RmsPropHarness.compare(network(settings), data(), ITERATIONS);
    assertFalse(comparison.builtIn());
    List<String> kernels = new ArrayList<>(everyKernel());
    if (Kernels.fuses(DataType.FLOAT)) { // which ND4J's operations can in the built-in form only
      kernels.remove("nd4j");
    }
    assertEquals(kernels, names(comparison));
    comparison.assertAgrees();
  }

  @Test
  void aGraph() {
    ComputationGraph graph = network(new RmsProp(0.01)).toComputationGraph();
    RmsPropHarness.compare(graph, data(), ITERATIONS).assertAgrees();
    RmsPropHarness.compare(graph, new MultiDataSetIteratorAdapter(data()), ITERATIONS)
        .assertAgrees();
  }

  @Test
  void aSameDiffModel() {
    SameDiff model = SameDiff.create();
    SDVariable x = model.placeHolder("x", DataType.FLOAT, -1, INPUTS);
    SDVariable y = model.placeHolder("y", DataType.FLOAT, -1, 2);
    SDVariable w = model.var("w", Nd4j.linspace(DataType.FLOAT, -1, 0.2, 10).reshape(INPUTS, 2));
    SDVariable error = model.math().tanh(x.mmul(w)).sub(y);
    model.setLossVariables(error.mul(error).mean().name());
    model.setTrainingConfig(
        TrainingConfig.builder()
            .updater(new RmsProp(0.01))
            .dataSetFeatureMapping("x")
            .dataSetLabelMapping("y")
            .build());
    INDArray before = w.getArr().dup();
    Comparison comparison =
        RmsPropHarness.compare(model, new MultiDataSetIteratorAdapter(data()), ITERATIONS);
    assertEquals(ITERATIONS, comparison.iterations());
    comparison.assertAgrees();
    Bits.assertSame(before, model.getVariable("w").getArr(), "w");
  }

  /** It has no output layer and can only be pretrained. */
  @Test
  void aNetworkWithoutLabels() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new RmsProp(0.01))
                .list()
                .layer(
                    new VariationalAutoencoder.Builder()
                        .nIn(INPUTS)
                        .nOut(2)
                        .encoderLayerSizes(4)
                        .decoderLayerSizes(4)
                        .build())
                .build());
    network.init();
    Comparison comparison = RmsPropHarness.compare(network, data(), ITERATIONS);
    assertEquals(ITERATIONS, comparison.iterations());
    assertEquals(ITERATIONS, comparison.trainings().get(0).losses().size());
    comparison.assertAgrees();
  }

  @Test
  void theNetworkIsOnlyRead() {
    MultiLayerNetwork network = network(new RmsProp(0.01));
    network.fit(data(), 2);
    MultiLayerNetwork untouched = network.clone();
    INDArray state = network.updaterState().dup();
    String json = network.getLayerWiseConfigurations().toJson();
    DataSetIterator data = data();

    Nd4j.getRandom().setSeed(5);
    RmsPropHarness.compare(network, data, ITERATIONS).assertAgrees();
    INDArray drawn = Nd4j.rand(10);
    Nd4j.getRandom().setSeed(5);
    Bits.assertSame(Nd4j.rand(10), drawn, "random numbers");

    Bits.assertSame(untouched.params(), network.params(), "parameters");
    Bits.assertSame(state, network.updaterState(), "updater state");
    assertEquals(json, network.getLayerWiseConfigurations().toJson());
    assertEquals(untouched.getIterationCount(), network.getIterationCount());
    assertTrue(data.hasNext());
  }

  /** DL4J makes an updater at the first fit; looking for one must not. */
  @Test
  void aFreshNetworkGetsNoUpdater() {
    MultiLayerNetwork network = network(new RmsProp(0.01));
    RmsPropHarness.compare(network, data(), 1).assertAgrees();
    assertEquals(null, network.getUpdater(false));
  }

  @Test
  void theCopiesGoOnFromTheUpdaterState() {
    MultiLayerNetwork network = network(new RmsProp(0.01));
    network.fit(data(), 2);
    MultiLayerNetwork reset = network.clone();
    reset.getUpdater().getStateViewArray().assign(1e-8);
    double goesOn = lastLoss(RmsPropHarness.compare(network, data(), ITERATIONS));
    assertTrue(goesOn != lastLoss(RmsPropHarness.compare(reset, data(), ITERATIONS)));
  }

  private static double lastLoss(Comparison comparison) {
    List<Double> losses = comparison.trainings().get(0).losses();
    return losses.get(losses.size() - 1);
  }

  @Test
  void refusesWhatItCannotCompare() {
    refuses(
        "the network must have an updater of io.github.rmsprop4j.RmsProp or "
            + "org.nd4j.linalg.learning.config.RmsProp, got [Adam]",
        network(new Adam(0.01)),
        data(),
        1);
    refuses("data must not be null", network(new RmsProp()), null, 1);
    refuses("iterations must be >= 1, got 0", network(new RmsProp()), data(), 0);
    refuses(
        "data must have at least one mini-batch, got none",
        network(new RmsProp()),
        new ExistingDataSetIterator((Collection<DataSet>) List.<DataSet>of()),
        1);
    MultiLayerNetwork raw =
        new MultiLayerNetwork(network(new RmsProp()).getLayerWiseConfigurations());
    refuses("the network must have parameters: call init() first", raw, data(), 1);
    refuses(
        "the network must be a MultiLayerNetwork or a ComputationGraph, got null", null, data(), 1);
  }

  private static void refuses(
      String message, MultiLayerNetwork network, DataSetIterator data, int iterations) {
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> RmsPropHarness.compare(network, data, iterations));
    assertEquals(message, error.getMessage());
  }

  private static List<String> names(Comparison comparison) {
    return comparison.trainings().stream().map(Comparison.Training::contender).toList();
  }

  private static List<String> everyKernel(String... first) {
    String ours = System.getProperty("rmsprop4j.expectKernel");
    Stream<String> kernels =
        ours.equals("simd") ? Stream.of("simd", "plain", "nd4j") : Stream.of("plain", "nd4j");
    return Stream.of(Stream.of(first), kernels, Stream.of("one pass", "reference"))
        .flatMap(s -> s)
        .toList();
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(updater)
                .list()
                .layer(
                    new DenseLayer.Builder()
                        .nIn(INPUTS)
                        .nOut(7)
                        .activation(Activation.TANH)
                        .dropOut(new Dropout(0.8))
                        .build())
                .layer(
                    new OutputLayer.Builder().nIn(7).nOut(2).activation(Activation.SOFTMAX).build())
                .build());
    network.init();
    return network;
  }

  private static DataSetIterator data() {
    Random random = new Random(1);
    List<DataSet> batches = new ArrayList<>();
    for (int size : new int[] {6, 3, 1}) {
      INDArray features = Nd4j.create(size, INPUTS);
      INDArray labels = Nd4j.create(size, 2);
      for (int row = 0; row < size; row++) {
        for (int column = 0; column < INPUTS; column++) {
          features.putScalar(row, column, random.nextGaussian());
        }
        labels.putScalar(row, features.getDouble(row, 0) > 0 ? 1 : 0, 1);
      }
      batches.add(new DataSet(features, labels));
    }
    return new ExistingDataSetIterator(batches);
  }
}
