package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.harness.CallLog.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains copies of a network side by side, mini-batch by mini-batch, each with its own updater, and
 * compares every call of the updaters. The random numbers, of dropout say, are the same for all.
 */
public final class Race {
  /** Of the random numbers of the first mini-batch. Any would do but 0, which ND4J ignores. */
  private static final long SEED = 12345;

  private final Subject subject;
  private final List<Entrant> entrants = new ArrayList<>();
  private int iterations;
  private int epoch = 1;

  /**
   * Sets up.
   *
   * @param subject the network
   * @param contenders those to compare; the first is what the others are compared with
   */
  public Race(Subject subject, List<Contender> contenders) {
    this.subject = subject;
    for (Contender contender : contenders) {
      entrants.add(new Entrant(contender, subject));
    }
  }

  /** A copy of the network, and what is known of its training. */
  private static final class Entrant {
    final Contender contender;
    final CallLog log = new CallLog();
    final Trainee trainee;
    final List<Double> losses = new ArrayList<>();
    final List<Long> updaterNanos = new ArrayList<>();
    final List<Long> iterationNanos = new ArrayList<>();
    final Map<String, double[]> largest = new HashMap<>();
    List<Call> calls = List.of();
    Optional<Difference> difference = Optional.empty();

    Entrant(Contender contender, Subject subject) {
      this.contender = contender;
      this.trainee = subject.copy(contender, log);
      trainee.parameters().forEach(p -> largest.put(p.name(), Doubles.of(p.array())));
    }

    /** Trains on a mini-batch; returns false if there is nothing to pretrain. */
    boolean train(MultiDataSet batch, boolean pretraining) {
      long start = System.nanoTime();
      boolean trained = true;
      if (pretraining) {
        trained = trainee.pretrain(batch);
      } else {
        trainee.fit(batch);
      }
      long nanos = System.nanoTime() - start - log.takeWatchingNanos();
      calls = log.take();
      if (pretraining != trainee.isSupervised()) {
        losses.add(trainee.loss());
        iterationNanos.add(nanos);
        if (contender.whole() == null) {
          updaterNanos.add(calls.stream().mapToLong(Call::nanos).sum());
        }
      }
      return trained;
    }

    void measureParameters(DataType type) {
      for (Trainee.Parameter parameter : trainee.parameters()) {
        double[] drift = parameter.updater() == null ? null : parameter.updater().drift();
        if (drift == null) {
          continue;
        }
        double[] values = Doubles.of(parameter.array());
        double[] peaks = largest.get(parameter.name());
        for (int i = 0; i < values.length; i++) {
          peaks[i] = Math.max(Math.abs(peaks[i]), Math.abs(values[i]));
          double error = drift[parameter.offset() + i];
          log.parameterErrors().add(Ulps.distance(0, error, peaks[i], type));
        }
      }
    }

    Comparison.Training result(int epoch) {
      return new Comparison.Training(
          contender.name(),
          losses,
          epoch,
          updaterNanos,
          iterationNanos,
          log.updateErrors(),
          log.stateErrors(),
          log.parameterErrors(),
          difference);
    }
  }

  /**
   * Trains on.
   *
   * @param batches mini-batches of an epoch
   * @param count how many mini-batches; further epochs if that is more
   * @param progress called after each of them
   */
  public void run(List<MultiDataSet> batches, int count, Runnable progress) {
    boolean supervised = entrants.get(0).trainee.isSupervised();
    epoch = batches.size();
    int pretrained = supervised ? Math.min(count, batches.size()) : count;
    for (int i = 0; i < pretrained && step(batches.get(i % batches.size()), i, true); i++) {
      if (!supervised) {
        progress.run();
      }
    }
    for (int i = 0; supervised && i < count; i++) {
      step(batches.get(i % batches.size()), i, false);
      if (i % batches.size() == batches.size() - 1) {
        entrants.forEach(entrant -> entrant.trainee.endEpoch());
      }
      progress.run();
    }
  }

  private boolean step(MultiDataSet batch, int i, boolean pretraining) {
    boolean trained = false;
    for (Entrant entrant : inTurn(i)) {
      Nd4j.getRandom().setSeed(SEED + i);
      trained = entrant.train(copy(batch), pretraining);
    }
    Entrant baseline = entrants.get(0);
    iterations += baseline.calls.stream().mapToInt(Call::iteration).distinct().count();
    for (Entrant entrant : entrants) {
      entrant.measureParameters(subject.dataType());
      if (entrant.difference.isEmpty() && entrant.contender != Contender.REFERENCE) {
        FirstDifference first =
            new FirstDifference(
                entrant.contender.name(), baseline.contender.name(), subject.dataType());
        entrant.difference =
            entrant.contender.whole() == null
                ? first.find(
                    baseline.calls,
                    entrant.calls,
                    baseline.trainee.parameters(),
                    entrant.trainee.parameters())
                : first.find(baseline.trainee, entrant.trainee, lastIteration(baseline.calls));
      }
    }
    return trained;
  }

  private static int lastIteration(List<Call> calls) {
    return calls.isEmpty() ? 0 : calls.get(calls.size() - 1).iteration();
  }

  /** Unlike ND4J's own copy, also of a mini-batch of which only some arrays have masks. */
  private static MultiDataSet copy(MultiDataSet batch) {
    return new org.nd4j.linalg.dataset.MultiDataSet(
        copy(batch.getFeatures()),
        copy(batch.getLabels()),
        copy(batch.getFeaturesMaskArrays()),
        copy(batch.getLabelsMaskArrays()));
  }

  private static INDArray[] copy(INDArray[] arrays) {
    return arrays == null
        ? null
        : Arrays.stream(arrays)
            .map(array -> array == null ? null : array.dup())
            .toArray(INDArray[]::new);
  }

  /** So that what goes first, and warms the caches, is not always the same. */
  private List<Entrant> inTurn(int i) {
    List<Entrant> turned = new ArrayList<>(entrants);
    Collections.rotate(turned, i);
    return turned;
  }

  /**
   * Sums up.
   *
   * @param name of the network
   * @param mustLearn whether it is a fault if the loss does not fall
   */
  public Comparison result(String name, boolean mustLearn) {
    return new Comparison(
        name,
        subject.dataType(),
        subject.parameters(),
        iterations,
        entrants.get(0).contender == Contender.BUILT_IN,
        mustLearn,
        entrants.stream().map(entrant -> entrant.result(epoch)).toList());
  }
}
