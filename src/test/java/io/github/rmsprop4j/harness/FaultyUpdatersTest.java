package io.github.rmsprop4j.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** Updaters with a fault each, which the harness must find and name. */
class FaultyUpdatersTest {
  private static final int ITERATIONS = 6;

  /** An updater that does something else than this project's at or after a step. */
  private abstract static class Faulty extends ForwardingUpdater<RmsProp> {
    Faulty(RmsProp settings, INDArray view, boolean initialize) {
      super(settings.instantiate(view, initialize));
    }
  }

  @Test
  void noFaultIsFoundWhereThereIsNone() {
    assertEquals(List.of(), race(RmsProp::instantiate, 1e-8).faults());
  }

  @Test
  void wrongEpsilon() {
    Comparison comparison =
        race(
            (settings, view, initialize) -> {
              RmsProp wrong = settings.clone();
              wrong.setEpsilon(1e-7);
              GradientUpdater<?> updater = wrong.instantiate(view, false);
              if (initialize) {
                view.assign(settings.getEpsilon());
              }
              return updater;
            },
            1e-8);
    Difference found = found(comparison);
    assertEquals("update", found.what());
    assertEquals("layer0_W", found.parameter());
    assertEquals(0, found.iteration());
    assertTrue(found.differing() > found.of() / 2, found::toString);
    assertTrue(found.largestUlps() > 10, found::toString);
  }

