package io.github.rmsprop4j.examples.mnist;

import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.cli.UsageErrors;
import io.github.rmsprop4j.cli.WholeFile;
import io.github.rmsprop4j.digits.Digits;
import io.github.rmsprop4j.digits.MnistData;
import io.github.rmsprop4j.digits.MnistFiles;
import io.github.rmsprop4j.dl4j.OnePass;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Trains a network on MNIST with the RmsProp of this project and with the built-in one, in turn,
 * and shows that they give the same bits and how long each takes.
 */
@Command(
    name = "mvn -Pmnist",
    synopsisHeading = "Usage: ",
    customSynopsis = "mvn -Pmnist -Dargs=\"[OPTIONS]\"",
    mixinStandardHelpOptions = false,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Trains a network on MNIST with the built-in RmsProp of ND4J, with"
          + " io.github.rmsprop4j.RmsProp, and with that in one pass, "
          + Race.TURN
          + " batches each in turn, and compares accuracy, time and bits.",
      "",
      "The images are looked for in --data, in the folder named by the environment variable"
          + " MNIST_DIR, in ~/.rmsprop4j/mnist, and on public mirrors. Without any of them the"
          + " program trains on digits that it draws itself.",
      ""
    })
public final class Mnist implements Callable<Integer> {
  private static final int MAX_WARM_UP = 3600;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training images (default: 8 for mlp, 2 for lenet).")
  private Integer epochs;

  @Mixin private MnistOptions options;

  @Option(
      names = "--no-compare",
      description = "Train with the drop-in RmsProp of this project only.")
  private boolean noCompare;

  @Option(
      names = "--warm-up",
      defaultValue = "3",
      paramLabel = "SECONDS",
      description =
          "Train throwaway networks for so long with each updater before the clock counts"
              + " (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--checkpoint",
      paramLabel = "N",
      description =
          "Every N steps, put down in --output all that --resume needs (default: never, or as the"
              + " resumed training did).")
  private Integer checkpointEvery;

  @Option(
      names = "--resume",
      description =
          "Go on where the last checkpoint of a killed training with the same options is, to the"
              + " same bits; from the beginning if there is none.")
  private boolean resume;

  @Mixin private HelpOption help;

  @Spec private CommandSpec spec;

  private final MnistFiles files;
  private final DoubleFunction<IUpdater> updater;
  private Path zip;
  private Path png;
  private Path checkpointFile;

  private Mnist(MnistFiles files, DoubleFunction<IUpdater> updater) {
    this.files = files;
    this.updater = updater;
  }

