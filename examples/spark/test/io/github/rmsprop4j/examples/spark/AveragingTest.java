package io.github.rmsprop4j.examples.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.MnistData;
import io.github.rmsprop4j.examples.mnist.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** What Spark averages is the mean of what the workers have, taken by hand, to the bit. */
@Tag("once")
class AveragingTest {
  private static final int WORKERS = 2;
  private static final int BATCH_SIZE = 16;
  private static final int BATCHES_PER_WORKER = 3;
  private static final int ROUNDS = 2;

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("AveragingTest")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.host", "127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  static Stream<Arguments> updaters() {
    return Stream.of(
        Arguments.of(1, new RmsProp(1e-3)),
        Arguments.of(2, RmsProp.builder().learningRate(1e-3).momentum(0.9).build()),
        Arguments.of(
            3,
            RmsProp.builder(Flavor.PYTORCH)
                .learningRate(1e-3)
                .momentum(0.9)
                .centered(true)
                .build()));
  }

  @ParameterizedTest(name = "state of {0} n")
  @MethodSource("updaters")
  void averagesParametersAndState(int parts, RmsProp updater) {
    MnistData data = DrawnDigits.draw(BATCH_SIZE * BATCHES_PER_WORKER * WORKERS * ROUNDS, 10, 3);
    DataSetIterator all = data.train().batches(BATCH_SIZE);
    Averaging averaging =
        new Averaging(
            spark, Model.MLP.configuration(updater, 1), WORKERS, BATCH_SIZE, BATCHES_PER_WORKER);
    MultiLayerNetwork byHand = new MultiLayerNetwork(Model.MLP.configuration(updater, 1));
    byHand.init();
    long n = byHand.numParams();

    for (int round = 0; round < ROUNDS; round++) {
      List<DataSet> batches = new ArrayList<>();
      for (int i = 0; i < averaging.batchesPerRound(); i++) {
        batches.add(all.next());
      }
      averaging.round(batches);

      INDArray params = byHand.params().like();
      INDArray state = byHand.getUpdater().getStateViewArray().like();
      assertEquals(parts * n, state.length());
      List<float[]> ofWorkers = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        MultiLayerNetwork network = byHand.clone();
        network
            .getUpdater()
            .setStateViewArray(network, byHand.getUpdater().getStateViewArray().dup(), false);
        for (int i = 0; i < BATCHES_PER_WORKER; i++) {
          network.fit(batches.get(worker * BATCHES_PER_WORKER + i));
        }
        params.addi(network.params());
        state.addi(network.getUpdater().getStateViewArray());
        ofWorkers.add(network.params().dup().data().asFloat());
      }
      assertFalse(Arrays.equals(ofWorkers.get(0), ofWorkers.get(1)), "each on its own batches");
      byHand.params().assign(params.divi(WORKERS));
      byHand.getUpdater().getStateViewArray().assign(state.divi(WORKERS));

      MultiLayerNetwork bySpark = averaging.network();
      assertArrayEquals(bits(byHand.params()), bits(bySpark.params()), "parameters");
      assertArrayEquals(
          bits(byHand.getUpdater().getStateViewArray()),
          bits(bySpark.getUpdater().getStateViewArray()),
          "updater state");
      assertEquals((round + 1) * BATCHES_PER_WORKER, bySpark.getIterationCount());
    }
  }

  private static int[] bits(INDArray array) {
    float[] values = array.dup().data().asFloat();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
