package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.cli.UsageErrors;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code mvn -Pendtoend}: what an updater is worth in a whole training, in iterations per second
 * and in seconds until MNIST is known.
 */
@Command(
    name = "mvn -Pendtoend",
    synopsisHeading = "Usage: ",
    customSynopsis =
        "mvn -Pendtoend [-Dthreads=N] [-Djvm.flags=FLAGS] -Dargs=\"speed|accuracy [OPTIONS]\"",
    synopsisSubcommandLabel = "speed|accuracy",
    sortOptions = false,
    usageHelpAutoWidth = true,
    subcommands = {SpeedCommand.class, AccuracyCommand.class},
    description = {
      "Trains equal networks in turn, on the same mini-batches, with this project's RMSprop and with"
          + " DL4J's RmsProp, Adam, Nesterovs and Sgd, and writes a file of results.",
      "",
      "-Dthreads says how many threads ND4J's natives and this project's kernels may use (default:"
          + " 1), -Djvm.flags adds flags of the JVM. MNIST is looked for as mvn -Pmnist does; without it the digits are drawn, and the"
          + " rows say so.",
      ""
    })
final class Trainings {
  @Mixin private HelpOption help;

  private Trainings() {}

  /**
   * The command. Its exit codes: 0, or 1 if it failed or bits differ that must not, or 2 for a bad
   * option.
   */
  static CommandLine commandLine() {
    return new CommandLine(new Trainings())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              if (!(e instanceof IOException
                  || e instanceof ArithmeticException
                  || e instanceof IllegalStateException)) {
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
}
