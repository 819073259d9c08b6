package io.github.rmsprop4j.examples.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.rmsprop4j.digits.IdxFolder;
import io.github.rmsprop4j.digits.MnistFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kills drivers at random moments and resumes them: {@code -Drmsprop4j.kills=20} for more than
 * three kills, {@code -Drmsprop4j.kills.seed} to repeat a run.
 */
@Tag("once")
class KilledSparkTest {
  private static final int KILLS = Integer.getInteger("rmsprop4j.kills", 3);
  private static final long SEED = Long.getLong("rmsprop4j.kills.seed", System.nanoTime());
  private static final int AVERAGINGS = 30;
  private static final long AVERAGING_MILLIS = 500;
  private static final String ZIP = "spark-mnist-mlp.zip";

  @TempDir private Path temp;

  /** The program that is killed: the command on a few drawn digits in the format of MNIST. */
  public static void main(String[] arguments) {
    MnistFiles files = new MnistFiles(IdxFolder.FILES, List.of(), Map.of(), Path.of("none"));
    System.exit(SparkMnist.commandLine(files).execute(arguments));
  }

  @Test
  void aKilledTrainingEndsWithTheBitsOfAnUndisturbedOne() throws Exception {
    Path data = IdxFolder.writePlain(temp.resolve("data"));
    Path expected = temp.resolve("expected");
    Path output = temp.resolve("output");
    end(start(data, expected), "undisturbed");

    Random random = new Random(SEED);
    StringBuilder story = new StringBuilder("seed " + SEED);
    for (int kills = 0; kills < KILLS; ) {
      Process process = start(data, output);
      int most = 1 + random.nextInt(AVERAGINGS / 2);
      for (int averagings = 0; averagings < most; ) {
        String line = process.inputReader().readLine();
        if (line == null) {
          break;
        }
        averagings += line.startsWith("averaging ") ? 1 : 0;
      }
      if (process.waitFor(random.nextLong(AVERAGING_MILLIS), TimeUnit.MILLISECONDS)) {
        assertEquals(0, process.exitValue(), story.toString());
        assertSame(expected, output, story.toString());
        story.append("; ended");
        Files.delete(output.resolve(ZIP));
      } else {
        process.destroyForcibly().waitFor();
        kills++;
        story.append("; killed, left ").append(list(output));
      }
    }
    end(start(data, output), story.toString());
    assertSame(expected, output, story.toString());
  }

  private Process start(Path data, Path output) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    command.add("-XX:TieredStopAtLevel=1"); // starts sooner
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), getClass().getName()));
    command.addAll(List.of("--data", data.toString(), "--output", output.toString()));
    command.addAll(List.of("--master", "local[2]", "--averaging", "1", "--batch-size", "1"));
    command.addAll(List.of("--epochs", "2", "--resume", "--checkpoint", "2"));
    command.addAll(List.of("--conf", "spark.driver.bindAddress=127.0.0.1"));
    command.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.start();
  }

  private static void end(Process process, String story) throws IOException, InterruptedException {
    String said;
    try (BufferedReader lines = process.inputReader()) {
      said = String.join("\n", lines.lines().toList());
    }
    assertEquals(0, process.waitFor(), story + "\n" + said);
  }

  private static void assertSame(Path expected, Path actual, String story) throws IOException {
    assertEquals(List.of(ZIP), list(actual), story);
    MultiLayerNetwork a = MultiLayerNetwork.load(expected.resolve(ZIP).toFile(), true);
    MultiLayerNetwork b = MultiLayerNetwork.load(actual.resolve(ZIP).toFile(), true);
    assertArrayEquals(values(a.params()), values(b.params()), story);
    assertArrayEquals(
        values(a.getUpdater().getStateViewArray()),
        values(b.getUpdater().getStateViewArray()),
        story);
    assertEquals(a.getIterationCount(), b.getIterationCount(), story);
    assertEquals(a.getEpochCount(), b.getEpochCount(), story);
  }

  /** To be compared by bits, as INDArray.equals does not. */
  private static float[] values(INDArray array) {
    return array.toFloatVector();
  }

  private static List<String> list(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
