package io.github.rmsprop4j.benchmarks.process;

import java.util.List;
import java.util.Map;

/**
 * How much to measure.
 *
 * @param forms that are mixed
 * @param mixedParameters parameters of the mixed forms
 * @param cumulativeParameters sizes whose time is added up
 * @param cumulativeSteps after how many steps the sum is taken, ascending
 * @param sharedParameters sizes that two threads share
 * @param warmUp milliseconds of steps before the timed ones, at least
 * @param steps timed steps of a row
 * @param rounds fresh JVMs of each kind
 * @param ended is told after each JVM
 */
record Plan(
    List<ProcessForm> forms,
    int mixedParameters,
    List<Integer> cumulativeParameters,
    List<Integer> cumulativeSteps,
    List<Integer> sharedParameters,
    int warmUp,
    int steps,
    int rounds,
    Runnable ended) {
  /** This project's updater, as it is with the vector module. */
  static final String WITH_FLAG = "WITH_FLAG";

  static final Map<String, String> ONE_NATIVE_THREAD =
      Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "passive");
}
