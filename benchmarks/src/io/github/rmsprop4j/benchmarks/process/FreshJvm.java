package io.github.rmsprop4j.benchmarks.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program in a JVM of its own: same Java, class path and flags as this one. It tells numbers by
 * lines of its output.
 */
final class FreshJvm {
  static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

  private static final String MARK = "figure";

  private FreshJvm() {}

  /**
   * Runs a program to its end.
   *
   * @param variables the environment; ND4J's threads are as it has them, unless it says otherwise
   * @param flags more of Java's; the vector module is there only if they name it
   * @return its numbers by label
   * @throws IllegalStateException if it fails, with its output
   */
  static Map<String, double[]> run(
      Class<?> program, Map<String, String> variables, List<String> flags, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.equals(VECTOR_MODULE) && !flag.matches("-(java)?agent.*"))
        .forEach(command::add);
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("OMP_NUM_THREADS", "OMP_WAIT_POLICY"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
      }
      return figures(output);
    } finally {
      process.destroy();
    }
  }

  private static Map<String, double[]> figures(String output) {
    Map<String, double[]> figures = new LinkedHashMap<>();
    for (String line : output.lines().toList()) {
      String[] cells = line.split("\t");
      if (cells[0].equals(MARK)) {
        figures.put(
            cells[1], Arrays.stream(cells).skip(2).mapToDouble(Double::parseDouble).toArray());
      }
    }
    return figures;
  }

  /** Tells the parent. */
  static void tell(String label, double... numbers) {
    StringBuilder line = new StringBuilder(MARK + "\t" + label);
    for (double number : numbers) {
      line.append('\t').append(number);
    }
    System.out.println(line);
  }
}
