package io.github.rmsprop4j.examples.mnist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.digits.MnistData;
import io.github.rmsprop4j.digits.MnistFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Needs the real files, in {@code MNIST_DIR} or in {@code ../shared/mnist}. */
class RealMnistTest {
  @Test
  void readsAndLearnsTheRealDigits() throws IOException {
    String variable = System.getenv().getOrDefault("MNIST_DIR", "");
    Path folder = Path.of(variable.isEmpty() ? "../shared/mnist" : variable);
    if (!Files.isDirectory(folder)) {
      String message = "NOT RUN: no MNIST in " + folder + "; set MNIST_DIR to a folder with it";
      System.err.println(getClass().getSimpleName() + " " + message);
      Assumptions.abort(message);
    }
    StringWriter said = new StringWriter();
    MnistFiles files = new MnistFiles(MnistFiles.MNIST, List.of(), Map.of(), Path.of("none"));
    MnistData mnist = files.load(folder, new PrintWriter(said)).orElseThrow();
    assertEquals(60_000, mnist.train().count());
    assertEquals(10_000, mnist.test().count());
    assertArrayEquals(
        new int[] {5, 0, 4, 1, 9}, Arrays.copyOf(mnist.train().labels(), 5), "first labels");
    assertArrayEquals(
        new int[] {7, 2, 1, 0, 4}, Arrays.copyOf(mnist.test().labels(), 5), "first test labels");

    MnistData some =
        new MnistData(mnist.train().first(1500), mnist.test().first(1000), mnist.name());
    Run run = new Run("name", Model.MLP.configuration(new RmsProp(5e-4), 1), false);
    new Race(some, 1, 64, 1, new PrintWriter(said)).train(List.of(run), null, 0);
    assertTrue(run.accuracy() > 0.75, "test accuracy " + run.accuracy());
  }
}
