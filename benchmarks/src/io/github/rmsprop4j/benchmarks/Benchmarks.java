package io.github.rmsprop4j.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -Pbench}: says on what machine and from which commit it runs, since a number without
 * them is worth nothing, and then is JMH with the same arguments.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * Runs JMH.
   *
   * @param args JMH's; {@code -h} lists them
   * @throws IOException if JMH cannot read or write a file
   */
  public static void main(String[] args) throws IOException {
    Path cpu = Path.of("/sys/devices/system/cpu/cpu0/cache");
    System.out.printf("# CPU     %s%n", cpuModel());
    System.out.printf(
        "# cores   %d; caches per core: L1d %s, L2 %s, L3 %s%n",
        Runtime.getRuntime().availableProcessors(),
        first(cpu.resolve("index0/size")),
        first(cpu.resolve("index2/size")),
        first(cpu.resolve("index3/size")));
    System.out.printf(
        "# OS      %s %s %s%n",
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"));
    System.out.printf(
        "# JDK     %s %s%n",
        System.getProperty("java.vendor"), System.getProperty("java.vm.version"));
    System.out.printf("# natives %s%n", natives());
    System.out.printf("# commit  %s%n", commit());
    System.out.printf("# args    %s%n", String.join(" ", args));
    org.openjdk.jmh.Main.main(args);
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
  private static String natives() {
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
