package io.github.rmsprop4j.benchmarks.process;

import io.github.rmsprop4j.benchmarks.results.Row;
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
 * then wait in one of two ways.
 */
final class SharedSteps {
  private static final Map<String, Map<String, String>> WAITING = new LinkedHashMap<>();

  static {
    WAITING.put("spinning", Map.of());
    WAITING.put("passive", Map.of("OMP_WAIT_POLICY", "passive"));
  }

  private static final int[] THREADS = {1, 2};

  /** Rows of a small matrix, whose product ND4J makes on its threads. */
  private static final int MATRIX = 128;

  /** Steps times parameters: enough of them for large sizes. */
  private static final long MOST = 2_000_000_000L;

  private SharedSteps() {}

  /** How many JVMs it starts. */
  static int jvms() {
    return WAITING.size() * THREADS.length;
  }

  /** {@return the rows, against one thread} */
  static List<Row> rows(Plan plan) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Map<String, String>> waiting : WAITING.entrySet()) {
      Map<String, Row> alone = new LinkedHashMap<>();
      for (int threads : THREADS) {
        Map<String, double[]> told = run(plan, waiting.getValue(), threads);
        for (int parameters : plan.sharedParameters()) {
          for (String contender : List.of(ProcessRows.ROOF, Plan.WITH_FLAG)) {
            String label = contender + ":" + parameters;
            Row row =
                ProcessRows.timed(
                    row(contender, parameters, waiting.getKey(), threads), told.get(label));
            alone.putIfAbsent(label, row);
            rows.add(ProcessRows.against(alone.get(label), row));
          }
          ProcessRows.under(rows.get(rows.size() - 2), rows.get(rows.size() - 1));
        }
      }
    }
    return rows;
  }

  private static Row row(String contender, int parameters, String waiting, int threads) {
    return ProcessRows.row(
        contender, ProcessForm.PLAIN, DataType.FLOAT, parameters, waiting, threads);
  }

  private static Map<String, double[]> run(Plan plan, Map<String, String> variables, int threads)
      throws IOException, InterruptedException {
    Map<String, double[]> told =
        FreshJvm.run(
            SharedSteps.class,
            variables,
            List.of(FreshJvm.VECTOR_MODULE, "-Drmsprop4j.threads=" + threads),
            threads,
            plan.warmUp(),
            plan.steps(),
            plan.sharedParameters().stream().map(String::valueOf).collect(Collectors.joining(",")));
    plan.ended().run();
    return told;
  }

  /**
   * Times steps, and the roof beside them.
   *
   * @param args threads, milliseconds of warm-up, steps, sizes
   */
  public static void main(String[] args) {
    int threads = Integer.parseInt(args[0]);
    int warmUp = Integer.parseInt(args[1]);
    int steps = Integer.parseInt(args[2]);
    INDArray matrix = Nd4j.randn(DataType.FLOAT, MATRIX, MATRIX);
    INDArray product = Nd4j.create(DataType.FLOAT, MATRIX, MATRIX);
    Runnable before = () -> matrix.mmuli(matrix, product);
    for (String size : args[3].split(",")) {
      int parameters = Integer.parseInt(size);
      int count = (int) Math.max(1, Math.min(steps, MOST / parameters));
      INDArray source = StepTimer.source(DataType.FLOAT, parameters);
      StepTimer timer =
          new StepTimer(source, ProcessForm.PLAIN.stepper(DataType.FLOAT, parameters), before);
      StepTimer.measure(List.of(timer), warmUp, count);
      timer.tell(Plan.WITH_FLAG + ":" + size);
      StepTimer roof =
          new StepTimer(source, StepTimer.roof(DataType.FLOAT, parameters, 1, threads), before);
      StepTimer.measure(List.of(roof), warmUp, count);
      roof.tell(ProcessRows.ROOF + ":" + size);
    }
  }
}
