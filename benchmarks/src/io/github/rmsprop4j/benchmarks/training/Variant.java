package io.github.rmsprop4j.benchmarks.training;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/**
 * What is different about a task's networks.
 *
 * @param graph whether they are graphs
 * @param l2 the factor of L2 on all weights but biases, 0 for none
 */
record Variant(boolean graph, double l2) {
  static final Variant NONE = new Variant(false, 0);

  /** Changes a configuration and returns it. */
  MultiLayerConfiguration of(MultiLayerConfiguration configuration) {
    for (NeuralNetConfiguration layer : configuration.getConfs()) {
      if (l2 > 0 && layer.getLayer() instanceof BaseLayer weights) {
        weights.setRegularization(List.of(new L2Regularization(l2)));
      }
    }
    return configuration;
  }
}
