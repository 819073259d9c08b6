package io.github.rmsprop4j.kernel;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * The system properties, see {@link Kernels}; {@code rmsprop4j.choose} is for {@link Chooser}.
 *
 * @param kernel the name of the kernel to be used, or null
 * @param threads at most how many share a large step
 * @param fma whether v takes a fused multiply-add: {@code auto}, {@code on} or {@code off}
 */
record Options(String kernel, int threads, String fma) {
  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if one has a value that it does not know
   */
  static Options read() {
    oneOf("rmsprop4j.choose", System.getProperty("rmsprop4j.choose", "on"), "on", "off");
    return new Options(
        kernel(System.getProperty("rmsprop4j.kernel")),
        threads(System.getProperty("rmsprop4j.threads")),
        fma(System.getProperty("rmsprop4j.fma", "auto")));
  }

  /**
   * Whether the threads of ND4J's natives spin while they wait for work, as those of GNU OpenMP do
   * unless told otherwise.
   *
   * @param environment of this process
   * @param system its operating system; what threads do elsewhere was not measured
   */
  static boolean waitsBySpinning(Map<String, String> environment, String system) {
    return system.startsWith("Linux")
        && Runtime.getRuntime().availableProcessors() > 1
        && !"1".equals(environment.get("OMP_NUM_THREADS"))
        && !"passive".equalsIgnoreCase(environment.get("OMP_WAIT_POLICY"))
        && environment.get("GOMP_SPINCOUNT") == null;
  }

  static String kernel(String name) {
    return name == null
        ? null
        : oneOf("rmsprop4j.kernel", name, Kernels.NAMES.toArray(String[]::new));
  }

  static String fma(String property) {
    return oneOf("rmsprop4j.fma", property, "auto", "on", "off");
  }

  static int threads(String property) {
    if (property == null) {
      int pool = ForkJoinPool.getCommonPoolParallelism() + 1; // the caller works too
      return Math.max(1, Math.min(pool, Runtime.getRuntime().availableProcessors()));
    }
    try {
      int threads = Integer.parseInt(property);
      if (threads >= 1) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "rmsprop4j.threads must be a whole number >= 1, got " + property);
  }

  private static String oneOf(String property, String value, String... accepted) {
    if (!List.of(accepted).contains(value)) {
      int last = accepted.length - 1;
      throw new IllegalArgumentException(
          property
              + " must be "
              + String.join(", ", List.of(accepted).subList(0, last))
              + " or "
              + accepted[last]
              + ", got "
              + value);
    }
    return value;
  }
}
