package io.github.rmsprop4j.harness.networks;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Subject;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What the configurations of the catalogue have in common. */
final class Configurations {
  /** Of the first weights. */
  private static final long SEED = 7;

  private Configurations() {}

  static NeuralNetConfiguration.Builder start(DataType type, RmsProp settings) {
    return new NeuralNetConfiguration.Builder()
        .seed(SEED)
        .dataType(type)
        .weightInit(WeightInit.XAVIER)
        .activation(Activation.TANH)
        .updater(settings);
  }

  static OutputLayer softmax(int classes) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }

  /** A softmax at every step. */
  static RnnOutputLayer softmaxes(int classes) {
    return new RnnOutputLayer.Builder(LossFunction.MCXENT)
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }

  static Subject network(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return Subject.of(network);
  }

  static Subject network(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return Subject.of(network);
  }
}
