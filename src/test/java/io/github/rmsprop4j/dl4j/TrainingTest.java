package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.RmsPropUpdater;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;

/** Networks train to the bits of the built-in updater: parameters and state, every iteration. */
@Tag("compat")
class TrainingTest {
  private static final int EPOCHS = 3;

  static Stream<Arguments> networks() {
    List<Arguments> rows = new ArrayList<>();
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      List<MultiDataSet> vectors = Networks.vectors(type);
      List<MultiDataSet> images8 = Networks.images(type, 8);
      List<MultiDataSet> images12 = Networks.images(type, 12);
      List<MultiDataSet> sequences = Networks.sequences(type);

      rows.add(multiLayer("dense", type, vectors, Networks::mlp));
      rows.add(multiLayer("dense, wide", type, vectors, Networks::wideMlp));
      rows.add(multiLayer("LeNet", type, images12, Networks::leNet));
      rows.add(multiLayer("batch norm", type, images8, Networks::batchNorm));
      rows.add(multiLayer("LSTM", type, sequences, Networks::lstm));
      rows.add(multiLayer("LSTM, truncated", type, sequences, Networks::truncatedLstm));
      rows.add(multiLayer("recurrent zoo", type, sequences, Networks::recurrentZoo));
      rows.add(multiLayer("convolution zoo", type, images8, Networks::convolutionZoo));
      rows.add(graph("residual", type, vectors, base -> Networks.init(Networks.residual(base))));
      rows.add(
          graph(
              "two inputs, two outputs",
              type,
              Networks.pairs(type),
              base -> Networks.init(Networks.twoInTwoOut(base))));
      rows.add(
          graph(
              "LeNet", type, images12, b -> Networks.init(Networks.leNet(b)).toComputationGraph()));

      rows.add(refined("dropout", type, base -> base.dropOut(0.7)));
      rows.add(refined("L1", type, base -> base.l1(1e-2)));
      rows.add(refined("L2", type, base -> base.l2(1e-2).l2Bias(1e-3)));
      rows.add(refined("weight decay", type, base -> base.weightDecay(1e-2)));
      rows.add(refined("weight decay, no rate", type, b -> b.weightDecay(1e-2, false).l1(1e-3)));
      rows.add(
          refined(
              "clipped by element",
              type,
              base ->
                  base.gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                      .gradientNormalizationThreshold(0.05)));
      rows.add(
          refined(
              "clipped by L2 per parameter",
              type,
              base ->
                  base.gradientNormalization(GradientNormalization.ClipL2PerParamType)
                      .gradientNormalizationThreshold(0.1)));
      rows.add(
          refined(
              "renormalized",
              type,
              base -> base.gradientNormalization(GradientNormalization.RenormalizeL2PerLayer)));
      rows.add(
          refined(
              "max-norm constraint",
              type,
              base -> base.constrainWeights(new MaxNormConstraint(0.5, 1))));
      rows.add(refined("not divided by the mini-batch", type, base -> base.miniBatch(false)));

      for (ISchedule schedule : schedules()) {
        rows.add(
            row(
                schedule.toString(),
                type,
                vectors,
                implementation -> Networks.mlp(implementation.rmsProp(schedule), type)));
      }
      rows.add(settings("defaults", type, 0.1, 0.95, 1e-8));
      rows.add(settings("decay 0", type, 0.01, 0, 1e-8));
      rows.add(settings("decay 0.999", type, 0.01, 0.999, 1e-6));
      rows.add(settings("epsilon 1", type, 0.5, 0.9, 1));
    }
    return rows.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void trainsToTheSameBits(
      String name, Function<Implementation, NeuralNetwork> network, List<MultiDataSet> data) {
    History expected = History.of(network.apply(Implementation.BUILT_IN), data, EPOCHS);
    NeuralNetwork trained = network.apply(Implementation.OURS);
    History actual = History.of(trained, data, EPOCHS);
    History.assertSame(expected, actual);
    actual.assertTrained(); // so that "the same" is never "both did nothing"
    assertUsesOurs(trained);
  }

  /** With ε = 0 an element whose gradient is 0 at first becomes 0/0: the same NaN in both. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void epsilonZeroGivesTheSameNaN(DataType type) {
    List<MultiDataSet> data = Networks.vectors(type);
    List<History> histories = new ArrayList<>();
    for (Implementation implementation : Implementation.values()) {
      NeuralNetwork network = Networks.mlp(implementation.rmsProp(0.01, 0.9, 0), type);
      network.params().assign(0); // a gradient of 0 in the hidden layers
      histories.add(History.of(network, data, EPOCHS));
      assertTrue(network.params().isNaN().any());
    }
    History.assertSame(histories.get(0), histories.get(1));
  }

  private static void assertUsesOurs(NeuralNetwork network) {
    BaseMultiLayerUpdater<?> updater = UpdaterBlocks.updater(network);
    long ours =
        updater.getUpdaterBlocks().stream()
            .filter(block -> block.getGradientUpdater() instanceof RmsPropUpdater)
            .count();
    assertEquals(UpdaterBlocks.withState(updater), ours);
  }

  private static List<ISchedule> schedules() {
    List<ISchedule> schedules = new ArrayList<>();
    for (ScheduleType by : ScheduleType.values()) {
      schedules.add(new ExponentialSchedule(by, 0.05, 0.8));
      schedules.add(new StepSchedule(by, 0.05, 0.5, 2));
      schedules.add(new MapSchedule(by, Map.of(0, 0.05, 1, 0.02, 4, 0.001)));
      schedules.add(new PolySchedule(by, 0.05, 2, 20));
      schedules.add(new SigmoidSchedule(by, 0.05, 0.3, 3));
      schedules.add(new InverseSchedule(by, 0.05, 0.3, 0.7));
    }
    schedules.add(new CycleSchedule(ScheduleType.ITERATION, 0.01, 0.1, 6, 2, 0.1));
    return schedules;
  }

  private static Arguments row(
      String name,
      DataType type,
      List<MultiDataSet> data,
      Function<Implementation, NeuralNetwork> network) {
    return arguments(name + ", " + type, network, data);
  }

  private static Arguments multiLayer(
      String name,
      DataType type,
      List<MultiDataSet> data,
      Function<NeuralNetConfiguration.Builder, MultiLayerConfiguration> configuration) {
    return graph(name, type, data, base -> Networks.init(configuration.apply(base)));
  }

  private static Arguments graph(
      String name,
      DataType type,
      List<MultiDataSet> data,
      Function<NeuralNetConfiguration.Builder, NeuralNetwork> network) {
    return row(
        name,
        type,
        data,
        implementation -> network.apply(Networks.base(implementation.rmsProp(0.01), type)));
  }

  private static Arguments refined(
      String name, DataType type, UnaryOperator<NeuralNetConfiguration.Builder> refinement) {
    return multiLayer(
        name, type, Networks.vectors(type), base -> Networks.mlp(refinement.apply(base)));
  }

  private static Arguments settings(
      String name, DataType type, double learningRate, double rmsDecay, double epsilon) {
    return row(
        name,
        type,
        Networks.vectors(type),
        implementation ->
            Networks.mlp(implementation.rmsProp(learningRate, rmsDecay, epsilon), type));
  }
}
