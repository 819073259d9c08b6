package io.github.rmsprop4j.benchmarks.process;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.results.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** What a training has spent in the updater since its process began, by its number of steps. */
final class TimeSoFar {
  static final String WITHOUT_FLAG = "WITHOUT_FLAG";
  static final String BUILT_IN = "BUILT_IN";

  private static final List<String> CONTENDERS = List.of(BUILT_IN, Plan.WITH_FLAG, WITHOUT_FLAG);

  /** Steps times parameters, beyond which nothing new is seen. */
  private static final long MOST = 1_000_000_000L;

  private static final double RATE = 1e-3;

  private TimeSoFar() {}

  /** How many JVMs it starts. */
  static int jvms(Plan plan) {
    return CONTENDERS.size() * plan.cumulativeParameters().size() * plan.rounds();
  }

  /** {@return the rows, against the built-in updater} */
  static List<Row> rows(Plan plan) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (int parameters : plan.cumulativeParameters()) {
      Map<String, Row> builtIn = new LinkedHashMap<>();
      Map<String, List<Map<String, double[]>>> runs = new LinkedHashMap<>();
      for (int round = 0; round < plan.rounds(); round++) {
        for (String contender : CONTENDERS) {
          runs.computeIfAbsent(contender, c -> new ArrayList<>())
              .add(run(plan, contender, parameters));
        }
      }
      for (String contender : CONTENDERS) {
        for (String steps : runs.get(contender).get(0).keySet()) {
          Spread millis = Spread.of(runs.get(contender), told -> told.get(steps)[0]);
          Row row = row(contender, parameters, steps, millis);
          builtIn.putIfAbsent(steps, row);
          rows.add(ProcessRows.against(builtIn.get(steps), row));
        }
      }
    }
    return rows;
  }

  private static Map<String, double[]> run(Plan plan, String contender, int parameters)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(List.of("-Drmsprop4j.threads=1"));
    if (contender.equals(Plan.WITH_FLAG)) {
      flags.add(FreshJvm.VECTOR_MODULE);
    }
    List<Object> arguments = new ArrayList<>(List.of(contender, parameters));
    arguments.addAll(plan.cumulativeSteps());
    Map<String, double[]> told =
        FreshJvm.run(TimeSoFar.class, Plan.ONE_NATIVE_THREAD, flags, arguments.toArray());
    plan.ended().run();
    return told;
  }

  private static Row row(String contender, int parameters, String steps, Spread millis) {
    Row row =
        ProcessRows.row(
            contender,
            ProcessForm.PLAIN,
            DataType.FLOAT,
            parameters,
            "first " + steps + " steps",
            1);
    double nanos = millis.median() * 1e6 / Integer.parseInt(steps);
    return row.with(Column.SCORE, millis.median())
        .with(Column.ERROR, millis.halfWidth())
        .with(Column.UNIT, "ms")
        .with(Column.NS_PER_PARAMETER, nanos / parameters)
        .with(Column.GB_PER_SECOND, row.number(Column.BYTES_PER_PARAMETER) * parameters / nanos);
  }

  /**
   * Steps, from the first one on.
   *
   * @param args who, parameters, numbers of steps at which to tell the milliseconds, ascending
   */
  public static void main(String[] args) {
    int parameters = Integer.parseInt(args[1]);
    INDArray source = Nd4j.randn(DataType.FLOAT, 1, parameters);
    INDArray gradient = source.dup();
    IUpdater config =
        args[0].equals(BUILT_IN)
            ? new org.nd4j.linalg.learning.config.RmsProp(RATE)
            : RmsProp.builder().learningRate(RATE).build();
    INDArray state = Nd4j.create(DataType.FLOAT, 1, config.stateSize(parameters));
    long nanos = 0;
    long start = System.nanoTime();
    GradientUpdater<?> updater = config.instantiate(state, true);
    nanos += System.nanoTime() - start;
    int step = 0;
    for (int i = 2; i < args.length; i++) {
      int steps = Integer.parseInt(args[i]);
      if (i > 2 && (long) steps * parameters > MOST) {
        return;
      }
      for (; step < steps; step++) {
        gradient.assign(source);
        start = System.nanoTime();
        updater.applyUpdater(gradient, step, 0);
        nanos += System.nanoTime() - start;
      }
      FreshJvm.tell(args[i], nanos / 1e6);
    }
  }
}
