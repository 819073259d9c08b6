package io.github.rmsprop4j.benchmarks.process;

import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.results.Spread;
import io.github.rmsprop4j.benchmarks.step.StepRows;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/** Rows of this package. */
final class ProcessRows {
  static final String ROOF = "STREAM";

  private ProcessRows() {}

  /** A row that has no time yet. */
  static Row row(
      String contender,
      ProcessForm form,
      DataType type,
      long parameters,
      String mode,
      int threads) {
    int arrays = contender.equals(ROOF) ? 2 + 2 * form.stateArrays() : form.passes();
    return new Row()
        .with(Column.SUITE, "process")
        .with(Column.CONTENDER, contender)
        .with(Column.PARAMETERS, parameters)
        .with(Column.BLOCKS, 1)
        .with(Column.TYPE, type.name())
        .with(Column.FORM, form.name())
        .with(Column.MODE, mode)
        .with(Column.THREADS, threads)
        .with(Column.JDK, System.getProperty("java.version"))
        .with(Column.BYTES_PER_PARAMETER, arrays * type.width());
  }

  /** Sets what {@link StepTimer#tell} told in a few JVMs: the median time, and the most bytes. */
  static Row timed(Row row, String label, List<Map<String, double[]>> jvms) {
    Spread nanos = Spread.of(jvms, told -> told.get(label)[0]);
    Spread bytes = Spread.of(jvms, told -> told.get(label)[1]);
    return StepRows.timed(row, nanos.median(), nanos.halfWidth())
        .with(Column.BYTES_PER_STEP, bytes.max());
  }

  /** Sets the share of a roof. */
  static Row under(Row roof, Row row) {
    double share = row.number(Column.GB_PER_SECOND) / roof.number(Column.GB_PER_SECOND);
    return row.with(Column.SHARE, share);
  }

  /** Sets how many times as fast as another row it is. */
  static Row against(Row base, Row row) {
    double ratio = base.number(Column.SCORE) / row.number(Column.SCORE);
    double error = Math.hypot(relativeError(base), relativeError(row));
    return row.with(Column.RATIO, ratio).with(Column.RATIO_ERROR, row == base ? 0 : ratio * error);
  }

  private static double relativeError(Row row) {
    return row.number(Column.ERROR) / row.number(Column.SCORE);
  }
}
