package io.github.rmsprop4j.harness;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.GradientUpdater;

/** A copy of a {@code MultiLayerNetwork} or {@code ComputationGraph}. */
final class LayeredTrainee implements Trainee {
  private final NeuralNetwork network;
  private final List<Parameter> parameters = new ArrayList<>();

  LayeredTrainee(NeuralNetwork network, BaseMultiLayerUpdater<?> updater) {
    this.network = network;
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      GradientUpdater<?> maker = block.getGradientUpdater();
      for (UpdaterBlock.ParamState part : block.getLayersAndVariablesInBlock()) {
        parameters.add(
            new Parameter(
                part.getLayer().getConfig().getLayerName() + "_" + part.getParamName(),
                part.getParamView(),
                maker instanceof WatchedUpdater watched ? watched : null,
                part.getParamOffsetStart() - block.getParamOffsetStart()));
      }
    }
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
