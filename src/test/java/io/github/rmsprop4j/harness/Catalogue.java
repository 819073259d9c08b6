package io.github.rmsprop4j.harness;

import java.util.*;
import org.deeplearning4j.nn.conf.*;
import org.deeplearning4j.nn.conf.layers.*;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.*;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

final class Catalogue {
  static io.github.rmsprop4j.RmsProp settings() {
    return io.github.rmsprop4j.RmsProp.builder().learningRate(5e-3).build();
  }

  static List<StandardNetwork> all() {
    List<StandardNetwork> l = new ArrayList<>();
    for (int width : new int[] {8, 100, 400}) {
      l.add(
          new StandardNetwork(
              "mlp-" + width,
              "A multilayer perceptron of width " + width + " on clouds of points, some <b> & more",
              (type, settings) -> {
                MultiLayerNetwork net =
                    new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                            .seed(3)
                            .dataType(type)
                            .updater(settings)
                            .l2(1e-4)
                            .list(
                                new DenseLayer.Builder()
                                    .nIn(20)
                                    .nOut(width)
                                    .activation(Activation.RELU)
                                    .build(),
                                new DenseLayer.Builder()
                                    .nIn(width)
                                    .nOut(width)
                                    .activation(Activation.RELU)
                                    .build(),
                                new OutputLayer.Builder()
                                    .nIn(width)
                                    .nOut(3)
                                    .activation(Activation.SOFTMAX)
                                    .build())
                            .build());
                net.init();
                return Subjects.of(net);
              },
              type -> {
                List<MultiDataSet> b = new ArrayList<>();
                Random r = new Random(1);
                for (int i = 0; i < 5; i++) {
                  double[][] x = new double[16][20], y = new double[16][3];
                  for (int k = 0; k < 16; k++) {
                    int c = r.nextInt(3);
                    y[k][c] = 1;
                    for (int j = 0; j < 20; j++)
                      x[k][j] = r.nextGaussian() + (j % 3 == c ? 0.7 : 0);
                  }
                  b.add(
                      new org.nd4j.linalg.dataset.MultiDataSet(
                          Nd4j.createFromArray(x).castTo(type),
                          Nd4j.createFromArray(y).castTo(type)));
                }
                return b;
              }));
    }
    return l;
  }
}
