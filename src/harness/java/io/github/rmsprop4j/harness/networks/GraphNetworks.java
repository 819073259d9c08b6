package io.github.rmsprop4j.harness.networks;

import static io.github.rmsprop4j.harness.networks.Configurations.network;
import static io.github.rmsprop4j.harness.networks.Configurations.softmax;
import static io.github.rmsprop4j.harness.networks.Configurations.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of several inputs and outputs. */
final class GraphNetworks {
  private GraphNetworks() {}

  static StandardNetwork multipleInputsAndOutputs() {
    return new StandardNetwork(
        "multi-input-output",
        "A point and a wave with a mask go in; the class of the wave and a product of the point's "
            + "coordinates come out.",
        (type, settings) ->
            network(
                start(type, settings)
                    .graphBuilder()
                    .addInputs("point", "wave")
                    .setInputTypes(InputType.feedForward(3), InputType.recurrent(2))
                    .addLayer("dense", new DenseLayer.Builder().nOut(25).build(), "point")
                    .addLayer("lstm", new LSTM.Builder().nOut(14).build(), "wave")
                    .addVertex("last", new LastTimeStepVertex("wave"), "lstm")
                    .addVertex("both", new MergeVertex(), "dense", "last")
                    .addLayer("shared", new DenseLayer.Builder().nOut(21).build(), "both")
                    .addLayer("class", softmax(3), "shared")
                    .addLayer(
                        "product",
                        new OutputLayer.Builder(LossFunction.MSE)
                            .nOut(1)
                            .activation(Activation.IDENTITY)
                            .build(),
                        "shared")
                    .setOutputs("class", "product")
                    .build()),
        GraphNetworks::pointsAndWaves);
  }

  private static List<MultiDataSet> pointsAndWaves(DataType type) {
    List<MultiDataSet> waves =
        SequenceData.ofUnequalLength(
            type, MadeUpData.task(type, MadeUpData.sizes(4, 16), 3, MadeUpData.waves(3, 2), 2, 12));
    Random random = new Random(3);
    List<MultiDataSet> both = new ArrayList<>();
    for (MultiDataSet wave : waves) {
      double[][] points = new double[(int) wave.getFeatures(0).size(0)][3];
      double[][] products = new double[points.length][1];
      for (int i = 0; i < points.length; i++) {
        for (int axis = 0; axis < 3; axis++) {
          points[i][axis] = 2 * random.nextDouble() - 1;
        }
        products[i][0] = 3 * points[i][0] * points[i][1] - points[i][2];
      }
      both.add(
          new org.nd4j.linalg.dataset.MultiDataSet(
              new INDArray[] {MadeUpData.array(type, points, 3), wave.getFeatures(0)},
              new INDArray[] {wave.getLabels(0), MadeUpData.array(type, products, 1)},
              new INDArray[] {null, wave.getFeaturesMaskArray(0)},
              null));
    }
    return both;
  }
}
