package io.github.rmsprop4j.examples.spark;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.cli.Progress;
import io.github.rmsprop4j.cli.UsageErrors;
import io.github.rmsprop4j.cli.WholeFile;
import io.github.rmsprop4j.digits.Digits;
import io.github.rmsprop4j.digits.MnistData;
import io.github.rmsprop4j.digits.MnistFiles;
import io.github.rmsprop4j.examples.mnist.Checkpoint;
import io.github.rmsprop4j.examples.mnist.MnistOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains a network on MNIST on Spark, with the parameters and the updater state averaged. */
@Command(
    name = "mvn -Pspark",
    synopsisHeading = "Usage: ",
    customSynopsis = "mvn -Pspark -Dargs=\"[OPTIONS]\"",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Trains a network on MNIST with io.github.rmsprop4j.RmsProp on Spark: every worker trains on"
          + " its own batches, then parameters and updater state are averaged, and so on.",
      "",
      "The images are looked for in --data, in the folder named by the environment variable"
          + " MNIST_DIR, in ~/.rmsprop4j/mnist, and on public mirrors. Without any of them the"
          + " program trains on digits that it draws itself.",
      ""
    })
public final class SparkMnist implements Callable<Integer> {
  private static final int TEST_BATCH = 1000;

  @Mixin private MnistOptions options;
  @Mixin private SparkOptions cluster;

  @Spec private CommandSpec spec;

  private final MnistFiles files;

  private SparkMnist(MnistFiles files) {
    this.files = files;
  }

  /**
   * The command. Its exit codes: 0, or 1 if it failed, or 2 for a bad option.
   *
   * @param files where MNIST is looked for
   */
  static CommandLine commandLine(MnistFiles files) {
    return new CommandLine(new SparkMnist(files))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              if (!(e instanceof IOException || e instanceof SparkException)) {
                throw e;
              }
              commandLine.getErr().println(e.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine(MnistFiles.ofThisMachine()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String name = "spark-mnist-" + options.model.name().toLowerCase(Locale.ROOT);
    Path zip = options.output.resolve(name + ".zip");
    Path checkpointFile = options.output.resolve(name + ".checkpoint");
    cluster.check(options, zip, checkpointFile);
    MnistData digits = options.load(files, out);
    try (JavaSparkContext spark = new JavaSparkContext(cluster.conf())) {
      int count = cluster.workers == null ? spark.defaultParallelism() : cluster.workers;
      int roundsPerEpoch = digits.train().count() / (count * cluster.averaging * options.batchSize);
      if (roundsPerEpoch == 0) {
        throw options.refused(
            "--train-images must be at least workers x averaging x batch size = %d, got %d"
                .formatted(count * cluster.averaging * options.batchSize, digits.train().count()));
      }
      out.printf(
          Locale.ROOT,
          "%s on %,d images of %s, %s, %d workers, averaged every %d steps of %d images%n",
          options.model.title,
          digits.train().count(),
          digits.name(),
          cluster.master,
          count,
          cluster.averaging,
          options.batchSize);
      out.flush();
      Averaging training =
          new Averaging(
              spark,
              options.model.configuration(new RmsProp(options.learningRate), options.seed),
              count,
              options.batchSize,
              cluster.averaging);
      Checkpoint checkpoint =
          new Checkpoint(checkpointFile, cluster.settings(options, digits, count));
      int done = cluster.resume ? resume(training, checkpoint, checkpointFile, out) : 0;
      train(training, digits, roundsPerEpoch, done, checkpoint, out);

      MultiLayerNetwork network = training.network();
      WholeFile.write(zip, file -> network.save(file.toFile(), true));
      out.println();
      out.println("model with updater state: " + zip);
      out.printf(Locale.ROOT, "test accuracy: %.4f%n", accuracy(network, digits.test()));
      out.flush();
      if (cluster.checkpointEvery > 0 || done > 0) {
        checkpoint.delete();
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private void train(
      Averaging training,
      MnistData digits,
      int roundsPerEpoch,
      int done,
      Checkpoint checkpoint,
      PrintWriter out)
      throws IOException {
    Progress progress = new Progress(out);
    for (int epoch = done / roundsPerEpoch; epoch < cluster.epochs; epoch++) {
      try (ProgressBar bar =
          progress.bar("epoch " + (epoch + 1) + "/" + cluster.epochs, roundsPerEpoch)) {
        // What does not fill a round is left out; it is something else in every epoch.
        DataSetIterator batches =
            digits.train().shuffled(options.batchSize, options.seed + epoch + 1);
        for (int round = 0; round < roundsPerEpoch; round++) {
          List<DataSet> ofRound = new ArrayList<>();
          while (ofRound.size() < training.batchesPerRound()) {
            ofRound.add(batches.next());
          }
          int averagings = epoch * roundsPerEpoch + round + 1;
          if (averagings <= done) {
            continue;
          }
          training.round(ofRound);
          bar.stepTo(round + 1);
          progress.println(
              String.format(
                  Locale.ROOT,
                  "averaging %d/%d  test accuracy %.4f",
                  averagings,
                  cluster.epochs * roundsPerEpoch,
                  accuracy(training.network(), digits.test())));
          if (cluster.checkpointEvery > 0 && averagings % cluster.checkpointEvery == 0) {
            checkpoint.write(state -> training.write(averagings, state));
          }
        }
      }
    }
  }

  private static double accuracy(MultiLayerNetwork network, Digits test) {
    return network.evaluate(test.batches(TEST_BATCH)).accuracy();
  }

  private int resume(Averaging training, Checkpoint checkpoint, Path file, PrintWriter out)
      throws IOException {
    int[] done = new int[1];
    try {
      if (checkpoint.read(state -> done[0] = training.read(state))) {
        out.printf(Locale.ROOT, "on from averaging %,d in %s%n", done[0], file);
      } else {
        out.println("no checkpoint in " + file + ": from the beginning");
      }
    } catch (IllegalArgumentException e) {
      throw options.refused(e.getMessage());
    }
    out.flush();
    return done[0];
  }
}
