package io.github.rmsprop4j.examples.mnist;

import io.github.rmsprop4j.cli.WholeFile;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.MnistData;
import io.github.rmsprop4j.digits.MnistFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What programs that train on MNIST ask for, mixed into their commands. */
public final class MnistOptions {
  /** In MNIST, to train on. */
  public static final int IMAGES = 60_000;

  private static final int TEST_IMAGES = 10_000;
  private static final int MAX_EPOCHS = 1000;

  @Option(
      names = "--batch-size",
      defaultValue = "64",
      paramLabel = "N",
      description = "Images per step (default: ${DEFAULT-VALUE}).")
  public int batchSize;

  @Option(
      names = "--learning-rate",
      defaultValue = "0.0005",
      paramLabel = "RATE",
      description = "Learning rate (default: ${DEFAULT-VALUE}).")
  public double learningRate;

  @Option(
      names = "--model",
      defaultValue = "mlp",
      paramLabel = "MODEL",
      description = "mlp, which is 784-1000-10, or lenet (default: ${DEFAULT-VALUE}).")
  public Model model;

  @Option(
      names = "--train-images",
      defaultValue = "" + IMAGES,
      paramLabel = "N",
      description = "Train on the first N images (default: ${DEFAULT-VALUE}).")
  int trainImages;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the four MNIST files, gzipped or not; it is only read.")
  Path data;

  @Option(
      names = "--output",
      defaultValue = "target/mnist",
      paramLabel = "DIR",
      description = "Folder for what is written (default: ${DEFAULT-VALUE}).")
  public Path output;

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "N",
      description =
          "Fixes initial weights, order of the images and drawn digits (default: ${DEFAULT-VALUE}).")
  public long seed;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * Refuses what cannot be trained, before anything is done.
   *
   * @param epochs passes over the images, which each program has a default of its own for
   * @param targets files that will be written
   * @throws ParameterException that names the option and what it accepts
   */
  public void check(int epochs, Path... targets) {
    check("--epochs", epochs, 1, MAX_EPOCHS);
    check("--batch-size", batchSize, 1, IMAGES);
    check("--train-images", trainImages, 1, IMAGES);
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw refused("--learning-rate must be finite and > 0, got " + learningRate);
    }
    try {
      for (Path target : targets) {
        WholeFile.check(target);
      }
    } catch (IOException e) {
      throw refused("--output must be a folder that can be written to, got " + output + ": " + e);
    }
  }

  /** Refuses an option's value that is out of bounds. */
  public void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw refused(option + " must be in [" + min + ", " + max + "], got " + value);
    }
  }

  /** {@return what refuses the arguments with this message} */
  public ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** {@return the images of MNIST, or drawn ones where they are not found} */
  public MnistData load(MnistFiles files, PrintWriter out) throws IOException {
    Optional<MnistData> found = files.load(data, out);
    if (found.isPresent()) {
      MnistData all = found.get();
      return new MnistData(all.train().first(trainImages), all.test(), all.name());
    }
    out.println("going on with digits drawn by this program");
    return DrawnDigits.draw(trainImages, TEST_IMAGES, seed);
  }

  /** {@return what a training that goes on must have in common with the one before; to add to} */
  public Map<String, String> settings(MnistData digits, int epochs) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("--model", model.name());
    settings.put("--epochs", "" + epochs);
    settings.put("--batch-size", "" + batchSize);
    settings.put("--learning-rate", "" + learningRate);
    settings.put("--train-images", "" + digits.train().count());
    settings.put("--seed", "" + seed);
    settings.put("the images", "%s, CRC-32 %08x".formatted(digits.name(), digits.checksum()));
    return settings;
  }
}
