package io.github.rmsprop4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** On what a result was made, without which it is worth nothing. */
public final class Machine {
  private static final String UNKNOWN = "unknown";

  private Machine() {}

  /** {@return CPU, cores, OS, JDK, natives and commit, in this order; "unknown" where it is} */
  public static Map<String, String> facts() throws IOException {
    Path cache = Path.of("/sys/devices/system/cpu/cpu0/cache");
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("CPU", cpuModel());
    facts.put(
        "cores",
        "%d; caches per core: L1d %s, L2 %s, L3 %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                first(cache.resolve("index0/size")),
                first(cache.resolve("index2/size")),
                first(cache.resolve("index3/size"))));
    facts.put("OS", properties("os.name", "os.version", "os.arch"));
    facts.put("JDK", properties("java.vendor", "java.vm.version"));
    facts.put("natives", natives());
    facts.put("commit", commit());
    return facts;
  }

  /** {@return the version of a jar on the class path, by its file name} */
  public static String version(String artifact) {
    Pattern jar = Pattern.compile(Pattern.quote(artifact) + "-([0-9].*)\\.jar");
    for (String entry : classPath()) {
      Matcher matcher = jar.matcher(Path.of(entry).getFileName().toString());
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    return UNKNOWN;
  }

  private static String cpuModel() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return UNKNOWN;
    }
    return Files.readAllLines(info).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 2))
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static String first(Path file) throws IOException {
    return Files.isReadable(file) ? Files.readAllLines(file).get(0) : UNKNOWN;
  }

  private static String properties(String... keys) {
    StringBuilder values = new StringBuilder();
    for (String key : keys) {
      values.append(values.isEmpty() ? "" : " ").append(System.getProperty(key));
    }
    return values.toString();
  }

  /** The classifier of ND4J's natives on the class path. */
  private static String natives() {
    String found = "none";
    for (String entry : classPath()) {
      String name = Path.of(entry).getFileName().toString();
      if (name.matches("nd4j-native-[0-9].*-(linux|macosx|windows)-.*\\.jar")) {
        found = name; // the classifier with an extension wins over the one without
      }
    }
    return found;
  }

  private static String[] classPath() {
    return System.getProperty("java.class.path").split(File.pathSeparator);
  }

  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
      String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? answer.strip() : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN; // no git here
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
