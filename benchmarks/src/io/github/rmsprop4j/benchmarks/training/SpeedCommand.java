package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Spread;
import io.github.rmsprop4j.cli.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code speed}: iterations per second. */
@Command(
    name = "speed",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = "Measures iterations per second, in rounds in which all updaters train in turn.")
final class SpeedCommand implements Callable<Integer> {
  @Option(
      names = "--tasks",
      split = ",",
      paramLabel = "TASK",
      description = "What to train, of ${COMPLETION-CANDIDATES} (default: all).")
  private List<Task> tasks = List.of(Task.values());

  @Option(
      names = "--rounds",
      defaultValue = "18",
      paramLabel = "N",
      description = "Rounds to measure, after the warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Rounds before them (default: depends on the task).")
  private Integer warmUp;

  @Option(
      names = "--output",
      defaultValue = "target/end-to-end/speed.tsv",
      paramLabel = "FILE",
      description =
          "Where the rows go. The time in the updater goes beside it, to ...-in-updater.tsv, and the"
              + " ratios to Sgd with their spread to ...-of-sgd.tsv (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Mixin private TrainingOptions setup;

  @Override
  public Integer call() throws IOException {
    setup.check("--rounds", rounds, 1);
    setup.check("--warm-up", warmUp, 1);
    List<Row> speeds = new ArrayList<>();
    List<Row> inUpdater = new ArrayList<>();
    List<Row> shares = new ArrayList<>();
    List<String> different = new ArrayList<>();
    for (Task task : tasks) {
      String form = setup.form(task);
      TrainingRace race = setup.race(task);
      Speed speed = measure(task, race);
      speeds.addAll(setup.rows().speeds(form, speed));
      inUpdater.addAll(setup.rows().inUpdater(form, speed));
      if (speed.updaters().contains(TrainingContender.SGD)) {
        shares.addAll(setup.rows().shares(form, speed));
      }
      if (!race.sameBits()) {
        different.add(form);
      }
      tell(form, speed);
    }
    Map<String, String> header = setup.header();
    header.put("error", "half the distance between the quartiles of " + rounds + " rounds");
    header.put("RMSprop-bits", different.isEmpty() ? "equal" : "differ in " + different);
    setup.out().println("bits of all RMSprop: " + header.get("RMSprop-bits"));
    setup.write(output, header, speeds);
    setup.write(TrainingOptions.beside(output, "-in-updater"), header, inUpdater);
    if (!shares.isEmpty()) {
      setup.write(TrainingOptions.beside(output, "-of-sgd"), header, shares);
    }
    return TrainingOptions.exitCode(different.isEmpty());
  }

  private Speed measure(Task task, TrainingRace race) {
    int before = warmUp == null ? task.warmUp : warmUp;
    try (ProgressBar bar = new Progress(setup.out()).bar(task.name(), before + rounds)) {
      return Speed.measure(race, task.lap, before, rounds, bar::step);
    }
  }

  private void tell(String form, Speed speed) {
    setup
        .out()
        .printf(
            "%n%s, %,d parameters, %d threads%n%-10s%14s%28s%28s%14s%n",
            form,
            speed.parameters(),
            TrainingOptions.threads(),
            "",
            "iterations/s",
            "to BUILT_IN (min..max)",
            "to SGD (min..max)",
            "in updater");
    for (TrainingContender updater : speed.updaters()) {
      setup
          .out()
          .printf(
              Locale.ROOT,
              "%-10s%14.2f%28s%28s%14s%n",
              updater,
              speed.speed(updater).median(),
              ratio(speed, updater, TrainingContender.BUILT_IN),
              ratio(speed, updater, TrainingContender.SGD),
              time(speed.inUpdater(updater).median()));
    }
    setup.out().flush();
  }

  private static String time(double nanos) {
    return Double.isNaN(nanos) ? Row.NONE : String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
  }

  private static String ratio(Speed speed, TrainingContender updater, TrainingContender to) {
    if (!speed.updaters().contains(to)) {
      return Row.NONE;
    }
    Spread ratio = speed.ratio(updater, to);
    return String.format(
        Locale.ROOT, "%.3f (%.3f..%.3f)", ratio.median(), ratio.min(), ratio.max());
  }
}
