package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import java.util.List;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** HALF networks. The default ε, 1e-8, is 0 in HALF, and so are the squares of small gradients. */
class HalfPrecisionTest {
  private static final DataType TYPE = DataType.FLOAT16;

  @Test
  void trainsFiniteWhereTheBuiltInDoesNot() {
    MultiLayerNetwork builtIn = withSmallGradients(Implementation.BUILT_IN);
    MultiLayerNetwork ours = withSmallGradients(Implementation.OURS);
    List<MultiDataSet> data = smallInputs();
    History.of(builtIn, data, 4);
    // In float: isNaN of some natives does not find NaN in HALF.
    float sum = builtIn.params().castTo(DataType.FLOAT).sumNumber().floatValue();
    assertFalse(Float.isFinite(sum), "sum of the built-in's parameters: " + sum);
    History.of(ours, data, 4).assertTrained();
  }

  private static MultiLayerNetwork withSmallGradients(Implementation implementation) {
    IUpdater updater = implementation.rmsProp(1e-3, 0.95, 1e-8);
    return Networks.mlp(updater, TYPE);
  }

  private static List<MultiDataSet> smallInputs() {
    return Networks.vectors(TYPE).stream()
        .map(
            batch ->
                (MultiDataSet)
                    new org.nd4j.linalg.dataset.MultiDataSet(
                        batch.getFeatures(0).mul(1e-4), batch.getLabels(0)))
        .toList();
  }

  @Test
  void learns() {
    NeuralNetwork network = Networks.mlp(Implementation.OURS.rmsProp(0.01), TYPE);
    List<MultiDataSet> data = Networks.vectors(TYPE);
    double before = score(network, data);
    History.of(network, data, 25);
    double after = score(network, data);
    assertTrue(after < before / 2, "score " + before + " -> " + after);
  }

  private static double score(NeuralNetwork network, List<MultiDataSet> data) {
    MultiDataSet first = data.get(0);
    return ((MultiLayerNetwork) network)
        .score(new DataSet(first.getFeatures(0), first.getLabels(0)));
  }

  /** The same network in FLOAT ends not far away. */
  @Test
  void staysNearTheFloatRun() {
    double exact = loss(DataType.FLOAT);
    double rounded = loss(TYPE);
    assertTrue(Math.abs(rounded - exact) < 0.2 * exact + 0.05, exact + " in FLOAT, " + rounded);
  }

  private static double loss(DataType type) {
    NeuralNetwork network = Networks.mlp(Implementation.OURS.rmsProp(0.01), type);
    List<MultiDataSet> data = Networks.vectors(type);
    History.of(network, data, 25);
    return score(network, data);
  }

  /** Deeplearning4j has no BFLOAT16 networks: a quadratic, whose minimum is 0.5 everywhere. */
  @ParameterizedTest
  @EnumSource(names = {"HALF", "BFLOAT16"})
  void findsTheMinimumThatFloatFinds(DataType type) {
    double exact = minimum(DataType.FLOAT);
    double rounded = minimum(type);
    assertTrue(Math.abs(exact - 0.5) < 0.02, "in FLOAT " + exact);
    assertTrue(Math.abs(rounded - exact) < 0.02, exact + " in FLOAT, " + rounded);
  }

  private static double minimum(DataType type) {
    RmsProp config = new RmsProp(0.01);
    GradientUpdater<?> updater = config.instantiate(Nd4j.create(type, 50), true);
    INDArray x = Nd4j.linspace(DataType.FLOAT, -1.0, 0.04, 50).castTo(type);
    for (int i = 0; i < 400; i++) {
      INDArray gradient = x.sub(0.5);
      updater.applyUpdater(gradient, i, 0);
      x.subi(gradient);
    }
    return x.castTo(DataType.FLOAT).meanNumber().doubleValue();
  }
}
