package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.RmsProp;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Training by Deeplearning4j's ParallelWrapper. With equal mini-batches all workers do the same,
 * and the mean of equal numbers is that number: the result is that of one thread, to the bits.
 */
class ParallelTrainingTest {
  private static final DataType TYPE = DataType.FLOAT;
  private static final int WORKERS = 2;
  private static final int ITERATIONS = 6;

  /** A hang is no slow run: one training here takes less than a second. */
  private static final int HANGS_AFTER_SECONDS = 120;

  private final MultiDataSet batch = Networks.vectors(TYPE).get(0);

  private static RmsProp settings() {
    return RmsProp.builder().learningRate(0.01).momentum(0.5).centered(true).build();
  }

  private static MultiLayerNetwork network() {
    return Networks.mlp(settings(), TYPE);
  }

  private static ComputationGraph graph() {
    return Networks.init(Networks.residual(Networks.base(settings(), TYPE)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theStateIsKept(boolean graph) throws Exception {
    NeuralNetwork network = graph ? graph() : network();
    INDArray before = network.updaterState().dup();
    Object updater = UpdaterBlocks.updater(network);
    for (int i = 0; i < 2; i++) {
      bounded(() -> run(network, () -> averaging((Model) network)));
      assertSame(updater, UpdaterBlocks.updater(network));
      // All three parts of it, of all parameters: the second time they go on from the first.
      INDArray after = network.updaterState().dup();
      assertTrue(after.neq(before).all(), () -> "the state must move, " + after);
      before = after;
    }
  }

  private static void run(NeuralNetwork network, Runnable training) {
    if (network instanceof ComputationGraph graph) {
      ParallelTraining.run(graph, training);
    } else {
      ParallelTraining.run((MultiLayerNetwork) network, training);
    }
  }

  /** The control, and why there is something to do at all. */
  @Test
  void withoutItTheStateIsLost() throws Exception {
    MultiLayerNetwork network = network();
    bounded(() -> averaging(network));
    Bits.assertSame(network().updaterState(), network.updaterState(), "state of a new network");
  }

  /** The second training hangs without it. */
  @Test
  void sharedGradientsTrainTwice() throws Exception {
    MultiLayerNetwork network = network();
    for (int i = 0; i < 3; i++) {
      bounded(() -> ParallelTraining.run(network, () -> sharing(network)));
    }
    assertTrained(network, network());
    bounded(() -> network.fit(batch));
  }

  /** Training by itself hangs without it. */
  @Test
  void aGraphTrainsAloneAfterSharedGradients() throws Exception {
    ComputationGraph graph = graph();
    bounded(() -> ParallelTraining.run(graph, () -> sharing(graph)));
    assertTrained(graph, graph());
    bounded(() -> graph.fit(batch));
  }

  private static void assertTrained(NeuralNetwork trained, NeuralNetwork fresh) {
    assertNotEquals(0, History.distance(trained.params(), fresh.params()));
    double moved = History.distance(trained.updaterState(), fresh.updaterState());
    assertTrue(moved > 0 && Double.isFinite(moved), "the state moved by " + moved);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailureKeepsTheUpdaterToo(boolean cleared) {
    MultiLayerNetwork network = network();
    Object updater = network.getUpdater();
    Exception error =
        assertThrows(
            IllegalStateException.class,
            () ->
                ParallelTraining.run(
                    network,
                    () -> {
                      if (cleared) {
                        network.clear();
                      }
                      throw new IllegalStateException("on purpose");
                    }));
    assertEquals("on purpose", error.getMessage());
    assertSame(updater, network.getUpdater());
  }

  /** The wrapper takes its accumulator away, without which it would subtract the update twice. */
  @Test
  void onePassIsRefused() {
    MultiLayerNetwork network = network();
    OnePass.enable(network);
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ParallelTraining.run(
                    network,
                    () -> {
                      throw new AssertionError("trained");
                    }));
    assertTrue(error.getMessage().contains("without OnePass"), error.getMessage());
  }

  private void averaging(Model network) {
    try (ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(network)
            .workers(WORKERS)
            .prefetchBuffer(0)
            .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
            .averagingFrequency(1)
            .averageUpdaters(true)
            .build()) {
      wrapper.fit(data());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void sharing(Model network) {
    try (ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(network)
            .workers(WORKERS)
            .prefetchBuffer(0)
            .trainingMode(ParallelWrapper.TrainingMode.SHARED_GRADIENTS)
            .thresholdAlgorithm(new FixedThresholdAlgorithm(1e-3))
            .build()) {
      wrapper.fit(data());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Every worker's mini-batches. */
  private ListDataSetIterator<DataSet> data() {
    DataSet example = new DataSet(batch.getFeatures(0), batch.getLabels(0));
    List<DataSet> batches = Collections.nCopies(WORKERS * ITERATIONS, example);
    return new ListDataSetIterator<>(
        batches.stream().flatMap(b -> b.asList().stream()).toList(), example.numExamples());
  }

  /** Runs something that must not hang; a thread that does is left behind, as a daemon. */
  private static void bounded(Runnable call) throws InterruptedException {
    FutureTask<Void> task = new FutureTask<>(call, null);
    Thread thread = new Thread(task, "bounded");
    thread.setDaemon(true);
    thread.start();
    try {
      task.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("hangs: " + List.of(thread.getStackTrace()), e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
