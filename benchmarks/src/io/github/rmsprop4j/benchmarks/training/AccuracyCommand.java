package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.cli.Progress;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code accuracy}: seconds until MNIST is known. */
@Command(
    name = "accuracy",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Measures how long 784-1000-10 trains until it knows the test images of MNIST; the tests"
            + " are not counted.")
final class AccuracyCommand implements Callable<Integer> {
  private static final Task TASK = Task.MNIST_MLP;
  private static final int TEST_BATCH = 1000;

  @Option(
      names = "--percent",
      defaultValue = "98",
      paramLabel = "P",
      description = "Test accuracy to get to (default: ${DEFAULT-VALUE}).")
  private BigDecimal percent;

  @Option(
      names = "--every",
      defaultValue = "100",
      paramLabel = "N",
      description = "Iterations between tests (default: ${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--iterations",
      defaultValue = "9370",
      paramLabel = "N",
      description = "When to give up (default: ${DEFAULT-VALUE}, ten epochs of MNIST).")
  private int iterations;

  @Option(
      names = "--warm-up",
      defaultValue = "100",
      paramLabel = "N",
      description =
          "Iterations before it begins, with networks that are thrown away (default:"
              + " ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--output",
      defaultValue = "target/end-to-end/accuracy.tsv",
      paramLabel = "FILE",
      description =
          "Where the seconds go; the iterations go beside it, to ...-iterations.tsv (default:"
              + " ${DEFAULT-VALUE}).")
  private Path output;

  @Mixin private TrainingOptions setup;

  @Override
  public Integer call() throws IOException {
    setup.check("--every", every, 1);
    setup.check("--iterations", iterations, 1);
    setup.check("--warm-up", warmUp, 1);
    if (percent.signum() <= 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
      throw setup.refused("--percent must be in (0, 100], got " + percent);
    }
    Speed.measure(setup.race(TASK), warmUp, 0, 1, () -> {});
    TrainingRace race = setup.race(TASK);
    Map<TrainingContender, TimeToAccuracy> outcomes = measure(race);
    long parameters = race.entrants.get(0).network.numParams();
    boolean sameBits = race.sameBits();

    tell(outcomes, sameBits);
    Map<String, String> header = setup.header();
    header.put("error", "none, one training");
    header.put("tests", "every " + every + " iterations, at most " + iterations + " iterations");
    header.put("best-accuracies", best(outcomes));
    header.put("RMSprop-bits", sameBits ? "equal" : "differ");
    String form = setup.form(TASK);
    String mode = "to-" + percent.toPlainString() + "%";
    setup.write(output, header, setup.rows().seconds(form, mode, parameters, outcomes));
    setup.write(
        TrainingOptions.beside(output, "-iterations"),
        header,
        setup.rows().iterations(form, mode, parameters, outcomes));
    return TrainingOptions.exitCode(sameBits);
  }

  private Map<TrainingContender, TimeToAccuracy> measure(TrainingRace race) throws IOException {
    DataSetIterator test = setup.images().test().batches(TEST_BATCH);
    int tests = (iterations + every - 1) / every;
    try (ProgressBar bar = new Progress(setup.out()).bar("to " + percent + " %", tests)) {
      return TimeToAccuracy.measure(
          race,
          test,
          percent.movePointLeft(2).doubleValue(),
          every,
          tests,
          outcomes -> {
            bar.step();
            bar.setExtraMessage(" " + best(outcomes));
          });
    }
  }

  private static String best(Map<TrainingContender, TimeToAccuracy> outcomes) {
    return outcomes.entrySet().stream()
        .map(
            entry -> String.format(Locale.ROOT, "%s %.4f", entry.getKey(), entry.getValue().best()))
        .collect(Collectors.joining(", "));
  }

  private static String seconds(double seconds) {
    return Double.isNaN(seconds) ? Row.NONE : String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private void tell(Map<TrainingContender, TimeToAccuracy> outcomes, boolean sameBits) {
    setup
        .out()
        .printf("%n%-10s%12s%12s%14s%16s%n", "", "best", "iterations", "training", "in updater");
    outcomes.forEach(
        (updater, outcome) ->
            setup
                .out()
                .printf(
                    Locale.ROOT,
                    "%-10s%12.4f%12d%14s%16s%s%n",
                    updater,
                    outcome.best(),
                    outcome.iterations(),
                    seconds(outcome.seconds()),
                    seconds(outcome.inUpdater()),
                    outcome.reached() ? "" : "  did not get there"));
    setup.out().println("bits of all RMSprop: " + (sameBits ? "equal" : "differ"));
    setup.out().flush();
  }
}
