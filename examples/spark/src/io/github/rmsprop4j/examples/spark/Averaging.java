package io.github.rmsprop4j.examples.spark;

import io.github.rmsprop4j.examples.mnist.Checkpoint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Trains a network by parameter averaging, one round after the other: every worker gets the
 * parameters and the updater state, trains on its own batches, and the mean of what the workers
 * have then, parameters and updater state alike, is where the next round starts.
 */
final class Averaging {
  private final JavaSparkContext spark;
  private final SparkDl4jMultiLayer trained;
  private final int workers;
  private final int batchesPerWorker;

  /**
   * A network at its beginning.
   *
   * @param batchesPerWorker batches that each worker trains on in a round
   */
  Averaging(
      JavaSparkContext spark,
      MultiLayerConfiguration configuration,
      int workers,
      int batchSize,
      int batchesPerWorker) {
    this.spark = spark;
    this.workers = workers;
    this.batchesPerWorker = batchesPerWorker;
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    network.getUpdater(); // has DL4J send state to the workers from the first round on
    this.trained =
        new SparkDl4jMultiLayer(
            spark,
            network,
            new ParameterAveragingTrainingMaster.Builder(workers, batchSize)
                .batchSizePerWorker(batchSize)
                .averagingFrequency(batchesPerWorker)
                .workerPrefetchNumBatches(0)
                .saveUpdater(true)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .repartionData(Repartition.Never) // the batches are where they belong
                .build());
  }

  /** The network as it is after the last round. */
  MultiLayerNetwork network() {
    return trained.getNetwork();
  }

  /** {@return how many batches a round takes} */
  int batchesPerRound() {
    return workers * batchesPerWorker;
  }

  /**
   * Trains for one round and averages.
   *
   * @param batches as many as {@link #batchesPerRound}: the first worker's, the second's, and so on
   */
  void round(List<DataSet> batches) {
    if (batches.size() != batchesPerRound()) {
      throw new IllegalArgumentException(
          "a round takes " + batchesPerRound() + " batches, got " + batches.size());
    }
    trained.fit(spark.parallelize(batches, workers));
  }

  /** Puts down all that {@link #read} needs to go on here. */
  void write(int averagings, DataOutputStream state) throws IOException {
    state.writeInt(averagings);
    state.writeInt(network().getIterationCount());
    state.writeInt(network().getEpochCount());
    Checkpoint.write(network().params(), state);
    Checkpoint.write(network().getUpdater().getStateViewArray(), state);
  }

  /** {@return after how many averagings it was put down} */
  int read(DataInputStream state) throws IOException {
    int averagings = state.readInt();
    network().setIterationCount(state.readInt());
    network().setEpochCount(state.readInt());
    Checkpoint.read(network().params(), state);
    Checkpoint.read(network().getUpdater().getStateViewArray(), state);
    return averagings;
  }
}
