package io.github.rmsprop4j.harness;

import java.util.*;
import org.deeplearning4j.datasets.iterator.*;
import org.deeplearning4j.nn.conf.*;
import org.deeplearning4j.nn.conf.layers.*;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.*;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.RmsProp;

class RmsPropHarnessTest {
  @Test
  void thin() {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new RmsProp(1e-2))
                .l2(1e-3)
                .list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(7).dropOut(0.7).build())
                .layer(
                    new OutputLayer.Builder()
                        .nIn(7)
                        .nOut(2)
                        .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
                        .build())
                .build());
    net.init();
    List<DataSet> l = new ArrayList<>();
    for (int i = 0; i < 4; i++)
      l.add(
          new DataSet(
              Nd4j.rand(6, 5),
              Nd4j.create(new double[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {0, 1}})
                  .castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT)));
    Comparison c = RmsPropHarness.compare(net, new ExistingDataSetIterator(l), 50);
    System.out.println(c + " " + c.faults());
    for (Comparison.Training t : c.trainings()) {
      System.out.printf(
          "%s loss %s..%s upd %.1f us it %.1f us  u %.3g %.3g %.3g  s %.3g %.3g %.3g p %.3g %.3g %.3g %s%n",
          t.contender(),
          t.losses().get(0),
          t.losses().get(49),
          t.updaterMicros(),
          t.iterationMicros(),
          t.updateErrors().max(),
          t.updateErrors().mean(),
          t.updateErrors().rms(),
          t.stateErrors().max(),
          t.stateErrors().mean(),
          t.stateErrors().rms(),
          t.parameterErrors().max(),
          t.parameterErrors().mean(),
          t.parameterErrors().rms(),
          t.difference());
    }
  }
}
