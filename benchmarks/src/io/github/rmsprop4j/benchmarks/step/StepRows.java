package io.github.rmsprop4j.benchmarks.step;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.step.StepBenchmark.Work;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** Rows from what JMH measured of {@link StepBenchmark}. */
public final class StepRows {
  private static final Column[] SAME_PASS = {
    Column.PARAMETERS, Column.TYPE, Column.FORM, Column.THREADS
  };
  private static final Column[] SAME_WORK = {
    Column.PARAMETERS, Column.BLOCKS, Column.TYPE, Column.FORM, Column.MODE, Column.THREADS
  };

  private static final Column[] SAME_ROW = {
    Column.CONTENDER,
    Column.PARAMETERS,
    Column.BLOCKS,
    Column.TYPE,
    Column.FORM,
    Column.MODE,
    Column.THREADS
  };

  private static final Column[] WORK_BUT_MODE = {
    Column.PARAMETERS, Column.BLOCKS, Column.TYPE, Column.FORM, Column.THREADS
  };

  private StepRows() {}

  /**
   * A row for each result that is not there yet, with shares and ratios among them.
   *
   * @param results in nanoseconds per invocation
   * @param natives of ND4J that were on the class path
   */
  public static List<Row> of(Collection<RunResult> results, String natives) {
    List<Row> rows = new ArrayList<>();
    for (RunResult result : results) {
      Row row = row(result).with(Column.NATIVES, natives);
      // Who has no one pass was measured in step+change twice, if both were asked for.
      if (rows.stream().noneMatch(r -> r.agrees(row, SAME_ROW))) {
        rows.add(row);
      }
    }
    compare(rows);
    return rows;
  }

  private static Row row(RunResult result) {
    BenchmarkParams params = result.getParams();
    StepContender contender = StepContender.valueOf(params.getParam("updater"));
    Form form = Form.valueOf(params.getParam("form"));
    Work work = Work.valueOf(params.getParam("mode")).of(contender);
    DataType type = DataType.valueOf(params.getParam("type"));
    int parameters = Integer.parseInt(params.getParam("parameters"));
    double steps = StepBenchmark.ring(parameters);
    Result<?> time = result.getPrimaryResult();
    Result<?> garbage = result.getSecondaryResults().get("gc.alloc.rate.norm");
    Row row =
        new Row()
            .with(Column.SUITE, "step")
            .with(Column.CONTENDER, contender.name())
            .with(Column.PARAMETERS, parameters)
            .with(Column.BLOCKS, params.getParam("blocks"))
            .with(Column.TYPE, type.name())
            .with(Column.FORM, form.name())
            .with(Column.MODE, work.label)
            .with(Column.THREADS, StepBenchmark.threads(params.getParam("threads")))
            .with(Column.JDK, params.getJdkVersion())
            .with(Column.BYTES_PER_PARAMETER, bytes(contender, form, work) * type.width())
            .with(Column.BYTES_PER_STEP, garbage == null ? Double.NaN : garbage.getScore() / steps);
    if (contender.hasVectors()) {
      row.with(Column.VECTOR, vectorBytes(params));
    }
    return timed(row, time.getScore() / steps, time.getScoreError() / steps);
  }

  /** Sets the time of a step in nanoseconds, and what follows from it. */
  public static Row timed(Row row, double time, double error) {
    double parameters = row.number(Column.PARAMETERS);
    return row.with(Column.SCORE, time)
        .with(Column.ERROR, error)
        .with(Column.UNIT, "ns/step")
        .with(Column.NS_PER_PARAMETER, time / parameters)
        .with(Column.GB_PER_SECOND, row.number(Column.BYTES_PER_PARAMETER) * parameters / time);
  }

  /** Elements of a parameter that are read or written: each array once, both ways. */
  private static int bytes(StepContender contender, Form form, Work work) {
    int states = 2 * contender.stateArrays(form);
    return switch (work) {
      case STEP -> 2 + states;
      case CHANGE -> 2 + 2 + states + 3; // divides; reads update and parameter, writes parameter
      case ONE_PASS -> 1 + states + 2; // reads gradient and parameter, writes parameter
    };
  }

  /** As the JVM found it for this processor, unless the forks were told less. */
  private static int vectorBytes(BenchmarkParams params) {
    int own =
        Integer.parseInt(
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxVectorSize")
                .getValue());
    return params.getJvmArgs().stream()
        .filter(arg -> arg.startsWith("-XX:MaxVectorSize="))
        .map(arg -> Integer.parseInt(arg.substring(arg.indexOf('=') + 1)))
        .reduce((first, last) -> last)
        .map(limit -> Math.min(own, limit))
        .orElse(own);
  }

  /** Sets shares of the roof and ratios to the built-in updater, where a row has one. */
  public static void compare(List<Row> rows) {
    for (Row row : rows) {
      roof(rows, row)
          .ifPresent(
              roof ->
                  row.with(
                      Column.SHARE,
                      row.number(Column.GB_PER_SECOND) / roof.number(Column.GB_PER_SECOND)));
      builtIn(rows, row).ifPresent(base -> relate(row, base));
    }
  }

  /** One pass is compared with division, step and change after each other. */
  private static Optional<Row> builtIn(List<Row> rows, Row row) {
    if (!row.get(Column.MODE).equals(Work.ONE_PASS.label)) {
      return find(rows, row, StepContender.BUILT_IN, SAME_WORK);
    }
    List<Row> changes =
        rows.stream().filter(r -> r.get(Column.MODE).equals(Work.CHANGE.label)).toList();
    return find(changes, row, StepContender.BUILT_IN, WORK_BUT_MODE);
  }

  private static Optional<Row> roof(List<Row> rows, Row row) {
    List<Row> passes =
        rows.stream()
            .filter(r -> r.get(Column.MODE).equals(Work.STEP.label))
            .filter(r -> r.get(Column.BLOCKS).equals("1"))
            .toList();
    return find(passes, row, StepContender.STREAM, SAME_PASS)
        .or(() -> find(passes, row, StepContender.COPY, SAME_PASS));
  }

  private static Optional<Row> find(
      List<Row> rows, Row like, StepContender who, Column... columns) {
    return rows.stream()
        .filter(row -> row.get(Column.CONTENDER).equals(who.name()))
        .filter(row -> row.agrees(like, columns))
        .findFirst();
  }

  private static void relate(Row row, Row base) {
    double ratio = base.number(Column.SCORE) / row.number(Column.SCORE);
    double error =
        Math.hypot(
            row.number(Column.ERROR) / row.number(Column.SCORE),
            base.number(Column.ERROR) / base.number(Column.SCORE));
    row.with(Column.RATIO, ratio).with(Column.RATIO_ERROR, row == base ? 0 : ratio * error);
  }
}
