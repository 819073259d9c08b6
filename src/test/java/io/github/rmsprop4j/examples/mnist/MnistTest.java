package io.github.rmsprop4j.examples.mnist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.IdxFolder;
import io.github.rmsprop4j.digits.MnistFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.IUpdater;
import picocli.CommandLine;

/** The whole command, in this JVM, on drawn digits unless a test brings files. */
class MnistTest {
  private static final String TRAIN_IMAGES = MnistFiles.MNIST.get(0).name();

  @TempDir private Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void trainsComparesAndSaves() throws IOException {
    Path output = temp.resolve("a").resolve("b");
    int exit =
        run("--train-images", "300", "--epochs", "2", "--seed", "7", "--output", "" + output);
    assertEquals("", err.toString());
    assertEquals(0, exit);

    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(0).startsWith("MNIST cannot be downloaded ("), lines.get(0));
    assertTrue(lines.get(1).startsWith("going on with digits drawn"), lines.get(1));
    assertTrue(out.toString().contains("2 x 300 images of drawn digits, NOT MNIST"));
    assertTrue(out.toString().contains(": 0 of 3,180,040 differ after 10 steps"), out.toString());
    String accuracyLine = lines.get(lines.size() - 2);
    assertTrue(accuracyLine.matches("test accuracy: 0\\.\\d{4}"), accuracyLine);
    assertEquals("bit-identical to the built-in updater: yes", lines.get(lines.size() - 1));
    String tested = accuracyLine.replace("test accuracy: ", "epoch 2/2  test accuracy ");
    assertTrue(lines.contains(tested), out.toString());
    assertTrue(accuracyLine.compareTo("test accuracy: 0.3") > 0, accuracyLine);

    BufferedImage picture = ImageIO.read(output.resolve("mnist-mlp.png").toFile());
    assertEquals(Curves.WIDTH, picture.getWidth());
    assertEquals(Curves.HEIGHT, picture.getHeight());

    Path zip = output.resolve("mnist-mlp.zip");
    MultiLayerNetwork saved = MultiLayerNetwork.load(zip.toFile(), true);
    double accuracy = Run.accuracy(saved, DrawnDigits.draw(300, 10_000, 7).test());
    assertEquals(accuracyLine, String.format(Locale.ROOT, "test accuracy: %.4f", accuracy));
    assertEquals(
        RmsProp.class, ((BaseLayer) saved.getLayer(0).conf().getLayer()).getIUpdater().getClass());
    assertEquals(10, saved.getIterationCount());
    assertEquals(2, saved.getEpochCount());
    String configuration = entry(zip, "configuration.json");
    assertTrue(configuration.contains("io.github.rmsprop4j.RmsProp"), configuration);
    assertFalse(configuration.contains("examples"), "no trace of the clock");

