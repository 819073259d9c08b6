package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

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
  public boolean isLayered() {
    return true;
  }

  @Override
  public List<RmsProp> settings() {
    return json.settings();
  }

  @Override
  public Trainee copy(Contender contender, Observer observer) {
    INDArray parameters = network.params().dup();
    NeuralNetwork copy;
    if (network instanceof MultiLayerNetwork) {
      MultiLayerNetwork layers =
          new MultiLayerNetwork(configuration(contender, observer, MultiLayerConfiguration.class));
      layers.init(parameters, false);
      copy = layers;
    } else {
      ComputationGraph graph =
          new ComputationGraph(
              configuration(contender, observer, ComputationGraphConfiguration.class));
      graph.init(parameters, false);
      copy = graph;
    }
    BaseMultiLayerUpdater<?> original = updater(network, false);
    if (original != null && original.getStateViewArray() != null) {
      updater(copy, true).setStateViewArray(original.getStateViewArray());
    }
    if (contender.whole() != null) {
      contender.whole().accept(copy);
    }
    return new Copy(copy);
  }

  private <T> T configuration(Contender contender, Observer observer, Class<T> type) {
    return contender.whole() == null ? json.with(contender, observer, type) : json.withOurs(type);
  }

  /** Without making one in the user's network that has none yet. */
  private static BaseMultiLayerUpdater<?> updater(NeuralNetwork network, boolean make) {
    return network instanceof ComputationGraph graph
        ? graph.getUpdater(make)
        : (BaseMultiLayerUpdater<?>) ((MultiLayerNetwork) network).getUpdater(make);
  }

  /** A copy of a {@code MultiLayerNetwork} or {@code ComputationGraph}. */
  private static final class Copy implements Trainee {
    private final NeuralNetwork network;
    private final List<Parameter> parameters = new ArrayList<>();

    Copy(NeuralNetwork network) {
      this.network = network;
      for (UpdaterBlock block : updater(network, true).getUpdaterBlocks()) {
        GradientUpdater<?> maker = block.getGradientUpdater();
        for (UpdaterBlock.ParamState part : block.getLayersAndVariablesInBlock()) {
          parameters.add(
              new Parameter(
                  name(part),
                  part.getParamView(),
                  maker instanceof WatchedUpdater watched ? watched : null,
                  part.getParamOffsetStart() - block.getParamOffsetStart()));
        }
      }
    }

    private static String name(UpdaterBlock.ParamState part) {
      return part.getLayer().getConfig().getLayerName() + "_" + part.getParamName();
    }

    /** Anew, since a network may change its updater. */
    @Override
    public List<Parameter> state() {
      List<Parameter> state = new ArrayList<>();
      for (UpdaterBlock block : updater(network, true).getUpdaterBlocks()) {
        INDArray view = block.getUpdaterView();
        long length = block.getParamOffsetEnd() - (long) block.getParamOffsetStart();
        for (long at = 0; view != null && at < view.length(); at += length) {
          for (UpdaterBlock.ParamState part : block.getLayersAndVariablesInBlock()) {
            long start = at + part.getParamOffsetStart() - block.getParamOffsetStart();
            long end = start + part.getParamOffsetEnd() - part.getParamOffsetStart();
            state.add(
                new Parameter(
                    name(part),
                    view.get(NDArrayIndex.all(), NDArrayIndex.interval(start, end)),
                    null,
                    0));
          }
        }
      }
      return state;
    }

    @Override
    public boolean isSupervised() {
      return !(network instanceof MultiLayerNetwork layers)
          || layers.getOutputLayer() instanceof IOutputLayer;
    }

    @Override
    public boolean pretrain(MultiDataSet batch) {
      // Only the first layer: the pretraining of later ones fails in 1.0.0-M2.1, with any updater.
      if (network instanceof MultiLayerNetwork layers && layers.getLayer(0).isPretrainLayer()) {
        layers.pretrainLayer(0, batch.getFeatures(0));
        return true;
      }
      return false;
    }

    @Override
    public void fit(MultiDataSet batch) {
      if (network instanceof MultiLayerNetwork layers) {
        // Its fit(MultiDataSet) takes masks only in pairs, in 1.0.0-M2.1.
        layers.fit(
            new DataSet(
                batch.getFeatures(0),
                batch.getLabels(0),
                batch.getFeaturesMaskArray(0),
                batch.getLabelsMaskArray(0)));
      } else {
        network.fit(batch);
      }
    }

    @Override
    public void endEpoch() {
      if (network instanceof ComputationGraph graph) {
        graph.incrementEpochCount();
      } else {
        ((MultiLayerNetwork) network).incrementEpochCount();
      }
    }

    @Override
    public double loss() {
      return isSupervised()
          ? ((Model) network).score()
          : ((MultiLayerNetwork) network).getLayer(0).score();
    }

    @Override
    public List<Parameter> parameters() {
      return parameters;
    }
  }
}
