package io.github.rmsprop4j.convert;

import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.cli.UsageErrors;
import io.github.rmsprop4j.dl4j.TrainedModels;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exchanges the RMSprop of saved models, on the command line. */
@Command(
    name = "mvn -Pconvert",
    synopsisHeading = "Usage: ",
    customSynopsis = "mvn -q -Pconvert -Dargs=\"[--to-built-in] [--folder] IN OUT\"",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Writes a model that was trained with the built-in RmsProp of ND4J again, with"
          + " io.github.rmsprop4j.RmsProp, or the other way round. Updater state, iteration and"
          + " epoch counts, normalizers and all else in the file are kept: training goes on to the"
          + " bits of a model that was not converted.",
      ""
    })
public final class Convert implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "IN",
      description = "A zip that Deeplearning4j saved, or a file that SameDiff saved; only read.")
  private Path in;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description =
          "Where to write. Appears when it is complete, and replaces a file of that name.")
  private Path out;

  @Option(
      names = "--to-built-in",
      description =
          "Back to the built-in RmsProp. Refused where a setting has no counterpart there, such as"
              + " momentum.")
  private boolean toBuiltIn;

  @Option(
      names = "--folder",
      description =
          "IN is a folder, such as that of early stopping (bestModel.bin, latestModel.bin): every"
              + " model zip in it is converted, other files are copied. OUT must not be there yet.")
  private boolean folder;

  @Mixin private HelpOption help;

  @Spec private CommandSpec spec;

  private Convert() {}

  /** {@return the command; exit codes 0, or 1 if it failed, or 2 for bad arguments} */
  public static CommandLine commandLine() {
    return new CommandLine(new Convert())
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              commandLine.getErr().println(message(e));
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** The message of a FileSystemException is often the bare name of the file. */
  private static String message(Exception e) throws Exception {
    if (e instanceof NoSuchFileException) {
      return "there is no " + e.getMessage();
    }
    if (e instanceof FileAlreadyExistsException) {
      return e.getMessage() + ": is there already";
    }
    if (e instanceof IOException || e instanceof IllegalArgumentException) {
      return e.getMessage();
    }
    throw e;
  }

  @Override
  public Integer call() throws IOException {
    if (Files.isDirectory(in) != folder) {
      throw new ParameterException(
          spec.commandLine(),
          folder
              ? "with --folder, IN must be a folder, got " + in
              : "IN must be a file, or a folder with --folder, got " + in);
    }
    if (toBuiltIn) {
      TrainedModels.toBuiltIn(in, out);
    } else {
      TrainedModels.fromBuiltIn(in, out);
    }
    spec.commandLine().getOut().println("written: " + out);
    return CommandLine.ExitCode.OK;
  }

  /**
   * Runs the command and exits with its code.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }
}
