package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.RmsProp;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Clipping by the global norm and steps that are left out. */
class OnePassClippingTest {
  /** Relative, of a clipped element of FLOAT: the contract of {@code clipGlobalNorm}. */
  private static final double BOUND = Math.pow(2, -22);

  /** v is the square of the gradient, so it can be read there. */
  private static final RmsProp SQUARES = RmsProp.builder().learningRate(0.01).rmsDecay(0).build();

  private static MultiLayerNetwork mlp(
      DataType type, UnaryOperator<NeuralNetConfiguration.Builder> change) {
    return Networks.init(Networks.mlp(change.apply(Networks.base(SQUARES, type))));
  }

  /** The gradient divided by the size of the batch. */
  private static double[] gradient(MultiLayerNetwork network, MultiDataSet batch, double size) {
    network.setInput(batch.getFeatures(0));
    network.setLabels(batch.getLabels(0));
    network.computeGradientAndScore();
    return network.gradient().gradient().castTo(DataType.DOUBLE).div(size).toDoubleVector();
  }

  /** As {@code torch.nn.utils.clip_grad_norm_}, in double. */
  private static double[] clipped(double[] gradient, double maximum) {
    double squares = 0;
    for (double g : gradient) {
      squares += g * g;
    }
    double coefficient = Math.min(1, maximum / (Math.sqrt(squares) + 1e-6));
    double[] clipped = new double[gradient.length];
    for (int i = 0; i < clipped.length; i++) {
      clipped[i] = gradient[i] * coefficient;
    }
    return clipped;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 0.1, 0.5, 100})
  void clipsAsPyTorchDoes(double maximum) {
    MultiDataSet batch = Networks.vectors(DataType.FLOAT).get(0);
    for (boolean divides : new boolean[] {true, false}) {
      UnaryOperator<NeuralNetConfiguration.Builder> change = base -> base.miniBatch(divides);
      double size = divides ? batch.getFeatures(0).size(0) : 1;
      double[] expected = clipped(gradient(mlp(DataType.FLOAT, change), batch, size), maximum);

      MultiLayerNetwork inOnePass = mlp(DataType.FLOAT, change);
      OnePass.builder().clipGlobalNorm(maximum).enable(inOnePass);
      inOnePass.fit(batch);
      double[] squares = inOnePass.updaterState().castTo(DataType.DOUBLE).toDoubleVector();
      // A way of Deeplearning4j's: the update of Sgd is the gradient.
      MultiLayerNetwork not = mlp(DataType.FLOAT, base -> change.apply(base).updater(new Sgd(1)));
      OnePass.builder().clipGlobalNorm(maximum).enable(not);
      not.fit(batch);
      double[] updates = not.gradient().gradient().castTo(DataType.DOUBLE).toDoubleVector();
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], updates[i], BOUND * Math.abs(expected[i]), "gradient " + i);
        assertEquals(
            Math.abs(expected[i]),
            Math.sqrt(squares[i]),
            BOUND * Math.abs(expected[i]) + 1e-22, // whose square would be subnormal
            "square of gradient " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void changesNoBitBelowTheMaximum(boolean normalizes) {
    UnaryOperator<NeuralNetConfiguration.Builder> change =
        base -> normalizes ? base.l2(0.1).biasUpdater(new Sgd(0.1)) : base;
    MultiLayerNetwork ordinary = mlp(DataType.FLOAT, change);
    MultiLayerNetwork network = mlp(DataType.FLOAT, change);
    OnePass.builder().clipGlobalNorm(1e6).skipNonFiniteSteps(true).enable(network);
    OnePassBitsTest.trainAlike(ordinary, network, Networks.vectors(DataType.FLOAT));
  }

  /** They are no gradients, but what is to be subtracted from them. */
  @Test
  void clipsNoRunningMeans() {
    List<MultiDataSet> images = Networks.images(DataType.FLOAT, 8);
    MultiLayerNetwork ordinary =
        Networks.init(Networks.batchNorm(Networks.base(SQUARES, DataType.FLOAT)));
    MultiLayerNetwork network =
        Networks.init(Networks.batchNorm(Networks.base(SQUARES, DataType.FLOAT)));
    OnePass.builder().clipGlobalNorm(1e-3).enable(network);
    ordinary.fit(images.get(0));
    network.fit(images.get(0));
    for (String name : List.of("1_mean", "1_log10stdev")) {
      Bits.assertSame(ordinary.getParam(name), network.getParam(name), name);
    }
    assertEquals(
        1e-3,
        Math.sqrt(network.updaterState().castTo(DataType.DOUBLE).sumNumber().doubleValue()),
        1e-5); // their norm is not counted either; 1e-6 in the definition
  }

  @Test
  void makesWhatPyTorchMakesOfGradientsThatAreNotFinite() {
    MultiLayerNetwork network = mlp(DataType.FLOAT, base -> base.updater(new Sgd(1)));
    OnePass.builder().clipGlobalNorm(1).enable(network);
    network.fit(withFeature(Float.NaN));
    for (double each : network.gradient().gradient().toDoubleVector()) {
      assertEquals(Double.NaN, each);
    }
  }

  private static MultiDataSet withFeature(double value) {
    MultiDataSet batch = Networks.vectors(DataType.FLOAT).get(0);
    batch.getFeatures(0).putScalar(0, 0, value);
    return batch;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesOutStepsThatAreNotFinite(boolean clips) {
    List<MultiDataSet> images = Networks.images(DataType.FLOAT, 8);
    MultiLayerNetwork ordinary =
        Networks.init(Networks.batchNorm(Networks.base(SQUARES, DataType.FLOAT)));
    MultiLayerNetwork network =
        Networks.init(Networks.batchNorm(Networks.base(SQUARES, DataType.FLOAT)));
    OnePass.Builder settings = OnePass.builder().skipNonFiniteSteps(true);
    OnePass onePass = (clips ? settings.clipGlobalNorm(1e6) : settings).enable(network);
    OnePassBitsTest.trainAlike(ordinary, network, images);
    MultiDataSet bad = Networks.images(DataType.FLOAT, 8).get(0);
    bad.getFeatures(0).putScalar(new int[] {0, 0, 0, 0}, Double.NaN);
    for (int i = 1; i <= 3; i++) {
      INDArray parameters = network.params().dup();
      INDArray state = network.updaterState().dup();
      network.fit(bad);
      Bits.assertSame(parameters, network.params(), "parameters");
      Bits.assertSame(state, network.updaterState(), "state");
      assertEquals(i, onePass.skippedSteps());
    }
    OnePassBitsTest.trainAlike(ordinary, network, images);
    assertEquals(3, onePass.skippedSteps());
    assertEquals(ordinary.getIterationCount() + 3, network.getIterationCount());
  }

  @Test
  void leavesAnUpdateOfZeroOfAStepThatIsLeftOut() {
    MultiLayerNetwork network = mlp(DataType.FLOAT, base -> base);
    OnePass.builder().skipNonFiniteSteps(true).keepUpdate(true).enable(network);
    network.fit(withFeature(Float.NaN));
    assertEquals(0, network.gradient().gradient().norm1Number().doubleValue());
  }

  /** The squares of its gradients overflow, but none of them does. */
  @Test
  void leavesOutNoStepThatIsFinite() {
    MultiLayerNetwork ordinary = mlp(DataType.DOUBLE, base -> base);
    MultiLayerNetwork network = mlp(DataType.DOUBLE, base -> base);
    MultiDataSet batch = Networks.vectors(DataType.DOUBLE).get(0);
    batch.getFeatures(0).putScalar(0, 0, 1e200);
    for (MultiLayerNetwork each : List.of(ordinary, network)) {
      each.getParam("0_W").getRow(0).assign(0); // or the activation saturates
    }
    OnePass onePass = OnePass.builder().skipNonFiniteSteps(true).enable(network);
    OnePassBitsTest.trainAlike(ordinary, network, List.of(batch));
    assertEquals(0, onePass.skippedSteps());
    assertNotEquals(0, network.gradient().gradient().norm1Number().doubleValue());
  }

  @Test
  void actsOnNoUpdateByHand() {
    MultiLayerNetwork ordinary = mlp(DataType.FLOAT, base -> base);
    MultiLayerNetwork network = mlp(DataType.FLOAT, base -> base);
    OnePass.builder().clipGlobalNorm(1e-6).enable(network);
    MultiDataSet batch = Networks.vectors(DataType.FLOAT).get(0);
    for (MultiLayerNetwork each : List.of(ordinary, network)) {
      gradient(each, batch, 1);
      each.getUpdater()
          .update(
              each,
              each.gradient(),
              0,
              0,
              8,
              org.deeplearning4j.nn.workspace.LayerWorkspaceMgr.noWorkspaces());
    }
    Bits.assertSame(ordinary.gradient().gradient(), network.gradient().gradient(), "update");
  }
}
