package io.github.rmsprop4j.examples.moons;

import io.github.rmsprop4j.RmsProp;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Tells two interleaved half moons apart: {@code mvn -q -Pexample -Dmain=moons.TwoMoons}. */
public final class TwoMoons {
  private TwoMoons() {}

  /** Takes none but --help. */
  public static void main(String[] args) {
    if (args.length > 0) {
      System.out.println("Tells two interleaved half moons apart. There are no options.");
      return;
    }
    int points = 1000;
    Nd4j.getRandom().setSeed(42);
    INDArray features = Nd4j.randn(points, 2).muli(0.1);
    INDArray labels = Nd4j.zeros(points, 2);
    for (int i = 0; i < points; i++) {
      int moon = i % 2;
      double angle = Math.PI * i / points;
      double x = moon == 0 ? Math.cos(angle) : 1 - Math.cos(angle);
      double y = moon == 0 ? Math.sin(angle) : 0.5 - Math.sin(angle);
      features.putScalar(i, 0, features.getDouble(i, 0) + x);
      features.putScalar(i, 1, features.getDouble(i, 1) + y);
      labels.putScalar(i, moon, 1);
    }

    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new RmsProp(0.01)) // the line that this is about
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(16).activation(Activation.RELU).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nIn(16).nOut(2).build())
                .build());
    network.init();
    for (int step = 1; step <= 500; step++) {
      network.fit(features, labels);
      if (step % 100 == 0) {
        System.out.printf("step %d  loss %.4f%n", step, network.score());
      }
    }
    Evaluation evaluation = new Evaluation();
    evaluation.eval(labels, network.output(features));
    System.out.printf("accuracy: %.3f%n", evaluation.accuracy());
  }
}
