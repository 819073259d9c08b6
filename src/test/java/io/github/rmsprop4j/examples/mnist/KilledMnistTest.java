package io.github.rmsprop4j.examples.mnist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.digits.IdxFolder;
import io.github.rmsprop4j.digits.MnistFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/**
 * Kills trainings at random moments and resumes them. Three kills, or twenty with {@code mvn
 * -Pkills}; a run is repeated by {@code -Drmsprop4j.kills.seed}.
 */
@Tag("once")
class KilledMnistTest {
  private static final int KILLS = Integer.getInteger("rmsprop4j.kills", 3);
  private static final long SEED = Long.getLong("rmsprop4j.kills.seed", System.nanoTime());
  private static final int CHECKPOINT_EVERY = 3;

  @TempDir private Path temp;

  /** The program that is killed: the command on a few drawn digits in the format of MNIST. */
  public static void main(String[] arguments) {
    System.setProperty("java.awt.headless", "true");
    MnistFiles files = new MnistFiles(IdxFolder.FILES, List.of(), Map.of(), Path.of("none"));
    System.exit(Mnist.commandLine(files, RmsProp::new).execute(arguments));
  }

  @Test
  void aKilledTrainingEndsWithTheBitsOfAnUndisturbedOne() throws Exception {
    Path data = IdxFolder.writePlain(temp.resolve("data"));
    Path expected = temp.resolve("expected");
    Path output = temp.resolve("output");
    List<String> undisturbed = new ArrayList<>();
    long began = System.nanoTime();
    Process first = start(data, expected);
    readUntil(first, "no checkpoint in ", undisturbed);
    long startNanos = System.nanoTime() - began;
    readUntil(first, null, undisturbed);
    assertEquals(0, first.waitFor(), String.join("\n", undisturbed));
    long trainingNanos = System.nanoTime() - began - startNanos;

    Random random = new Random(SEED);
    StringBuilder story = new StringBuilder("seed " + SEED);
    int kills = 0;
    while (true) {
      List<String> said = new ArrayList<>();
      Process process = start(data, output);
      boolean ended = false;
      if (kills < KILLS) {
        switch (kills % 3) {
          case 0 -> { // somewhere in the training
            readUntil(process, "on from step ", "no checkpoint in ", said);
            ended = endsWithin(process, random.nextLong(trainingNanos));
          }
          case 1 -> { // while a checkpoint is written
            readUntil(process, "on from step ", "no checkpoint in ", said);
            while (!ended && !isWriting(output)) {
              ended = endsWithin(process, 100_000);
            }
          }
          default -> // anywhere
              ended = endsWithin(process, random.nextLong(startNanos + trainingNanos));
        }
        if (!ended) {
          process.destroyForcibly().waitFor();
          kills++;
          story.append("; killed, left ").append(list(output));
          continue;
        }
      }
      readUntil(process, null, said);
      assertEquals(0, process.waitFor(), story + "\n" + String.join("\n", said));
      assertSame(expected, output, story.toString());
      assertEquals(tail(undisturbed), tail(said), story.toString());
      if (kills == KILLS) {
        return;
      }
      story.append("; ended");
      for (String file : list(output)) {
        Files.delete(output.resolve(file));
      }
    }
  }

  private Process start(Path data, Path output) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // starts sooner
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), getClass().getName()));
    command.addAll(List.of("--data", data.toString(), "--output", output.toString()));
    command.addAll(List.of("--epochs", "4", "--batch-size", "2", "--warm-up", "0"));
    command.addAll(List.of("--resume", "--checkpoint", "" + CHECKPOINT_EVERY));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.start();
  }

  private static void readUntil(Process process, String start, List<String> said)
      throws IOException {
    readUntil(process, start, start, said);
  }

  /** Reads lines up to one that starts with one of these, or to the end for null. */
  private static void readUntil(Process process, String one, String other, List<String> said)
      throws IOException {
    BufferedReader lines = process.inputReader();
    String line;
    while ((line = lines.readLine()) != null) {
      said.add(line);
      if (one != null && (line.startsWith(one) || line.startsWith(other))) {
        return;
      }
    }
    assertTrue(one == null, () -> "ended without " + one + ":\n" + String.join("\n", said));
  }

  private static boolean endsWithin(Process process, long nanos) throws InterruptedException {
    return process.waitFor(nanos, TimeUnit.NANOSECONDS);
  }

  private static boolean isWriting(Path folder) {
    return list(folder).stream().anyMatch(name -> name.matches("mnist-mlp\\.checkpoint\\.\\d+"));
  }

  private static List<String> list(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertSame(Path expected, Path actual, String story) throws IOException {
    assertEquals(List.of("mnist-mlp.png", "mnist-mlp.zip"), list(actual), story);
    MultiLayerNetwork a = load(expected);
    MultiLayerNetwork b = load(actual);
    assertEquals(0, Mnist.differences(a, b), story);
    assertEquals(a.getIterationCount(), b.getIterationCount(), story);
    assertEquals(a.getEpochCount(), b.getEpochCount(), story);
  }

  private static MultiLayerNetwork load(Path folder) throws IOException {
    return MultiLayerNetwork.load(folder.resolve("mnist-mlp.zip").toFile(), true);
  }

  /** Steps, number of differences, accuracy and verdict. */
  private static List<String> tail(List<String> said) {
    return said.stream()
        .filter(line -> line.matches("(parameters and updater state|test accuracy|bit-).*"))
        .toList();
  }
}
