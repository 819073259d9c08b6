package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.results.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.buffer.DataType;

/** Rows of the suite {@code end-to-end}. */
final class TrainingRows {
  private static final String TRAINING = "training";

  private final int threads;
  private final String natives;

  /**
   * Sets what all rows have in common.
   *
   * @param threads of ND4J's natives and of this project's kernels
   * @param natives of ND4J that are on the class path
   */
  TrainingRows(int threads, String natives) {
    this.threads = threads;
    this.natives = natives;
  }

  /**
   * Iterations per second. Scores and ratios are medians over the rounds, and errors half the
   * distance between the quartiles.
   *
   * @param form what was trained
   */
  List<Row> speeds(String form, Speed speed) {
    List<Row> rows = new ArrayList<>();
    for (TrainingContender updater : speed.updaters()) {
      Spread iterations = speed.speed(updater);
      Row row =
          row(updater, speed.parameters(), form, TRAINING)
              .with(Column.SCORE, iterations.median())
              .with(Column.ERROR, iterations.halfWidth())
              .with(Column.UNIT, "iterations/s");
      if (speed.updaters().contains(TrainingContender.SGD)) {
        row.with(Column.SHARE, speed.ratio(updater, TrainingContender.SGD).median());
      }
      if (speed.updaters().contains(TrainingContender.BUILT_IN)) {
        Spread ratio = speed.ratio(updater, TrainingContender.BUILT_IN);
        row.with(Column.RATIO, ratio.median()).with(Column.RATIO_ERROR, ratio.halfWidth());
      }
      rows.add(row);
    }
    return rows;
  }

  /** The share of these rows with its spread, as a score; Sgd must have trained. */
  List<Row> shares(String form, Speed speed) {
    List<Row> rows = new ArrayList<>();
    for (TrainingContender updater : speed.updaters()) {
      Spread share = speed.ratio(updater, TrainingContender.SGD);
      rows.add(
          row(updater, speed.parameters(), form, TRAINING)
              .with(Column.SCORE, share.median())
              .with(Column.ERROR, share.halfWidth())
              .with(Column.UNIT, "of-SGD"));
    }
    return rows;
  }

  /** How much of an iteration is the updater's; no row where that cannot be told. */
  List<Row> inUpdater(String form, Speed speed) {
    List<Row> rows = new ArrayList<>();
    for (TrainingContender updater : speed.updaters()) {
      Spread nanos = speed.inUpdater(updater);
      if (Double.isNaN(nanos.median())) {
        continue;
      }
      rows.add(
          row(updater, speed.parameters(), form, TRAINING)
              .with(Column.SCORE, nanos.median())
              .with(Column.ERROR, nanos.halfWidth())
              .with(Column.UNIT, "ns/step")
              .with(Column.NS_PER_PARAMETER, nanos.median() / speed.parameters()));
    }
    return rows;
  }

  /** Seconds of training until the target; without a score where it was not reached. */
  List<Row> seconds(
      String form, String mode, long parameters, Map<TrainingContender, TimeToAccuracy> outcomes) {
    double builtIn = seconds(outcomes.get(TrainingContender.BUILT_IN));
    double sgd = seconds(outcomes.get(TrainingContender.SGD));
    List<Row> rows = new ArrayList<>();
    outcomes.forEach(
        (updater, outcome) ->
            rows.add(
                row(updater, parameters, form, mode)
                    .with(Column.SCORE, seconds(outcome))
                    .with(Column.UNIT, "s")
                    .with(Column.SHARE, sgd / seconds(outcome))
                    .with(Column.RATIO, builtIn / seconds(outcome))));
    return rows;
  }

  /** Iterations until the target; without a score where it was not reached. */
  List<Row> iterations(
      String form, String mode, long parameters, Map<TrainingContender, TimeToAccuracy> outcomes) {
    List<Row> rows = new ArrayList<>();
    outcomes.forEach(
        (updater, outcome) ->
            rows.add(
                row(updater, parameters, form, mode)
                    .with(Column.SCORE, outcome.reached() ? outcome.iterations() : Double.NaN)
                    .with(Column.UNIT, "iterations")));
    return rows;
  }

  /** NaN if it never got there, or did not start. */
  private static double seconds(TimeToAccuracy outcome) {
    return outcome != null && outcome.reached() ? outcome.seconds() : Double.NaN;
  }

  private Row row(TrainingContender updater, long parameters, String form, String mode) {
    Row row =
        new Row()
            .with(Column.SUITE, "end-to-end")
            .with(Column.CONTENDER, updater.name())
            .with(Column.PARAMETERS, parameters)
            .with(Column.BLOCKS, 1)
            .with(Column.TYPE, DataType.FLOAT.name())
            .with(Column.FORM, form)
            .with(Column.MODE, mode)
            .with(Column.THREADS, threads)
            .with(Column.JDK, System.getProperty("java.version"))
            .with(Column.NATIVES, natives);
    return updater == TrainingContender.SIMD
        ? row.with(Column.VECTOR, FloatVector.SPECIES_PREFERRED.vectorByteSize())
        : row;
  }
}
