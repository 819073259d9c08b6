package io.github.rmsprop4j.examples.mnist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.MnistData;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class RunTest {
  private static final MnistData DATA = DrawnDigits.draw(150, 100, 3);

  /**
   * Clock, progress bar and reading the loss change nothing: the plain DL4J loop gives the same
   * bits.
   */
  @ParameterizedTest
  @EnumSource(Model.class)
  void watchingDoesNotChangeTraining(Model model) {
    StringWriter said = new StringWriter();
    Run run =
        Run.train(
            "name",
            model.configuration(new RmsProp(1e-3), 9),
            DATA,
            2,
            64,
            5,
            new PrintWriter(said));

    MultiLayerNetwork plain = new MultiLayerNetwork(model.configuration(new RmsProp(1e-3), 9));
    plain.init();
    plain.fit(DATA.train().shuffled(64, 6));
    plain.fit(DATA.train().shuffled(64, 7));
    assertArrayEquals(bits(plain.params()), bits(run.network.params()));
    assertArrayEquals(bits(plain.updaterState()), bits(run.network.updaterState()));
    assertEquals(plain.getIterationCount(), run.network.getIterationCount());
    assertEquals(plain.getEpochCount(), run.network.getEpochCount());
    assertEquals(Run.accuracy(plain, DATA.test()), run.accuracy());

    assertEquals(6, run.losses.size());
    assertEquals(plain.score(), run.losses.get(5));
    assertEquals(2, run.accuracies.size());
    assertTrue(run.updaterSecondsPerEpoch() > 0);
    assertTrue(run.updaterSecondsPerEpoch() < run.secondsPerEpoch());
    assertTrue(said.toString().contains("epoch 2/2"), said.toString());
    assertTrue(said.toString().contains(" 150/150 "), said.toString());
    assertTrue(said.toString().contains(" images/s, loss "), said.toString());
  }

  @Test
  void saysWhenTrainingDiverges() {
    ArithmeticException e =
        assertThrows(
            ArithmeticException.class,
            () ->
                Run.train(
                    "name",
                    Model.MLP.configuration(new RmsProp(1e30), 9),
                    DATA,
                    1,
                    64,
                    5,
                    new PrintWriter(new StringWriter())));
    assertTrue(e.getMessage().startsWith("training diverged in epoch 1, "), e.getMessage());
  }

  private static int[] bits(INDArray array) {
    float[] values = array.dup().data().asFloat();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
