package io.github.rmsprop4j.benchmarks.process;

import io.github.rmsprop4j.benchmarks.process.StepTimer.Stepper;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.kernel.Kernels;
import io.github.rmsprop4j.kernel.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One thread and two, beside ND4J's own threads, which have worked until just before the step and
 * then wait in one of three ways.
 */
final class SharedSteps {
  private static final Map<String, Map<String, String>> WAITING = new LinkedHashMap<>();

  static {
    WAITING.put("spinning", Map.of());
    WAITING.put("passive", Map.of("OMP_WAIT_POLICY", "passive"));
    // OpenBLAS's own threads spin for a tenth of a second after each product, whatever OpenMP's do:
    // 1.04 s of CPU time in 1 s with 50 products of 128 x 128.
    WAITING.put("asleep", Map.of("OMP_WAIT_POLICY", "passive", "OPENBLAS_THREAD_TIMEOUT", "4"));
  }

  private static final int[] THREADS = {1, 2};

  /** Rows of a small matrix, whose product ND4J makes on its threads. */
  private static final int MATRIX = 128;

  /** Steps times parameters: enough of them for large sizes. */
  private static final long MOST = 2_000_000_000L;

  private SharedSteps() {}

  /** How many JVMs it starts. */
  static int jvms(Plan plan) {
    return WAITING.size() * plan.rounds();
  }

  /** {@return the rows, against one thread} */
  static List<Row> rows(Plan plan) throws IOException, InterruptedException {
    Map<String, List<Map<String, double[]>>> told = new LinkedHashMap<>();
    for (int round = 0; round < plan.rounds(); round++) {
      for (String waiting : WAITING.keySet()) {
        told.computeIfAbsent(waiting, w -> new ArrayList<>()).add(run(plan, WAITING.get(waiting)));
      }
    }
    List<Row> rows = new ArrayList<>();
    told.forEach(
        (waiting, jvms) -> {
          for (int parameters : plan.sharedParameters()) {
            rows.addAll(rows(waiting, parameters, jvms));
          }
        });
    return rows;
  }

  private static List<Row> rows(String waiting, int parameters, List<Map<String, double[]>> jvms) {
    List<Row> rows = new ArrayList<>();
    Row roofAlone = null;
    Row alone = null;
    for (int threads : THREADS) {
      Row roof = row(ProcessRows.ROOF, parameters, waiting, threads, jvms);
      Row row = row(Plan.WITH_FLAG, parameters, waiting, threads, jvms);
      roofAlone = roofAlone == null ? roof : roofAlone;
      alone = alone == null ? row : alone;
      rows.add(ProcessRows.against(roofAlone, roof));
      rows.add(ProcessRows.under(roof, ProcessRows.against(alone, row)));
    }
    return rows;
  }

  private static String label(String contender, int threads, int parameters) {
    return contender + ":" + threads + ":" + parameters;
  }

  private static Row row(
      String contender,
      int parameters,
      String waiting,
      int threads,
      List<Map<String, double[]>> jvms) {
    Row row =
        ProcessRows.row(contender, ProcessForm.PLAIN, DataType.FLOAT, parameters, waiting, threads);
    return ProcessRows.timed(row, label(contender, threads, parameters), jvms);
  }

  private static Map<String, double[]> run(Plan plan, Map<String, String> variables)
      throws IOException, InterruptedException {
    Map<String, double[]> told =
        FreshJvm.run(
            SharedSteps.class,
            variables,
            List.of(FreshJvm.VECTOR_MODULE),
            plan.warmUp(),
            plan.steps(),
            plan.sharedParameters().stream().map(String::valueOf).collect(Collectors.joining(",")));
    plan.ended().run();
    return told;
  }

  /**
   * Times steps on one thread and on two, and the roof on both, in turn and in the same memory:
   * what the second core gives changes by the minute where others have a share in the machine.
   *
   * @param args milliseconds of warm-up, steps, sizes
   */
  public static void main(String[] args) {
    int warmUp = Integer.parseInt(args[0]);
    int steps = Integer.parseInt(args[1]);
    INDArray matrix = Nd4j.randn(DataType.FLOAT, MATRIX, MATRIX);
    INDArray product = Nd4j.create(DataType.FLOAT, MATRIX, MATRIX);
    Runnable before = () -> matrix.mmuli(matrix, product);
    for (String size : args[2].split(",")) {
      int parameters = Integer.parseInt(size);
      int count = (int) Math.max(1, Math.min(steps, MOST / parameters));
      INDArray source = StepTimer.source(DataType.FLOAT, parameters);
      INDArray gradient = StepTimer.gradient(source);
      INDArray state = ProcessForm.PLAIN.state(DataType.FLOAT, parameters);
      Map<String, StepTimer> timers = new LinkedHashMap<>();
      for (int threads : THREADS) {
        Stepper roof = StepTimer.roof(new State(state, null, null), threads);
        Stepper step = ProcessForm.PLAIN.stepper(state, Kernels.fastest(threads));
        timers.put(
            label(ProcessRows.ROOF, threads, parameters),
            new StepTimer(source, gradient, roof, before));
        timers.put(
            label(Plan.WITH_FLAG, threads, parameters),
            new StepTimer(source, gradient, step, before));
      }
      StepTimer.measure(List.copyOf(timers.values()), warmUp, count);
      timers.forEach((label, each) -> each.tell(label));
    }
  }
}
