package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.digits.Digits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Equal networks, one for each updater, that train in turn on the same mini-batches, so that
 * whatever else the machine does hits all of them.
 */
final class TrainingRace {
  final List<Entrant> entrants = new ArrayList<>();
  private final Supplier<DataSet> batches;
  private int round;

  /**
   * Makes the networks.
   *
   * @param learningRates of the updaters that are to train
   * @param batchSize examples in a mini-batch
   * @param variant what is different about them
   * @param threads at most how many share a large step, as far as this project splits it
   */
  TrainingRace(
      Task task,
      Map<TrainingContender, Double> learningRates,
      Digits images,
      int batchSize,
      Variant variant,
      int threads,
      long seed) {
    learningRates.forEach(
        (name, rate) -> entrants.add(new Entrant(name, task, rate, variant, threads, seed)));
    batches = task.batches(images, batchSize, seed);
  }

  /** The next mini-batches, the same for all. */
  List<DataSet> next(int count) {
    return Stream.generate(batches).limit(count).toList();
  }

  /** Those that train, each round another one first: what goes first may find colder caches. */
  List<Entrant> inTurn() {
    List<Entrant> turned = new ArrayList<>(entrants);
    Collections.rotate(turned, -round++);
    return turned;
  }

  /**
   * Whether the networks that must have the same bits have them, in parameters and updater state.
   */
  boolean sameBits() {
    List<Entrant> equals = entrants.stream().filter(e -> e.name.isRmsProp()).toList();
    return equals.stream().allMatch(entrant -> sameBits(equals.get(0), entrant));
  }

  private static boolean sameBits(Entrant a, Entrant b) {
    return sameBits(a.network.params(), b.network.params())
        && sameBits(a.updaterState(), b.updaterState());
  }

  private static boolean sameBits(INDArray a, INDArray b) {
    return Arrays.equals(a.dup().data().asFloat(), b.dup().data().asFloat());
  }
}
