package io.github.rmsprop4j.benchmarks.process;

import io.github.rmsprop4j.benchmarks.results.ResultFile;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.step.Benchmarks;
import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.cli.Progress;
import io.github.rmsprop4j.cli.UsageErrors;
import io.github.rmsprop4j.cli.WholeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mvn -Pprocess}: what the process of a user sees of a step, which JMH's forks do not. */
@Command(
    name = "mvn -Pprocess",
    synopsisHeading = "Usage: ",
    customSynopsis = "mvn -Pprocess [-Dargs=\"[OPTIONS]\"]",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Times steps of RMSprop in fresh JVMs: of forms alone and beside each other (MIXED), all since"
          + " the first one (CUMULATIVE), on one thread and two beside ND4J's (THREADS).",
      ""
    })
final class Processes implements Callable<Integer> {
  /** What there is to measure. */
  enum Measure {
    MIXED,
    CUMULATIVE,
    THREADS
  }

  @Option(
      names = "--measure",
      split = ",",
      paramLabel = "WHAT",
      description = "Of ${COMPLETION-CANDIDATES} (default: all).")
  private List<Measure> measures = List.of(Measure.values());

  @Option(
      names = "--forms",
      split = ",",
      paramLabel = "FORM",
      description = "Those to mix, of ${COMPLETION-CANDIDATES} (default: all).")
  private List<ProcessForm> forms = List.of(ProcessForm.values());

  @Option(
      names = "--mixed-parameters",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Size of the mixed forms (default: ${DEFAULT-VALUE}).")
  private int mixedParameters;

  @Option(
      names = "--cumulative-parameters",
      split = ",",
      defaultValue = "1000,10000,100000,1000000",
      paramLabel = "N",
      description = "Sizes whose time is added up (default: ${DEFAULT-VALUE}).")
  private List<Integer> cumulativeParameters;

  @Option(
      names = "--cumulative-steps",
      split = ",",
      defaultValue = "1,10,100,1000,5000",
      paramLabel = "N",
      description =
          "After how many steps the sum is taken, as far as it is at most 10^9 parameters in all"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Integer> cumulativeSteps;

  @Option(
      names = "--shared-parameters",
      split = ",",
      defaultValue = "800000,6400000,50000000",
      paramLabel = "N",
      description = "Sizes that two threads share (default: ${DEFAULT-VALUE}).")
  private List<Integer> sharedParameters;

  @Option(
      names = "--warm-up",
      defaultValue = "1000",
      paramLabel = "MS",
      description =
          "Milliseconds before the timed steps, at least: they go on until the kernels are compiled"
              + " (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--steps",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Timed steps of a row, of large sizes fewer (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "N",
      description = "JVMs of which a row is the median (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--output",
      defaultValue = "target/process.tsv",
      paramLabel = "FILE",
      description = "Where the rows go (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Mixin private HelpOption help;

  @Spec private CommandSpec spec;

  private Processes() {}

  /** The command. Its exit codes: 0, or 1 if it failed, or 2 for a bad option. */
  static CommandLine commandLine() {
    return new CommandLine(new Processes())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              if (!(e instanceof IOException || e instanceof IllegalStateException)) {
                throw e;
              }
              commandLine.getErr().println(e.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    check("--mixed-parameters", List.of(mixedParameters));
    check("--cumulative-parameters", cumulativeParameters);
    check("--cumulative-steps", cumulativeSteps);
    check("--shared-parameters", sharedParameters);
    check("--warm-up", List.of(warmUp));
    check("--steps", List.of(steps));
    check("--rounds", List.of(rounds));
    WholeFile.check(output); // now, not after some minutes
    PrintWriter out = spec.commandLine().getOut();
    Set<Measure> wanted = new TreeSet<>(measures);
    List<Row> rows = new ArrayList<>();
    int jvms = wanted.stream().mapToInt(what -> jvms(what, plan(() -> {}))).sum();
    try (ProgressBar bar = new Progress(out).bar("JVMs", jvms)) {
      for (Measure what : wanted) {
        rows.addAll(rows(what, plan(bar::step)));
      }
    }
    String natives = Benchmarks.natives();
    rows.forEach(row -> tell(out, row.with(Column.NATIVES, natives)));
    Map<String, String> header = Benchmarks.header(command());
    header.put("error", "half the distance between the quartiles of the JVMs");
    ResultFile.write(output, header, rows);
    out.printf("%d rows: %s%n", rows.size(), output);
    return CommandLine.ExitCode.OK;
  }

  private void check(String option, List<Integer> values) {
    for (int value : values) {
      if (value < 1) {
        throw new ParameterException(spec.commandLine(), option + " must be >= 1, got " + value);
      }
    }
  }

  private Plan plan(Runnable ended) {
    return new Plan(
        forms,
        mixedParameters,
        cumulativeParameters,
        cumulativeSteps.stream().sorted().toList(),
        sharedParameters,
        warmUp,
        steps,
        rounds,
        ended);
  }

  private static int jvms(Measure what, Plan plan) {
    return switch (what) {
      case MIXED -> MixedForms.jvms(plan);
      case CUMULATIVE -> TimeSoFar.jvms(plan);
      case THREADS -> SharedSteps.jvms(plan);
    };
  }

  private static List<Row> rows(Measure what, Plan plan) throws IOException, InterruptedException {
    return switch (what) {
      case MIXED -> MixedForms.rows(plan);
      case CUMULATIVE -> TimeSoFar.rows(plan);
      case THREADS -> SharedSteps.rows(plan);
    };
  }

  private static void tell(PrintWriter out, Row row) {
    out.printf(
        "%-12s %9s %-6s %-33s %-16s %s thread(s) %9s %-7s %s B/step, ratio %s%n",
        row.get(Column.CONTENDER),
        row.get(Column.PARAMETERS),
        row.get(Column.TYPE),
        row.get(Column.FORM),
        row.get(Column.MODE),
        row.get(Column.THREADS),
        row.get(Column.SCORE),
        row.get(Column.UNIT),
        row.get(Column.BYTES_PER_STEP),
        row.get(Column.RATIO));
  }

  private String command() throws IOException {
    List<String> args = spec.commandLine().getParseResult().originalArgs();
    return Benchmarks.mvn("process")
        + (args.isEmpty() ? "" : " -Dargs=\"" + String.join(" ", args) + "\"");
  }
}