  /**
   * The command. Its exit codes: 0, or 1 if it failed or the bits differ, or 2 for a bad option.
   *
   * @param files where MNIST is looked for
   * @param updater from a learning rate to what is compared with the built-in updater
   */
  public static CommandLine commandLine(MnistFiles files, DoubleFunction<IUpdater> updater) {
    return new CommandLine(new Mnist(files, updater))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              if (!(e instanceof IOException || e instanceof ArithmeticException)) {
                throw e;
              }
              // The message of a FileSystemException is often the bare name of the file.
              boolean bare = e instanceof FileSystemException;
              commandLine.getErr().println(bare ? e.toString() : e.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    System.exit(
        commandLine(MnistFiles.ofThisMachine(), io.github.rmsprop4j.RmsProp::new).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    checkOptions();
    MnistData digits = options.load(files, out);
    out.printf(
        Locale.ROOT,
        "%s on %,d images of %s, batch size %d, learning rate %s, seed %d%n",
        options.model.title,
        digits.train().count(),
        digits.name(),
        options.batchSize,
        options.learningRate,
        options.seed);

    List<Run> runs = runs();
    Run ours = runs.get(noCompare ? 0 : 1);
    Checkpoint checkpoint = new Checkpoint(checkpointFile, settings(digits));
    int every = checkpointEvery == null ? 0 : checkpointEvery;
    if (resume) {
      every = resume(runs, checkpoint, every, out);
    }
    Race race = new Race(digits, epochs, options.batchSize, options.seed, out);
    if (warmUp > 0 && ours.accuracies.size() < epochs) {
      out.printf(
          Locale.ROOT, "warm-up: %s s each, on networks that are thrown away%n", seconds(warmUp));
      out.flush();
      race.warmUp(runs(), warmUp);
    }
    race.train(runs, checkpoint, every);

    WholeFile.write(zip, file -> ours.network.save(file.toFile(), true));
    checkSaved(zip, ours, digits.test());
    out.println();
    out.println("model with updater state, loaded again to the same accuracy: " + zip);
    drawCurves(png, options.model.title + " on " + digits.name(), runs, out);
    int code = report(ours, runs, digits, out);
    if (every != 0) {
      checkpoint.delete();
    }
    return code;
  }

  /** What is compared, the built-in updater first. */
  private List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    if (!noCompare) {
      IUpdater builtIn = new org.nd4j.linalg.learning.config.RmsProp(options.learningRate);
      runs.add(new Run("built-in", options.model.configuration(builtIn, options.seed), false));
    }
    IUpdater ours = updater.apply(options.learningRate);
    runs.add(new Run("rmsprop4j", options.model.configuration(ours, options.seed), false));
    if (!noCompare) {
      runs.add(new Run("  in one pass", options.model.configuration(ours, options.seed), true));
    }
    return runs;
  }

  /** What a training that goes on from a checkpoint must have in common with the one before. */
  private Map<String, String> settings(MnistData digits) {
    Map<String, String> settings = options.settings(digits, epochs);
    settings.put("--no-compare", "" + noCompare);
    return settings;
  }

  private int resume(List<Run> runs, Checkpoint checkpoint, int every, PrintWriter out)
      throws IOException {
    AtomicInteger before = new AtomicInteger();
    boolean found;
    try {
      found = checkpoint.read(state -> before.set(Race.read(runs, state)));
    } catch (IllegalArgumentException e) {
      throw options.refused(e.getMessage());
    }
    if (!found) {
      out.println("no checkpoint in " + checkpointFile + ": from the beginning");
      return every;
    }
    out.printf(Locale.ROOT, "on from step %,d in %s%n", runs.get(0).steps(), checkpointFile);
    return every == 0 ? before.get() : every;
  }

  private void checkOptions() {
    epochs = epochs == null ? options.model.epochs : epochs;
    if (!(warmUp >= 0 && warmUp <= MAX_WARM_UP)) {
      throw options.refused("--warm-up must be in [0, " + MAX_WARM_UP + "], got " + warmUp);
    }
    if (checkpointEvery != null) {
      options.check("--checkpoint", checkpointEvery, 1, Integer.MAX_VALUE);
    }
    String name = "mnist-" + options.model.name().toLowerCase(Locale.ROOT);
    zip = options.output.resolve(name + ".zip");
    png = options.output.resolve(name + ".png");
    checkpointFile = options.output.resolve(name + ".checkpoint");
    options.check(epochs, zip, png, checkpointFile);
  }

  /** Loads the saved model and fails unless it is what was trained, updater state included. */
  private static void checkSaved(Path zip, Run run, Digits test) throws IOException {
    MultiLayerNetwork loaded = MultiLayerNetwork.load(zip.toFile(), true);
    double accuracy = Run.accuracy(loaded, test);
    long differences = differences(loaded, run.network);
    if (accuracy != run.accuracy() || differences != 0) {
      throw new IOException(
          "%s: the model loaded again has test accuracy %s, expected %s, and %d other values"
              .formatted(zip, accuracy, run.accuracy(), differences));
    }
  }

  /**
   * A Java without font libraries, as some containers have, costs the picture but not the result.
   */
  private static void drawCurves(Path png, String title, List<Run> runs, PrintWriter out)
      throws IOException {
    try {
      WholeFile.write(png, file -> Curves.write(title, runs, file));
      out.println("picture of the curves: " + png);
    } catch (LinkageError | InternalError | RuntimeException e) {
      out.println("no picture of the curves, this Java cannot draw: " + e);
    }
  }

  /** Counts the parameters and updater state values that are not the same bits. */
  static long differences(MultiLayerNetwork a, MultiLayerNetwork b) {
    return differences(a.params(), b.params()) + differences(a.updaterState(), b.updaterState());
  }

  private static long differences(INDArray a, INDArray b) {
    float[] left = a.dup().data().asFloat();
    float[] right = b.dup().data().asFloat();
    return IntStream.range(0, left.length)
        .filter(i -> Float.floatToRawIntBits(left[i]) != Float.floatToRawIntBits(right[i]))
        .count();
  }

  private int report(Run ours, List<Run> runs, MnistData digits, PrintWriter out) {
    out.println();
    out.printf(
        Locale.ROOT,
        "%s, %d x %,d images of %s%n",
        options.model.title,
        epochs,
        digits.train().count(),
        digits.name());
    out.println(
        warmUp > 0
            ? "clocks started after a warm-up of " + seconds(warmUp) + " s each"
            : "without a warm-up");
    out.println();
    Run first = runs.get(0);
    row(out, "", "test", "training", "ms a", "of it in", "times", "time");
    row(out, "", "accuracy", "", "step", "the update", "as fast", "won");
    for (Run run : runs) {
      boolean base = run == first;
      row(
          out,
          run.name,
          number("%.4f", run.accuracy()),
          number("%,.2f s", run.seconds()),
          number("%.3f", run.millisPerStep()),
          run.updateMillisPerStep().stream()
              .mapToObj(ms -> number("%.3f", ms))
              .findAny()
              .orElse(""),
          base ? "" : number("%.2f", first.seconds() / run.seconds()),
          base ? "" : number("%,.2f s", first.seconds() - run.seconds()));
    }
    long differences =
        runs.stream().mapToLong(run -> differences(run.network, first.network)).sum();
    out.println();
    if (!noCompare) {
      out.println("built-in: org.nd4j.linalg.learning.config.RmsProp");
      out.println("rmsprop4j: " + updater.apply(options.learningRate).getClass().getName());
      out.println("in one pass: after " + OnePass.class.getName() + ".enable(network)");
      out.printf(
          Locale.ROOT,
          "parameters and updater state: %,d of %,d differ after %,d steps%n%n",
          differences,
          2 * ours.network.numParams() * (runs.size() - 1),
          ours.steps());
    }
    out.printf(Locale.ROOT, "test accuracy: %.4f%n", ours.accuracy());
    if (!noCompare) {
      out.println("bit-identical to the built-in updater: " + (differences == 0 ? "yes" : "no"));
    }
    out.flush();
    return differences == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static void row(PrintWriter out, String name, Object... cells) {
    out.printf(
        "%-19s%9s%12s%9s%12s%9s%10s%n", Stream.concat(Stream.of(name), Stream.of(cells)).toArray());
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Without digits that say nothing. */
  private static String seconds(double seconds) {
    return new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(seconds);
  }
}
