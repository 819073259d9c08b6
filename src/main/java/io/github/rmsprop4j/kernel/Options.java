package io.github.rmsprop4j.kernel;

import java.util.List;
import java.util.concurrent.ForkJoinPool;

/**
 * The system properties, see {@link Kernels}.
 *
 * @param kernel the name of the kernel to be used, or null
 * @param threads at most how many share a large step
 * @param fma whether v takes a fused multiply-add: {@code auto}, {@code on} or {@code off}
 * @param chooses whether ways to do a large step are timed
 */
record Options(String kernel, int threads, String fma, boolean chooses) {
  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if one has a value that it does not know
   */
  static Options read() {
    return new Options(
        kernel(System.getProperty("rmsprop4j.kernel")),
        threads(System.getProperty("rmsprop4j.threads")),
        fma(System.getProperty("rmsprop4j.fma", "auto")),
        oneOf("rmsprop4j.choose", System.getProperty("rmsprop4j.choose", "on"), "on", "off")
            .equals("on"));
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
