package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.LocalFileModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/** What DL4J puts around a training: workspaces, listeners, early stopping, iterators. */
class EnvironmentTest {
  private static final DataType TYPE = DataType.FLOAT;

  @TempDir Path directory;

  @Test
  void everyWorkspaceModeTrainsToTheSameBits() {
    List<MultiDataSet> data = Networks.sequences(TYPE);
    List<History> histories = new ArrayList<>();
    for (WorkspaceMode mode : List.of(WorkspaceMode.NONE, WorkspaceMode.ENABLED)) {
      for (Implementation implementation : Implementation.values()) {
        MultiLayerNetwork network =
            Networks.init(
                Networks.lstm(
                    Networks.base(implementation.rmsProp(0.01), TYPE)
                        .trainingWorkspaceMode(mode)
                        .inferenceWorkspaceMode(mode)));
        histories.add(History.of(network, data, 3));
      }
    }
    for (History history : histories) {
      History.assertSame(histories.get(0), history);
    }
  }

  /** A network of two blocks: the gradient of the second is a view with an offset. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "HALF"})
  void aStepLeavesNothingInTheWorkspace(DataType type) {
    int n = 1003;
    GradientUpdater<?> updater = updater(Implementation.OURS, type, n);
    INDArray values = Networks.normal(new Random(1), type, 2 * n);
    WorkspaceConfiguration configuration =
        WorkspaceConfiguration.builder().initialSize(1 << 20).build();
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "STEP")) {
      INDArray gradients = Nd4j.create(type, 2 * n).assign(values);
      INDArray gradient = gradients.get(NDArrayIndex.interval(n, 2 * n));
      assertTrue(gradient.isAttached());
      long allocated = workspace.getThisCycleAllocations();
      long offset = workspace.getPrimaryOffset();
      for (int i = 0; i < 3; i++) {
        updater.applyUpdater(gradient, i, 0);
      }
      assertEquals(allocated, workspace.getThisCycleAllocations());
      assertEquals(offset, workspace.getPrimaryOffset());

      // The control: what is made here is counted.
      Nd4j.create(type, n);
      assertNotEquals(allocated, workspace.getThisCycleAllocations());
    }
  }

  /** ND4J numbers its buffers, workspaces and operation contexts. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void aStepMakesNoBuffer(DataType type) {
    int n = 1003;
    INDArray gradient = Networks.normal(new Random(1), type, n);
    assertEquals(0, buffersMadeBy(updater(Implementation.OURS, type, n), gradient));
    // The control: the built-in updater makes an operation context.
    assertTrue(buffersMadeBy(updater(Implementation.BUILT_IN, type, n), gradient) > 0);
  }

  private static long buffersMadeBy(GradientUpdater<?> updater, INDArray gradient) {
    updater.applyUpdater(gradient, 0, 0); // the first step picks the kernel
    long before = Nd4j.getDeallocatorService().nextValue();
    for (int i = 0; i < 3; i++) {
      updater.applyUpdater(gradient, i, 0);
    }
    return Nd4j.getDeallocatorService().nextValue() - before - 1;
  }

  private static GradientUpdater<?> updater(Implementation implementation, DataType type, int n) {
    return implementation.rmsProp(0.01).instantiate(Nd4j.create(type, n), true);
  }

  @Test
  void listenersSeeAndChangeNothing() {
    MultiLayerNetwork watched = Networks.mlp(new RmsProp(0.01), TYPE);
    CollectScoresListener scores = new CollectScoresListener(1);
    watched.setListeners(new ScoreIterationListener(1), new PerformanceListener(1, true), scores);
    watched.fit(iterator(), 3);
    assertEquals(9, scores.getListScore().size());
    assertTrue(scores.getListScore().get(8) < scores.getListScore().get(0));

    MultiLayerNetwork unwatched = Networks.mlp(new RmsProp(0.01), TYPE);
    unwatched.fit(iterator(), 3);
    Bits.assertSame(unwatched.params(), watched.params(), "parameter");
    Bits.assertSame(unwatched.updaterState(), watched.updaterState(), "state");
  }

  @Test
  void fitsAnIteratorToTheSameBits() {
    MultiLayerNetwork builtIn = Networks.mlp(Implementation.BUILT_IN.rmsProp(0.01), TYPE);
    MultiLayerNetwork ours = Networks.mlp(Implementation.OURS.rmsProp(0.01), TYPE);
    for (int epoch = 0; epoch < 4; epoch++) {
      builtIn.fit(iterator());
      ours.fit(iterator());
      Bits.assertSame(builtIn.params(), ours.params(), "epoch " + epoch + ", parameter");
      Bits.assertSame(builtIn.updaterState(), ours.updaterState(), "epoch " + epoch + ", state");
      assertEquals(builtIn.evaluate(iterator()).accuracy(), ours.evaluate(iterator()).accuracy());
    }
  }

  @Test
  void stopsEarlyAtTheSameModel() throws IOException {
    List<EarlyStoppingResult<MultiLayerNetwork>> results = new ArrayList<>();
    for (Implementation implementation : Implementation.values()) {
      results.add(stopEarly(implementation));
    }
    EarlyStoppingResult<MultiLayerNetwork> expected = results.get(0);
    EarlyStoppingResult<MultiLayerNetwork> actual = results.get(1);
    assertEquals(expected.getBestModelEpoch(), actual.getBestModelEpoch());
    assertEquals(expected.getScoreVsEpoch(), actual.getScoreVsEpoch());
    assertEquals(5, actual.getScoreVsEpoch().size());
    Bits.assertSame(
        expected.getBestModel().params(), actual.getBestModel().params(), "best parameter");
    Bits.assertSame(
        expected.getBestModel().updaterState(), actual.getBestModel().updaterState(), "best state");
  }

  private EarlyStoppingResult<MultiLayerNetwork> stopEarly(Implementation implementation)
      throws IOException {
    Path models = Files.createDirectory(directory.resolve(implementation.toString()));
    EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .epochTerminationConditions(new MaxEpochsTerminationCondition(5))
            .scoreCalculator(new DataSetLossCalculator(iterator(), true))
            .evaluateEveryNEpochs(1)
            .modelSaver(new LocalFileModelSaver(models.toString()))
            .build();
    MultiLayerNetwork network = Networks.mlp(implementation.rmsProp(0.05), TYPE);
    return new EarlyStoppingTrainer(configuration, network, iterator()).fit();
  }

  /** Fourteen examples in mini-batches of six, six and two. */
  private static DataSetIterator iterator() {
    List<DataSet> examples = new ArrayList<>();
    for (MultiDataSet batch : Networks.vectors(TYPE)) {
      examples.addAll(new DataSet(batch.getFeatures(0), batch.getLabels(0)).asList());
    }
    return new ListDataSetIterator<>(examples, 6);
  }
}
