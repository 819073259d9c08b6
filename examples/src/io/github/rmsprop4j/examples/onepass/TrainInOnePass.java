package io.github.rmsprop4j.examples.onepass;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.dl4j.OnePass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Two equal networks of many small layers, one of them with OnePass, trained in turn on data made
 * here: the same bits in less time, since much of it goes into the parameter update.
 */
public final class TrainInOnePass {
  private static final int INPUTS = 10;
  private static final int CLASSES = 2;
  private static final int LAYERS = 100;
  private static final int BATCH = 32;
  private static final int ROUNDS = 12; // the first third warms the JVM up
  private static final int BATCHES = 10;

  private TrainInOnePass() {}

  /**
   * Shows it.
   *
   * @param args none, or --help
   */
  public static void main(String[] args) {
    if (args.length > 0) {
      System.out.println("Trains a network with OnePass and without. There are no options.");
      return;
    }
    MultiLayerNetwork ordinary = network();
    MultiLayerNetwork inOnePass = network();
    System.out.println(OnePass.enable(inOnePass)); // the one line
    List<DataSet> batches = batches();
    double[] ordinaryTimes = new double[ROUNDS];
    double[] onePassTimes = new double[ROUNDS];
    boolean same = true;
    for (int round = 0; round < ROUNDS; round++) {
      ordinaryTimes[round] = millisecondsPerIteration(ordinary, batches);
      onePassTimes[round] = millisecondsPerIteration(inOnePass, batches);
      same &= sameBits(ordinary.params(), inOnePass.params());
      same &= sameBits(ordinary.updaterState(), inOnePass.updaterState());
    }
    System.out.printf("ordinary: %.2f ms/iteration%n", typical(ordinaryTimes));
    System.out.printf("one pass: %.2f ms/iteration%n", typical(onePassTimes));
    System.out.println("bits equal: " + (same ? "yes" : "no"));
    if (!same) {
      System.exit(1);
    }
  }

  private static MultiLayerNetwork network() {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder().seed(7).updater(new RmsProp(1e-3)).list();
    for (int i = 1; i < LAYERS; i++) {
      layers.layer(
          new DenseLayer.Builder().nIn(INPUTS).nOut(INPUTS).activation(Activation.TANH).build());
    }
    layers.layer(
        new OutputLayer.Builder(LossFunction.MCXENT)
            .activation(Activation.SOFTMAX)
            .nIn(INPUTS)
            .nOut(CLASSES)
            .build());
    MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
    network.init();
    return network;
  }

  /** Points labelled by whether their coordinates add up to more than 0. */
  private static List<DataSet> batches() {
    Random random = new Random(7);
    List<DataSet> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      INDArray points = Nd4j.create(DataType.FLOAT, BATCH, INPUTS);
      INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, CLASSES);
      for (int row = 0; row < BATCH; row++) {
        double sum = 0;
        for (int column = 0; column < INPUTS; column++) {
          double x = random.nextGaussian();
          points.putScalar(row, column, x);
          sum += x;
        }
        labels.putScalar(row, sum > 0 ? 1 : 0, 1);
      }
      batches.add(new DataSet(points, labels));
    }
    return batches;
  }

  private static double millisecondsPerIteration(MultiLayerNetwork network, List<DataSet> batches) {
    long start = System.nanoTime();
    batches.forEach(network::fit);
    return (System.nanoTime() - start) / 1e6 / batches.size();
  }

  private static boolean sameBits(INDArray a, INDArray b) {
    return Arrays.equals(a.toFloatVector(), b.toFloatVector());
  }

  /** The median of the last two thirds. */
  private static double typical(double[] times) {
    double[] measured = Arrays.copyOfRange(times, times.length / 3, times.length);
    Arrays.sort(measured);
    return measured[measured.length / 2];
  }
}
