package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.benchmarks.results.ResultFile;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.step.Benchmarks;
import io.github.rmsprop4j.digits.Digits;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.MnistData;
import io.github.rmsprop4j.digits.MnistFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that both measurements have, and what follows from them. */
final class TrainingOptions {
  private static final int TRAIN_IMAGES = 60_000;
  private static final int TEST_IMAGES = 10_000;

  @Option(
      names = "--updaters",
      split = ",",
      paramLabel = "NAME",
      description = "Those to train, of ${COMPLETION-CANDIDATES} (default: all).")
  private List<TrainingContender> updaters = List.of(TrainingContender.values());

  @Option(
      names = "--learning-rate",
      paramLabel = "NAME=RATE",
      description = "Another learning rate for an updater; the result says which all have.")
  private Map<TrainingContender, Double> learningRates = new EnumMap<>(TrainingContender.class);

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the four MNIST files, gzipped or not; it is only read.")
  private Path data;

  @Option(
      names = "--drawn",
      paramLabel = "N",
      description = "Train on N drawn digits, not on MNIST, even if it is there.")
  private Integer drawn;

  @Option(
      names = {"--batch-size", "--batch"},
      paramLabel = "N",
      description = "Examples in a mini-batch (default: letters 16, all others 64).")
  private Integer batch;

  @Option(names = "--graph", description = "Train ComputationGraphs, not MultiLayerNetworks.")
  private boolean graph;

  @Option(
      names = "--l2",
      defaultValue = "0",
      paramLabel = "FACTOR",
      description = "L2 on all weights but biases (default: ${DEFAULT-VALUE}).")
  private double l2;

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "N",
      description =
          "Fixes weights, order of the images and made-up data (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private final Map<Task, Map<TrainingContender, Double>> used = new EnumMap<>(Task.class);
  private MnistData images;

  /** Refuses an option that is too small; null if it is not given. */
  void check(String option, Integer value, int min) {
    if (value != null && value < min) {
      throw refused(option + " must be >= " + min + ", got " + value);
    }
  }

  ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Where to tell people. */
  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** MNIST, or drawn digits if it cannot be had or those are asked for; read once. */
  MnistData images() throws IOException {
    if (images == null) {
      check("--drawn", drawn, batchSize(Task.MNIST_MLP));
      Optional<MnistData> mnist =
          drawn == null ? MnistFiles.ofThisMachine().load(data, out()) : Optional.empty();
      images = mnist.orElseGet(this::draw);
    }
    return images;
  }

  private MnistData draw() {
    int count = drawn == null ? TRAIN_IMAGES : drawn;
    out().printf("TRAINING ON %d DRAWN DIGITS, NOT ON MNIST%n", count);
    return DrawnDigits.draw(count, Math.min(count, TEST_IMAGES), seed);
  }

  /** Equal networks at their start. */
  TrainingRace race(Task task) throws IOException {
    check("--batch-size", batch, 1);
    if (!(l2 >= 0 && l2 < Double.POSITIVE_INFINITY)) {
      throw refused("--l2 must be >= 0 and finite, got " + l2);
    }
    Digits digits = task.readsImages() ? images().train() : null;
    Map<TrainingContender, Double> rates = new EnumMap<>(TrainingContender.class);
    updaters.forEach(u -> rates.put(u, learningRates.getOrDefault(u, u.learningRate(task))));
    used.put(task, rates);
    return new TrainingRace(
        task, rates, digits, batchSize(task), new Variant(graph, l2), threads(), seed);
  }

  private int batchSize(Task task) {
    return batch == null ? task.batchSize : batch;
  }

  /** What a row says was trained. */
  String form(Task task) throws IOException {
    List<String> differences = new ArrayList<>();
    if (task.readsImages() && !images().name().equals("MNIST")) {
      differences.add("DRAWN-DIGITS");
    }
    if (batchSize(task) != task.batchSize) {
      differences.add("batch=" + batch);
    }
    if (graph) {
      differences.add("graph");
    }
    if (l2 > 0) {
      differences.add("l2=" + l2);
    }
    return differences.isEmpty() ? task.name() : task + "(" + String.join(",", differences) + ")";
  }

  /** As many as ND4J's natives were given: this project's kernels get no more. */
  static int threads() {
    return Nd4j.getEnvironment().maxThreads();
  }

  /** Machine and settings. */
  Map<String, String> header() throws IOException {
    List<String> args = spec.root().commandLine().getParseResult().originalArgs();
    String wait = System.getenv("OMP_WAIT_POLICY");
    String spins = System.getenv("GOMP_SPINCOUNT");
    String flags = System.getProperty("jvm.flags", "");
    Map<String, String> header =
        Benchmarks.header(
            "%s%s -Dthreads=%d%s%s -Dargs=\"%s\""
                .formatted(
                    spins == null ? "" : "GOMP_SPINCOUNT=" + spins + " ",
                    Benchmarks.mvn("endtoend"),
                    threads(),
                    "passive".equals(wait) ? "" : " -Dwait=" + (wait == null ? "" : wait),
                    flags.isEmpty() ? "" : " -Djvm.flags=\"" + flags + "\"",
                    String.join(" ", args)));
    header.put("images", images == null ? "-" : images.train().count() + " of " + images.name());
    header.put("seed", Long.toString(seed));
    header.put("learning-rates", used.toString());
    return header;
  }

  /** Rows of this run. */
  TrainingRows rows() throws IOException {
    return new TrainingRows(threads(), Benchmarks.natives());
  }

  /** Writes a result file and says so. */
  void write(Path file, Map<String, String> header, List<Row> rows) throws IOException {
    ResultFile.write(file, header, rows);
    out().printf("%d rows: %s%n", rows.size(), file);
  }

  /** With more threads ND4J's sums are not always repeatable, and neither is what follows. */
  static int exitCode(boolean sameBits) {
    return sameBits || threads() > 1 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** {@return the name of a file that belongs to another} */
  static Path beside(Path file, String suffix) {
    String name = file.getFileName().toString().replaceFirst("\\.tsv$", "");
    return file.resolveSibling(name + suffix + ".tsv");
  }
}
