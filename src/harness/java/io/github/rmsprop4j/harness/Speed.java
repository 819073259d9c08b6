package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.kernel.Kernels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * How fast one network trains with several updaters in turn. Times are of a mini-batch, and medians
 * of the rounds, in each of which all train on the same mini-batches.
 *
 * @param kernel what this project's updater uses in this JVM
 * @param dataType of the parameters
 * @param parameters how many the network has
 * @param rounds that were timed
 * @param rows one for each updater; the first is what the others are compared with
 */
public record Speed(String kernel, DataType dataType, long parameters, int rounds, List<Row> rows) {
  private static final int ROUNDS = 10;

  /** On a quiet machine, medians of what is the same work differ by a few percent. */
  private static final double BUSY = 0.1;

  /**
   * The training with one updater.
   *
   * @param updater which
   * @param millis time for a mini-batch, everything included
   * @param updaterMillis how much of it the updater took; empty with one pass, where that cannot be
   *     told from the change of the parameters
   * @param ratio how many times as fast the whole training is as with the first of the rows, by
   *     these medians
   */
  public record Row(String updater, double millis, OptionalDouble updaterMillis, double ratio) {}

  /** A copy in training, and a clock. */
  private static final class Entrant {
    final Contender contender;
    final Trainee trainee;
    final List<Double> millis = new ArrayList<>();
    final List<Double> updaterMillis = new ArrayList<>();
    private long inUpdaters;

    Entrant(Contender contender, Subject subject) {
      this.contender = contender;
      this.trainee = subject.copy(contender, this::around);
    }

    private GradientUpdater<?> around(ContenderConfig config, GradientUpdater<?> updater) {
      return new ForwardingUpdater<IUpdater>(updater) {
        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
          long start = System.nanoTime();
          super.applyUpdater(gradient, iteration, epoch);
          inUpdaters += System.nanoTime() - start;
        }

        @Override
        public IUpdater getConfig() {
          return config;
        }
      };
    }

    void train(List<MultiDataSet> batches) {
      inUpdaters = 0;
      long start = System.nanoTime();
      for (MultiDataSet batch : batches) {
        if (trainee.isSupervised()) {
          trainee.fit(batch);
        } else {
          trainee.pretrain(batch);
        }
      }
      millis.add((System.nanoTime() - start) / 1e6 / batches.size());
      updaterMillis.add(inUpdaters / 1e6 / batches.size());
    }

    void forgetTimes() {
      millis.clear();
      updaterMillis.clear();
    }
  }

  /**
   * Measures it.
   *
   * @param batches of an epoch
   * @param iterations mini-batches that each trains on after as many to warm up, &gt;= 1
   * @param progress called after each round
   */
  static Speed measure(
      Subject subject, List<MultiDataSet> batches, int iterations, Runnable progress) {
    JitWarmUp.run();
    List<Entrant> entrants = new ArrayList<>();
    if (subject.settings().stream().allMatch(Contender::isBuiltIn)) {
      entrants.add(new Entrant(Contender.BUILT_IN, subject));
    }
    entrants.add(new Entrant(Contender.ours(), subject));
    if (subject.isLayered()) {
      entrants.add(new Entrant(Contender.ONE_PASS, subject));
    }
    int rounds = Math.min(ROUNDS, iterations);
    int lap = (iterations + rounds - 1) / rounds;
    int next = 0;
    for (int round = -rounds; round < rounds; round++) {
      List<MultiDataSet> some = new ArrayList<>();
      for (int i = 0; i < lap; i++) {
        some.add(batches.get(next++ % batches.size()));
      }
      if (round == 0) {
        entrants.forEach(Entrant::forgetTimes);
      }
      List<Entrant> turned = new ArrayList<>(entrants);
      Collections.rotate(turned, round); // so that not always the same one finds the caches cold
      turned.forEach(entrant -> entrant.train(some));
      progress.run();
    }
    List<Row> rows = entrants.stream().map(entrant -> row(entrant, entrants.get(0))).toList();
    return new Speed(Kernels.describe(), subject.dataType(), subject.parameters(), rounds, rows);
  }

  /** {@return how often {@link #measure} calls its progress} */
  public static int steps(int iterations) {
    return 2 * Math.min(ROUNDS, iterations);
  }

  private static Row row(Entrant entrant, Entrant first) {
    double millis = median(entrant.millis);
    return new Row(
        entrant.contender.name(),
        millis,
        entrant.contender.whole() == null
            ? OptionalDouble.of(median(entrant.updaterMillis))
            : OptionalDouble.empty(),
        median(first.millis) / millis);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** A table of at most 80 columns, under a line of what was trained and one of the kernel. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(kernel.replace("; ", System.lineSeparator()));
    text.append(
        String.format(
            Locale.ROOT,
            "%n%,d %s parameters; ms for a mini-batch, medians of %d rounds%n%n",
            parameters,
            dataType,
            rounds));
    text.append(
        String.format(
            "%-10s%12s%12s%18s%18s%n",
            "updater", "mini-batch", "updater", "everything else", "times as fast"));
    for (Row row : rows) {
      boolean known = row.updaterMillis.isPresent();
      double inUpdater = row.updaterMillis.orElse(0);
      text.append(
          String.format(
              Locale.ROOT,
              "%-10s%12.3f%12s%18s%18.2f%n",
              row.updater,
              row.millis,
              known ? String.format(Locale.ROOT, "%.3f", inUpdater) : "-",
              known ? String.format(Locale.ROOT, "%.3f", row.millis - inUpdater) : "-",
              row.ratio));
    }
    double scatter = scatterOfEverythingElse();
    if (scatter > BUSY) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nEverything else is the same work in each row and differs by %.0f %%: the machine%n"
                  + "was busy. Compare the updaters, or repeat this on a quiet one.%n",
              100 * scatter));
    }
    return text.toString().stripTrailing();
  }

  private double scatterOfEverythingElse() {
    DoubleSummaryStatistics rest =
        rows.stream()
            .filter(row -> row.updaterMillis.isPresent())
            .mapToDouble(row -> row.millis - row.updaterMillis.getAsDouble())
            .summaryStatistics();
    return rest.getMax() / rest.getMin() - 1;
  }
}
