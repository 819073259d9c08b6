package io.github.rmsprop4j.dl4j;

import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;

/** The blocks of parameters that DL4J updates in one call each. */
final class UpdaterBlocks {
  private UpdaterBlocks() {}

  static BaseMultiLayerUpdater<?> updater(NeuralNetwork network) {
    return network instanceof ComputationGraph graph
        ? graph.getUpdater()
        : (BaseMultiLayerUpdater<?>) ((MultiLayerNetwork) network).getUpdater();
  }

  static long withState(BaseMultiLayerUpdater<?> updater) {
    return updater.getUpdaterBlocks().stream().filter(b -> b.getUpdaterView() != null).count();
  }

  /** {@return the parameters of each block, such as {@code 0-W 0-b}} */
  static List<String> of(NeuralNetwork network) {
    return updater(network).getUpdaterBlocks().stream()
        .map(
            block ->
                block.getLayersAndVariablesInBlock().stream()
                    .map(p -> p.getLayer().getConfig().getLayerName() + "-" + p.getParamName())
                    .collect(Collectors.joining(" ")))
        .toList();
  }
}
