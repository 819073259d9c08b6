package io.github.rmsprop4j.examples.mnist;

import io.github.rmsprop4j.digits.Digits;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The networks to choose from. */
public enum Model {
  /** 784-1000-10: one hidden layer of rectified linear units. */
  MLP("784-1000-10", 8) {
    @Override
    NeuralNetConfiguration.ListBuilder hiddenLayers(NeuralNetConfiguration.ListBuilder layers) {
      return layers.layer(new DenseLayer.Builder().nOut(1000).activation(Activation.RELU).build());
    }
  },

  /**
   * LeNet as Caffe has it: two convolutions of 5 x 5 with 20 and 50 channels, pooled, and 500
   * units.
   */
  LENET("LeNet", 2) {
    @Override
    NeuralNetConfiguration.ListBuilder hiddenLayers(NeuralNetConfiguration.ListBuilder layers) {
      return layers
          .layer(
              new ConvolutionLayer.Builder(5, 5).nOut(20).activation(Activation.IDENTITY).build())
          .layer(maxPooling())
          .layer(
              new ConvolutionLayer.Builder(5, 5).nOut(50).activation(Activation.IDENTITY).build())
          .layer(maxPooling())
          .layer(new DenseLayer.Builder().nOut(500).activation(Activation.RELU).build());
    }
  };

  /** For people. */
  public final String title;

  /** Passes over MNIST after which the test accuracy has come to rest, by and large. */
  final int epochs;

  Model(String title, int epochs) {
    this.title = title;
    this.epochs = epochs;
  }

  abstract NeuralNetConfiguration.ListBuilder hiddenLayers(
      NeuralNetConfiguration.ListBuilder layers);

  /**
   * The network with a softmax over the ten digits on top; its weights depend on the seed alone.
   */
  public MultiLayerConfiguration configuration(IUpdater updater, long seed) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER)
            .updater(updater)
            .list();
    return hiddenLayers(layers)
        .layer(
            new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
                .nOut(Digits.CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutionalFlat(Digits.SIDE, Digits.SIDE, 1))
        .build();
  }

  private static SubsamplingLayer maxPooling() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, new int[] {2, 2})
        .stride(2, 2)
        .build();
  }
}