  /** The state of the step before: the update is right once. */
  @Test
  void staleState() {
    Comparison comparison =
        race(
            (settings, view, initialize) ->
                new Faulty(settings, view, initialize) {
                  @Override
                  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
                    INDArray state = updater.getState().get(RmsPropUpdater.G_STATE);
                    INDArray before = state.dup();
                    updater.applyUpdater(gradient, iteration, epoch);
                    if (iteration == 3) {
                      state.assign(before);
                    }
                  }
                },
            1e-8);
    Difference found = found(comparison);
    assertEquals("updater state v", found.what());
    assertEquals("layer0_W", found.parameter());
    assertEquals(3, found.iteration());
    assertTrue(
        comparison.faults().get(0).contains("updater state v of layer0_W"), comparison::toString);
  }

  /** η * (g / (√v + ε)) instead of (η * g) / (√v + ε). */
  @Test
  void swappedOrderOfOperations() {
    Comparison comparison =
        race(
            (settings, view, initialize) ->
                new Faulty(settings, view, initialize) {
                  @Override
                  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
                    RmsProp one = settings.clone();
                    one.setLearningRate(1);
                    RmsPropUpdater withoutRate = new RmsPropUpdater(one);
                    withoutRate.setState(updater.getState(), false);
                    withoutRate.applyUpdater(gradient, iteration, epoch);
                    gradient.muli(settings.getLearningRate());
                  }
                },
            1e-8);
    Difference found = found(comparison);
    assertEquals("update", found.what());
    assertEquals(0, found.iteration());
    assertEquals(1, found.largestUlps());
    assertTrue(found.differing() > 1, found::toString);
  }

  @Test
  void oneUlp() {
    Comparison comparison =
        race(
            (settings, view, initialize) ->
                new Faulty(settings, view, initialize) {
                  @Override
                  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
                    updater.applyUpdater(gradient, iteration, epoch);
                    if (iteration == 4) {
                      int at = 5 * 7 + 7 + 3; // the second layer's weights come after the first's
                      gradient.putScalar(at, Math.nextUp(gradient.getFloat(at)));
                    }
                  }
                },
            1e-8);
    Difference found = found(comparison);
    assertEquals("update", found.what());
    assertEquals("layer1_W", found.parameter());
    assertEquals(3, found.element());
    assertEquals(4, found.iteration());
    assertEquals(1, found.ulps());
    assertEquals(1, found.differing());
  }

  @Test
  void onePassThatChangesAParameterByOneUlp() {
    Difference found = found(onePass(network -> network.params(), 3));
    assertEquals("parameter", found.what());
    assertEquals("layer1_W", found.parameter());
    assertEquals(3, found.element());
    assertEquals(3, found.iteration());
    assertEquals(1, found.ulps());
    assertEquals(1, found.differing());
  }

  @Test
  void onePassThatChangesItsStateByOneUlp() {
    Difference found = found(onePass(MultiLayerNetwork::updaterState, 3));
    assertEquals("updater state", found.what());
    assertEquals("layer1_W", found.parameter());
    assertEquals(3, found.element());
    assertEquals(3, found.iteration());
    assertEquals(1, found.ulps());
  }

  @Test
  void noFaultIsFoundInOnePassWhereThereIsNone() {
    assertEquals(List.of(), onePass(MultiLayerNetwork::params, ITERATIONS).faults());
  }

  /** After an iteration one element of the second layer's weights, or of their state, is off. */
  private static Comparison onePass(Function<MultiLayerNetwork, INDArray> array, int wrong) {
    Contender faulty =
        Contender.ofWhole(
            "faulty",
            network -> {
              Contender.ONE_PASS.whole().accept(network);
              ((MultiLayerNetwork) network)
                  .setListeners(
                      new BaseTrainingListener() {
                        @Override
                        public void iterationDone(Model model, int iteration, int epoch) {
                          if (iteration == wrong) {
                            INDArray all = array.apply((MultiLayerNetwork) model);
                            int at = 5 * 7 + 7 + 3;
                            all.putScalar(at, Math.nextUp(all.getFloat(at)));
                          }
                        }
                      });
            });
    Race race = new Race(Subject.of(network(1e-8)), List.of(Contender.BUILT_IN, faulty));
    race.run(batches(), ITERATIONS, () -> {});
    return race.result("faulty", false);
  }

  /** A gradient that differs is the network's doing, and is said to be. */
  @Test
  void aNetworkThatDoesNotRepeatItself() {
    MultiLayerNetwork network = network(1e-8);
    Race race =
        new Race(
            Subject.of(network),
            List.of(Contender.BUILT_IN, new Contender("faulty", RmsProp::instantiate)));
    List<MultiDataSet> batches = batches();
    batches.set(2, new Unrepeatable(batches.get(2)));
    race.run(batches, ITERATIONS, () -> {});
    Difference found = found(race.result("unrepeatable", false));
    assertEquals("gradient", found.what());
    assertEquals(2, found.iteration());
    assertTrue(found.toString().contains("does not repeat itself"), found::toString);
  }

  /** Without a built-in counterpart, and equal in all kernels: only the formula can tell. */
  @Test
  void aFaultThatAllKernelsHave() {
    RmsProp settings = RmsProp.builder().learningRate(0.01).momentum(0.9).build();
    Subject subject = Subject.of(network(settings));
    Contender wrong =
        new Contender(
            "wrong",
            (right, view, initialize) ->
                RmsProp.builder()
                    .learningRate(0.01)
                    .momentum(0.9)
                    .epsilon(1e-5)
                    .initialMeanSquare(1e-8)
                    .build()
                    .instantiate(view, initialize));
    Race race = new Race(subject, List.of(wrong, wrong));
    race.run(batches(), ITERATIONS, () -> {});
    Comparison comparison = race.result("wrong", false);
    assertTrue(comparison.trainings().get(1).difference().isEmpty());
    assertTrue(
        comparison.faults().get(0).contains("further from the formula than rounding can take it"),
        () -> comparison.faults().toString());
  }

  /** A mini-batch that is another at every look. */
  private static final class Unrepeatable extends org.nd4j.linalg.dataset.MultiDataSet {
    private static final long serialVersionUID = 1L;
    private int looks;

    Unrepeatable(MultiDataSet batch) {
      super(batch.getFeatures(), batch.getLabels());
    }

    @Override
    public INDArray[] getFeatures() {
      return new INDArray[] {getFeatures(0).add(looks++)};
    }
  }

  private static Difference found(Comparison comparison) {
    assertFalse(comparison.agrees());
    Difference found = comparison.trainings().get(1).difference().orElseThrow();
    assertEquals("faulty", found.contender());
    assertEquals("built-in", found.baseline());
    assertEquals(found.toString(), comparison.faults().get(0));
    return found;
  }

  private static Comparison race(Contender.Maker maker, double epsilon) {
    Subject subject = Subject.of(network(epsilon));
    Race race = new Race(subject, List.of(Contender.BUILT_IN, new Contender("faulty", maker)));
    race.run(batches(), ITERATIONS, () -> {});
    return race.result("faulty", false);
  }

  private static MultiLayerNetwork network(double epsilon) {
    return network(new org.nd4j.linalg.learning.config.RmsProp(0.01, 0.9, epsilon));
  }

  private static MultiLayerNetwork network(IUpdater updater) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(updater)
                .list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(7).activation(Activation.TANH).build())
                .layer(
                    new OutputLayer.Builder().nIn(7).nOut(2).activation(Activation.SOFTMAX).build())
                .build());
    network.init();
    return network;
  }

  private static List<MultiDataSet> batches() {
    Random random = new Random(1);
    List<MultiDataSet> batches = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      INDArray features = Nd4j.create(6, 5);
      INDArray labels = Nd4j.create(6, 2);
      for (int row = 0; row < 6; row++) {
        for (int column = 0; column < 5; column++) {
          features.putScalar(row, column, random.nextGaussian());
        }
        labels.putScalar(row, features.getDouble(row, 0) > 0 ? 1 : 0, 1);
      }
      batches.add(new org.nd4j.linalg.dataset.MultiDataSet(features, labels));
    }
    return batches;
  }
}
