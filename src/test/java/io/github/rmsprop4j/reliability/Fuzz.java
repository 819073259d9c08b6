package io.github.rmsprop4j.reliability;

import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.cli.UsageErrors;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Fuzzes the doors one after the other, each in a JVM of Jazzer, which follows what the inputs
 * cover. {@code mvn -Pfuzz -Dargs="SECONDS [DOOR...]"}; without arguments 60 seconds for each.
 *
 * <p>An input that a door does not stand becomes a file of the corpus, for {@link DoorTest} to fail
 * on until it is mended. What only covered something new stays in target/doors.
 */
@Command(
    name = "mvn -Pfuzz",
    customSynopsis = "mvn -Pfuzz [-Dargs=\"[--help] [SECONDS [DOOR...]]\"]",
    synopsisHeading = "Usage: ",
    description = {
      "Hostile bytes at every door, made by Jazzer, which follows what they cover.",
      "An input that a door does not stand becomes a file of the corpus; exit code 1."
    })
public final class Fuzz implements Callable<Integer> {
  private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "For each door (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Parameters(
      index = "1..*",
      paramLabel = "DOOR",
      description = "Which (default: all): ${COMPLETION-CANDIDATES}.")
  private List<Door> doors = List.of(Door.values());

  @Mixin private HelpOption help;

  @Spec private CommandSpec spec;

  private Fuzz() {}

  /** What Jazzer calls. */
  public static final class Target {
    private static final Door DOOR = Door.valueOf(System.getProperty("door"));

    private Target() {}

    /** What starts ND4J is not the input's to answer for. */
    public static void fuzzerInitialize() throws IOException {
      Door.KERAS.open("\"rmsprop\"".getBytes(StandardCharsets.UTF_8));
    }

    /** Opens the door. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
      DOOR.open(input);
    }
  }

  /** Exits with 1 if a door does not stand an input. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Fuzz()).setParameterExceptionHandler(new UsageErrors()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds < 1) {
      throw new ParameterException(spec.commandLine(), "SECONDS must be >= 1, got " + seconds);
    }
    List<Door> broken = new ArrayList<>();
    for (Door door : doors) {
      if (run(door, seconds) != 0) {
        broken.add(door);
      }
    }
    System.out.println(
        "fuzz: "
            + doors.size()
            + " doors, "
            + broken.size()
            + " broken"
            + (broken.isEmpty() ? "" : ": " + broken));
    return broken.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static int run(Door door, int seconds) throws IOException, InterruptedException {
    Path found = Files.createDirectories(Path.of("target", "doors", door.name()));
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-Ddoor=" + door,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            System.getProperty("java.class.path"),
            JAZZER,
            "--target_class=" + Target.class.getName(),
            "--instrumentation_includes=io.github.rmsprop4j.**",
            "--instrumentation_excludes=io.github.rmsprop4j.kernel.**",
            "--custom_hook_includes=io.github.rmsprop4j.**", // or every class of ND4J is rewritten
            // What Jazzer's own detectors look for, such as a class that is loaded by a name of the
            // input, is how Deeplearning4j's JSON works.
            "--disabled_hooks=com.code_intelligence.jazzer.**",
            "--reproducer_path=" + found,
            "-artifact_prefix=" + door.corpus() + File.separator,
            "-max_total_time=" + seconds,
            "-timeout=60",
            "-rss_limit_mb=4096",
            "-max_len=8192",
            "-print_final_stats=1",
            found.toString(),
            door.corpus().toString());
    System.out.println("fuzz: " + door);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
