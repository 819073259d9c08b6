package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** One mini-batch with a NaN in the middle of a training. */
class NonFiniteGradientTest {
  private final List<MultiDataSet> data = Networks.vectors(DataType.FLOAT);

  @Test
  void propagatesAsTheBuiltIn() {
    MultiLayerNetwork builtIn = Networks.mlp(Implementation.BUILT_IN.rmsProp(0.01), DataType.FLOAT);
    MultiLayerNetwork ours = Networks.mlp(Implementation.OURS.rmsProp(0.01), DataType.FLOAT);
    List<MultiDataSet> batches = List.of(data.get(0), broken(), data.get(1));
    History.assertSame(History.of(builtIn, batches, 1), History.of(ours, batches, 1));
    assertTrue(ours.params().isNaN().any());
  }

  @Test
  void aSkippedStepChangesNothing() {
    MultiLayerNetwork network = network(NonFinitePolicy.SKIP_STEP);
    INDArray parameters = network.params().dup();
    INDArray state = network.updaterState().dup();
    network.fit(broken());
    Bits.assertSame(parameters, network.params(), "parameters");
    Bits.assertSame(state, network.updaterState(), "updater state");
    History.of(network, data, 1).assertTrained();
  }

  @Test
  void zeroedElementsLeaveTheOthers() {
    MultiLayerNetwork network = network(NonFinitePolicy.ZERO_ELEMENT);
    network.fit(broken());
    assertFalse(network.params().isNaN().any());
    assertFalse(network.updaterState().isNaN().any());
    History.of(network, data, 1).assertTrained();
  }

  @Test
  void throwingChangesNothing() {
    MultiLayerNetwork network = network(NonFinitePolicy.THROW);
    INDArray parameters = network.params().dup();
    INDArray state = network.updaterState().dup();
    Exception error = assertThrows(ArithmeticException.class, () -> network.fit(broken()));
    assertEquals(
        "the gradient must be finite, got NaN at element 0 of 153, iteration 3, epoch 0",
        error.getMessage());
    Bits.assertSame(parameters, network.params(), "parameters");
    Bits.assertSame(state, network.updaterState(), "updater state");
  }

  private MultiLayerNetwork network(NonFinitePolicy policy) {
    RmsProp settings =
        RmsProp.builder().learningRate(0.01).momentum(0.9).centered(true).nonFinite(policy).build();
    MultiLayerNetwork network = Networks.mlp(settings, DataType.FLOAT);
    data.forEach(network::fit);
    return network;
  }

  private MultiDataSet broken() {
    INDArray features = data.get(0).getFeatures(0).dup();
    features.putScalar(0, Double.NaN);
    return new org.nd4j.linalg.dataset.MultiDataSet(features, data.get(0).getLabels(0));
  }
}
