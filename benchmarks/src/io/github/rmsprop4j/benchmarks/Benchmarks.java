package io.github.rmsprop4j.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
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
   * @param args the file to write the rows to, then JMH's; {@code -h} lists them
   * @throws Exception if an option is unknown, a benchmark fails, or the file cannot be written
   */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    String[] jmh = Arrays.copyOfRange(args, 1, args.length);
    CommandLineOptions options = new CommandLineOptions(jmh);
    if (options.shouldHelp()
        || options.shouldList()
        || options.shouldListWithParams()
        || options.shouldListProfilers()
        || options.shouldListResultFormats()) {
      org.openjdk.jmh.Main.main(jmh);
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

  /** {@return the line that runs this again} */
  static String command(String profile, Path file, String... args) {
    String classifier = natives();
    return "mvn -P"
        + profile
        + (classifier.equals("default") ? "" : " -Dnatives=" + classifier)
        + " -Dresults="
        + file
        + (args.length == 0 ? "" : " -Dargs=\"" + String.join(" ", args) + "\"");
  }

  /**
   * The machine, the versions and the commit, by name.
   *
   * @param command the line that runs this again
   */
  static Map<String, String> header(String command) throws IOException {
    Path cpu = Path.of("/sys/devices/system/cpu/cpu0/cache");
    Map<String, String> header = new LinkedHashMap<>();
    header.put("command", command);
    header.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    header.put("CPU", cpuModel());
    header.put(
        "cores",
        String.format(
            "%d; caches per core: L1d %s, L2 %s, L3 %s",
            Runtime.getRuntime().availableProcessors(),
            first(cpu.resolve("index0/size")),
            first(cpu.resolve("index2/size")),
            first(cpu.resolve("index3/size"))));
    header.put(
        "OS",
        String.join(
            " ",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch")));
    header.put(
        "JDK", System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"));
    header.put("ND4J", nativesJar());
    header.put("natives", natives());
    header.put("commit", commit());
    return header;
  }

  /** {@return {@code avx2} or {@code avx512} as of {@code -Dnatives}, else {@code default}} */
  static String natives() {
    Matcher classifier = Pattern.compile("-(avx2|avx512)\\.jar").matcher(nativesJar());
    return classifier.find() ? classifier.group(1) : "default";
  }

  private static String cpuModel() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return "unknown";
    }
    return Files.readAllLines(info).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 2))
        .findFirst()
        .orElse("unknown");
  }

  private static String first(Path file) throws IOException {
    return Files.isReadable(file) ? Files.readAllLines(file).get(0) : "unknown";
  }

  /** The classifier of ND4J's natives on the class path. */
  private static String nativesJar() {
    String found = "none";
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String name = Path.of(entry).getFileName().toString();
      if (name.matches("nd4j-native-[0-9].*-(linux|macosx|windows)-.*\\.jar")) {
        found = name; // the classifier with an extension wins over the one without
      }
    }
    return found;
  }

  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
      String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? answer.strip() : "unknown";
    } catch (IOException e) {
      return "unknown"; // no git here
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
