package io.github.rmsprop4j.examples.mnist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.MnistData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class RunTest {
  private static final MnistData DATA = DrawnDigits.draw(150, 100, 3);

  /**
   * Clocks, progress bar, turns and reading the loss change nothing: the plain DL4J loop gives the
   * same bits.
   */
  @ParameterizedTest
  @EnumSource(Model.class)
  void watchingDoesNotChangeTraining(Model model) throws IOException {
    StringWriter said = new StringWriter();
    List<Run> runs = List.of(run(model, 1e-3), run(model, 2e-3), onePass(model));
    new Race(DATA, 2, 64, 5, new PrintWriter(said)).train(runs, null, 0);

    MultiLayerNetwork plain = new MultiLayerNetwork(model.configuration(new RmsProp(1e-3), 9));
    plain.init();
    plain.fit(DATA.train().shuffled(64, 6));
    plain.fit(DATA.train().shuffled(64, 7));
    Run run = runs.get(0);
    assertArrayEquals(bits(plain.params()), bits(run.network.params()));
    assertArrayEquals(bits(plain.updaterState()), bits(run.network.updaterState()));
    assertEquals(plain.getIterationCount(), run.network.getIterationCount());
    assertEquals(plain.getEpochCount(), run.network.getEpochCount());
    assertEquals(Run.accuracy(plain, DATA.test()), run.accuracy());

    assertEquals(6, run.losses.size());
    assertEquals(plain.score(), run.losses.get(5));
    assertEquals(2, run.accuracies.size());
    assertTrue(run.updateMillisPerStep().getAsDouble() > 0);
    assertTrue(run.updateMillisPerStep().getAsDouble() < run.millisPerStep());
    assertEquals(run.seconds() * 1000 / 6, run.millisPerStep(), 1e-9);
    assertNotEquals(run.losses, runs.get(1).losses, "each with its own updater");

    Run onePass = runs.get(2);
    assertArrayEquals(bits(plain.params()), bits(onePass.network.params()));
    assertArrayEquals(bits(plain.updaterState()), bits(onePass.network.updaterState()));
    assertEquals(run.losses, onePass.losses);
    assertTrue(onePass.seconds() > 0);
    assertTrue(onePass.updateMillisPerStep().isEmpty());
    assertTrue(said.toString().contains("epoch 2/2  test accuracy of name: 0."), said.toString());
    assertTrue(said.toString().contains(" 150/150 "), said.toString());
    assertTrue(said.toString().contains(", ms a step "), said.toString());
  }

  @Test
  void saysOneAccuracyWhenAllAreEqual() throws IOException {
    StringWriter said = new StringWriter();
    List<Run> runs = List.of(run(Model.MLP, 1e-3), run(Model.MLP, 1e-3));
    new Race(DATA, 1, 64, 5, new PrintWriter(said)).train(runs, null, 0);
    assertTrue(said.toString().contains("epoch 1/1  test accuracy 0."), said.toString());
  }

  @Test
  void warmsUpForAsLongAsItIsTold() throws IOException {
    List<Run> runs = List.of(run(Model.MLP, 1e-3), run(Model.MLP, 1e-3));
    Race race = new Race(DATA, 1, 64, 5, new PrintWriter(new StringWriter()));
    race.warmUp(runs, 0);
    assertEquals(0, runs.get(0).steps());
    race.warmUp(runs, 0.1);
    assertTrue(runs.get(0).seconds() + runs.get(1).seconds() >= 0.2);
    assertEquals(runs.get(0).steps(), runs.get(1).steps());
  }

  @Test
  void saysWhenTrainingDiverges() {
    Race race = new Race(DATA, 1, 64, 5, new PrintWriter(new StringWriter()));
    List<Run> runs = List.of(run(Model.MLP, 1e30));
    ArithmeticException e =
        assertThrows(ArithmeticException.class, () -> race.train(runs, null, 0));
    assertTrue(e.getMessage().startsWith("training diverged in epoch 1, "), e.getMessage());
  }

  /** The last checkpoint is in the middle of an epoch, at its end, in the second epoch. */
  @ParameterizedTest
  @CsvSource({"1, 2, 2", "1, 3, 3", "2, 5, 5", "2, 4, 4"})
  void goesOnFromACheckpointToTheSameBits(int epochs, int every, int step, @TempDir Path temp)
      throws IOException {
    PrintWriter out = new PrintWriter(new StringWriter());
    List<Run> undisturbed = List.of(run(Model.MLP, 2e-3), onePass(Model.MLP));
    new Race(DATA, 3, 64, 5, out).train(undisturbed, null, 0);

    Checkpoint checkpoint = new Checkpoint(temp.resolve("checkpoint"), Map.of());
    List<Run> runs = List.of(run(Model.MLP, 2e-3), onePass(Model.MLP));
    new Race(DATA, epochs, 64, 5, out).train(runs, checkpoint, every);
    List<Run> resumed = List.of(run(Model.MLP, 2e-3), onePass(Model.MLP));
    assertTrue(checkpoint.read(state -> assertEquals(every, Race.read(resumed, state))));
    assertEquals(step, resumed.get(0).steps());
    assertTrue(resumed.get(0).seconds() > 0, "clocks go on");
    new Race(DATA, 3, 64, 5, out).train(resumed, checkpoint, 0);

    for (int i = 0; i < 2; i++) {
      Run expected = undisturbed.get(i);
      Run actual = resumed.get(i);
      assertArrayEquals(bits(expected.network.params()), bits(actual.network.params()));
      assertArrayEquals(bits(expected.network.updaterState()), bits(actual.network.updaterState()));
      assertEquals(expected.losses, actual.losses);
      assertEquals(expected.accuracies, actual.accuracies);
      assertEquals(9, actual.network.getIterationCount());
      assertEquals(3, actual.network.getEpochCount());
    }
  }

  private static Run onePass(Model model) {
    return new Run("one pass", model.configuration(new RmsProp(1e-3), 9), true);
  }

  private static Run run(Model model, double rate) {
    return new Run("name", model.configuration(new RmsProp(rate), 9), false);
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