    assertEquals(
        List.of("mnist-mlp.png", "mnist-mlp.zip"), list(output), "nothing else is left behind");
  }

  @Test
  void trainsLeNetWithoutComparing() throws IOException {
    int exit =
        run(
            "--model",
            "LeNet",
            "--train-images",
            "100",
            "--epochs",
            "1",
            "--no-compare",
            "--output",
            temp.toString(),
            "--data",
            smallMnist().toString());
    assertEquals("", err.toString());
    assertEquals(0, exit);
    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(0).startsWith("MNIST from "), lines.get(0));
    assertTrue(lines.get(1).startsWith("LeNet on 30 images of MNIST, "), lines.get(1));
    assertTrue(lines.get(lines.size() - 1).matches("test accuracy: [01]\\.\\d{4}"), out.toString());
    assertFalse(out.toString().contains("bit"), out.toString());
    assertTrue(Files.exists(temp.resolve("mnist-lenet.zip")));
    assertTrue(Files.exists(temp.resolve("mnist-lenet.png")));
  }

  @Test
  void failsWhenTheBitsDiffer() throws IOException {
    DoubleFunction<IUpdater> other = rate -> new RmsProp(rate, 0.949, 1e-8);
    int exit = run(other, "--epochs", "1", "--data", "" + smallMnist(), "--output", "" + temp);
    assertEquals(1, exit);
    assertTrue(
        out.toString()
            .endsWith("bit-identical to the built-in updater: no" + System.lineSeparator()),
        out.toString());
    assertFalse(out.toString().contains(" 0 of "), out.toString());
  }

  @Test
  void reportsAnUnwritableOutputFolderBeforeTraining() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    Path output = file.resolve("folder");
    assertEquals(2, run("--output", output.toString()));
    assertTrue(
        err.toString()
            .startsWith("--output must be a folder that can be written to, got " + output + ": "),
        err.toString());
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mnist-mlp.zip", "mnist-mlp.png", "mnist-mlp.checkpoint"})
  void reportsAFolderInPlaceOfAResultBeforeTraining(String name) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("out").resolve(name));
    assertEquals(2, run("--output", "" + folder.getParent()));
    assertTrue(err.toString().contains(folder + ": is a folder, a file"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void resumesFromTheBeginningIfThereIsNoCheckpoint() throws IOException {
    Path output = temp.resolve("out");
    String data = smallMnist().toString();
    assertEquals(0, run("--resume", "--epochs", "1", "--data", data, "--output", "" + output));
    assertTrue(out.toString().contains("no checkpoint in " + output), out.toString());
    assertEquals(List.of("mnist-mlp.png", "mnist-mlp.zip"), list(output));
  }

  @Test
  void goesOnOnlyWithTheOptionsOfTheCheckpoint() throws IOException {
    Path file = temp.resolve("mnist-mlp.checkpoint");
    String data = smallMnist().toString();
    new Checkpoint(file, Map.of("--batch-size", "32")).write(state -> {});
    assertEquals(2, run("--resume", "--data", data, "--output", "" + temp));
    assertEquals(
        "--batch-size must be 32, as in the training that left " + file + ", got 64",
        err.toString().lines().findFirst().orElseThrow());
    assertTrue(Files.exists(file));
  }

  @Test
  void takesNoBrokenCheckpoint() throws IOException {
    Path file = temp.resolve("mnist-mlp.checkpoint");
    String data = smallMnist().toString();
    new Checkpoint(file, Map.of()).write(state -> state.write(new byte[1000]));
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[500] ^= 1;
    for (byte[] broken :
        List.of(new byte[0], Arrays.copyOf(whole, 7), Arrays.copyOf(whole, 700), flipped)) {
      Files.write(file, broken);
      err.getBuffer().setLength(0);
      assertEquals(1, run("--resume", "--data", data, "--output", "" + temp));
      assertEquals(
          file + ": no whole checkpoint; delete it to begin anew" + System.lineSeparator(),
          err.toString());
      assertArrayEquals(broken, Files.readAllBytes(file));
    }
  }

  /** A folder that is there, but that even root cannot write to. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void reportsAFolderThatIsOnlyToBeRead() {
    assertEquals(2, run("--output", "/proc/self"));
    assertTrue(err.toString().startsWith("--output must be a folder"), err.toString());
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--batch-size 0 | --batch-size must be in [1, 60000], got 0",
        "--batch-size 60001 | --batch-size must be in [1, 60000], got 60001",
        "--epochs 0 | --epochs must be in [1, 1000], got 0",
        "--epochs -1 | --epochs must be in [1, 1000], got -1",
        "--train-images 0 | --train-images must be in [1, 60000], got 0",
        "--train-images 70000 | --train-images must be in [1, 60000], got 70000",
        "--learning-rate 0 | --learning-rate must be finite and > 0, got 0.0",
        "--learning-rate -0.1 | --learning-rate must be finite and > 0, got -0.1",
        "--learning-rate NaN | --learning-rate must be finite and > 0, got NaN",
        "--learning-rate Infinity | --learning-rate must be finite and > 0, got Infinity",
        "--warm-up -1 | --warm-up must be in [0, 3600], got -1.0",
        "--warm-up NaN | --warm-up must be in [0, 3600], got NaN",
        "--checkpoint 0 | --checkpoint must be in [1, 2147483647], got 0",
        "--epochs many | Invalid value for option '--epochs': 'many' is not an int",
        "--model cnn | Invalid value for option '--model': expected one of [MLP, LENET]"
            + " (case-insensitive) but was 'cnn'",
        "--speed 1 | Unknown options: '--speed', '1'",
      })
  void refusesBadOptions(String arguments, String message) {
    assertEquals(2, run((arguments + " --output " + temp).split(" ")));
    assertEquals(List.of(message, "--help lists the options."), err.toString().lines().toList());
    assertEquals("", out.toString());
  }

  @Test
  void saysInOneLineWhatIsWrongWithTheData() throws IOException {
    Path folder = smallMnist();
    Path images = folder.resolve(TRAIN_IMAGES);
    Files.write(images, Arrays.copyOf(Files.readAllBytes(images), 5000));
    assertEquals(1, run("--data", folder.toString(), "--output", temp.toString()));
    assertEquals(
        images
            + ": size is 5000 bytes, expected 23536 for the 30 entries that its header announces"
            + System.lineSeparator(),
        err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void saysInOneLineThatTrainingDiverged() throws IOException {
    String data = smallMnist().toString();
    Path output = temp.resolve("out");
    assertEquals(1, run("--learning-rate", "1e30", "--data", data, "--output", output.toString()));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().startsWith("training diverged in epoch 1, "), err.toString());
    assertEquals(List.of(), list(output));
  }

  @Test
  void helpListsEveryOption() {
    assertEquals(0, run("--help"));
    for (String option :
        List.of(
            "--epochs",
            "--batch-size",
            "--learning-rate",
            "--model",
            "--train-images",
            "--data",
            "--output",
            "--seed",
            "--no-compare",
            "--warm-up",
            "--checkpoint",
            "--resume",
            "--help",
            "MNIST_DIR")) {
      assertTrue(out.toString().contains(option), out.toString());
    }
    assertNotEquals("", out.toString());
  }

  private int run(String... arguments) {
    return run(RmsProp::new, arguments);
  }

  private int run(DoubleFunction<IUpdater> updater, String... arguments) {
    Stream<String> all = Stream.concat(Stream.of("--warm-up", "0"), Stream.of(arguments));
    return command(IdxFolder.FILES, updater)
        .setOverwrittenOptionsAllowed(true)
        .execute(all.toArray(String[]::new));
  }

  /** Without network, environment and the real home folder. */
  private CommandLine command(List<MnistFiles.Idx> expected, DoubleFunction<IUpdater> updater) {
    MnistFiles files = new MnistFiles(expected, List.of(), Map.of(), temp.resolve("home"));
    return Mnist.commandLine(files, updater)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }

  private Path smallMnist() throws IOException {
    return IdxFolder.writePlain(temp.resolve("data"));
  }

  private static String entry(Path zip, String name) throws IOException {
    try (FileSystem content = FileSystems.newFileSystem(zip)) {
      return new String(Files.readAllBytes(content.getPath(name)), StandardCharsets.UTF_8);
    }
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
