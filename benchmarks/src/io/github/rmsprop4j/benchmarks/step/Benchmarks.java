package io.github.rmsprop4j.benchmarks.step;

import io.github.rmsprop4j.benchmarks.results.ResultFile;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.cli.Machine;
import io.github.rmsprop4j.cli.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * {@code mvn -Pbench}: runs JMH with its own options, and writes rows of numbers that can be linked
 * to, under a header with machine, versions, commit and command, since a number without them is
 * worth nothing.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * Runs JMH.
   *
   * @param args the file to write the rows to, then JMH's; {@code --help} lists them
   * @throws Exception if a benchmark fails, or the file cannot be written
   */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    String[] jmh = Arrays.copyOfRange(args, 1, args.length);
    CommandLineOptions options = options(file, help(), jmh);
    if (options == null) {
      return;
    }
    Map<String, String> header = header(command("bench", file, jmh));
    header.put("error", "half of the 99.9 % confidence interval");
    header.forEach((key, value) -> System.out.printf("# %-7s %s%n", key, value));
    ChainedOptionsBuilder all =
        new OptionsBuilder().parent(options).mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS);
    if (options.getProfilers().isEmpty()) {
      all.addProfiler(GCProfiler.class);
    }
    List<Row> rows = StepRows.of(new Runner(all.build()).run(), natives());
    if (rows.isEmpty()) {
      throw new IllegalStateException("no benchmark came to a result; JMH says above why");
    }
    ResultFile.write(file, header, rows);
    System.out.printf("%n%d rows: %s%n", rows.size(), file);
  }

  /**
   * JMH's options. A mistyped one ends the process with its own line and exit code 2.
   *
   * @param file the file to write the rows to; its folder is checked
   * @param help printed before JMH's own
   * @param jmh the options
   * @return them, or null if they only ask for help or a list, which was printed
   * @throws IOException if the file cannot be written
   */
  public static CommandLineOptions options(Path file, String help, String... jmh)
      throws IOException {
    if (Arrays.asList(jmh).contains("--help")) { // JMH knows -h only
      System.out.println(help);
      jmh = new String[] {"-h"};
    }
    CommandLineOptions options;
    try {
      options = new CommandLineOptions(jmh);
    } catch (CommandLineOptionException e) {
      System.err.println(e.getMessage());
      System.err.println("--help lists the options.");
      System.exit(2);
      return null;
    }
    if (options.shouldHelp()
        || options.shouldList()
        || options.shouldListWithParams()
        || options.shouldListProfilers()
        || options.shouldListResultFormats()) {
      org.openjdk.jmh.Main.main(jmh);
      return null;
    }
    WholeFile.checkFolder(file.toAbsolutePath().getParent()); // now, not after half an hour
    return options;
  }

  private static String help() {
    return """
        Usage: mvn -Pbench [-Dresults=FILE] [-Dnatives=avx2|avx512] [-Dargs="OPTIONS"]
        Times one step of an updater and writes rows to FILE (target/step.tsv).

          -p updater=%s
          -p parameters=10000,1000000   how many (100 to 100000000)
          -p type=FLOAT,DOUBLE          (FLOAT)
          -p form=%s  (PLAIN)
          -p mode=%s  (STEP)
          -p threads=1,all              how many threads share a step (1)
          -p blocks=1,1000              how many updaters share the parameters (1)
          -f 1 -wi 2 -i 3               JVMs, and iterations of each: warm-up, measured

        benchmarks/README.md explains them. All options of JMH:
        """
        .formatted(
            names(StepContender.values()),
            names(Form.values()),
            names(StepBenchmark.Work.values()));
  }

  private static String names(Object... values) {
    return Arrays.stream(values).map(Object::toString).collect(Collectors.joining(","));
  }

  /** {@return the line that runs this again} */
  public static String command(String profile, Path file, String... args) throws IOException {
    return mvn(profile)
        + " -Dresults="
        + file
        + (args.length == 0 ? "" : " -Dargs=\"" + String.join(" ", args) + "\"");
  }

  /** {@return how the line begins: the profile, and the natives of this process} */
  public static String mvn(String profile) throws IOException {
    String natives = natives();
    return "mvn -P" + profile + (natives.equals("default") ? "" : " -Dnatives=" + natives);
  }

  /**
   * The machine, the versions and the commit, by name.
   *
   * @param command the line that runs this again
   */
  public static Map<String, String> header(String command) throws IOException {
    Map<String, String> header = new LinkedHashMap<>();
    header.put("command", command);
    header.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    header.put("ND4J", Machine.version("nd4j-api"));
    header.putAll(Machine.facts());
    return header;
  }

  /** {@return {@code avx2} or {@code avx512} as of {@code -Dnatives}, else {@code default}} */
  public static String natives() throws IOException {
    String jar = Machine.facts().get("natives");
    Matcher classifier = Pattern.compile("-(avx2|avx512)\\.jar").matcher(jar);
    return classifier.find() ? classifier.group(1) : "default";
  }
}
