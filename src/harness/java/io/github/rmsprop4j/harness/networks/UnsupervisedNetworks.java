package io.github.rmsprop4j.harness.networks;

import static io.github.rmsprop4j.harness.networks.Configurations.network;
import static io.github.rmsprop4j.harness.networks.Configurations.softmax;
import static io.github.rmsprop4j.harness.networks.Configurations.start;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Networks that are pretrained. Only a first layer can be, in 1.0.0-M2.1. */
final class UnsupervisedNetworks {
  private static final int SIDE = 9;

  private UnsupervisedNetworks() {}

  static StandardNetwork autoencoder() {
    return new StandardNetwork(
        "autoencoder",
        "A denoising autoencoder, pretrained and then trained with a classifier on top, on striped "
            + "pictures.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new AutoEncoder.Builder(0.2).nOut(30).build(),
                        new DenseLayer.Builder().nOut(15).build(),
                        softmax(4))
                    .setInputType(InputType.feedForward(SIDE * SIDE))
                    .build()),
        UnsupervisedNetworks::stripes);
  }

  static StandardNetwork variational() {
    return new StandardNetwork(
        "variational-autoencoder",
        "A variational autoencoder, pretrained and then trained with a classifier on top, on "
            + "striped pictures.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new VariationalAutoencoder.Builder()
                            .nOut(10)
                            .encoderLayerSizes(40, 20)
                            .decoderLayerSizes(20, 41)
                            .reconstructionDistribution(
                                new GaussianReconstructionDistribution(Activation.TANH))
                            .build(),
                        new DenseLayer.Builder().nOut(15).build(),
                        softmax(4))
                    .setInputType(InputType.feedForward(SIDE * SIDE))
                    .build()),
        UnsupervisedNetworks::stripes);
  }

  private static List<MultiDataSet> stripes(DataType type) {
    return MadeUpData.task(type, MadeUpData.sizes(5, 20), 4, MadeUpData.stripes(4, 1), SIDE * SIDE);
  }
}
