package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import java.util.List;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@code MultiLayerNetwork} or {@code ComputationGraph}. A copy is made of its configuration's
 * JSON, as if it had been saved, so that wrapped, frozen and user-defined layers need no case of
 * their own; it goes on from the parameters, updater state, iteration and epoch of the original.
 */
final class LayeredSubject implements Subject {
  private final NeuralNetwork network;
  private final ConfigurationJson json;

  LayeredSubject(NeuralNetwork network) {
    this.network = network;
    if (network instanceof MultiLayerNetwork layers) {
      json = ConfigurationJson.of(layers.getLayerWiseConfigurations().toJson());
    } else if (network instanceof ComputationGraph graph) {
      json = ConfigurationJson.of(graph.getConfiguration().toJson());
    } else {
      throw new IllegalArgumentException(
          "the network must be a MultiLayerNetwork or a ComputationGraph, got "
              + (network == null ? null : network.getClass().getName()));
    }
    if (network.params() == null || network.params().length() == 0) {
      throw new IllegalArgumentException("the network must have parameters: call init() first");
    }
  }

  @Override
  public DataType dataType() {
    return network.params().dataType();
  }

  @Override
  public long parameters() {
    return network.params().length();
  }

  @Override
  public List<RmsProp> settings() {
    return json.settings();
  }

  @Override
  public Trainee copy(Contender contender, CallLog log) {
    INDArray parameters = network.params().dup();
    NeuralNetwork copy;
    if (network instanceof MultiLayerNetwork) {
      MultiLayerNetwork layers =
          new MultiLayerNetwork(json.with(contender, log, MultiLayerConfiguration.class));
      layers.init(parameters, false);
      copy = layers;
    } else {
      ComputationGraph graph =
          new ComputationGraph(json.with(contender, log, ComputationGraphConfiguration.class));
      graph.init(parameters, false);
      copy = graph;
    }
    BaseMultiLayerUpdater<?> original = updater(network, false);
    if (original != null && original.getStateViewArray() != null) {
      updater(copy, true).setStateViewArray(original.getStateViewArray());
    }
    return new LayeredTrainee(copy, updater(copy, true));
  }

  /** Without making one in the user's network that has none yet. */
  private static BaseMultiLayerUpdater<?> updater(NeuralNetwork network, boolean make) {
    return network instanceof ComputationGraph graph
        ? graph.getUpdater(make)
        : (BaseMultiLayerUpdater<?>) ((MultiLayerNetwork) network).getUpdater(make);
  }
}
