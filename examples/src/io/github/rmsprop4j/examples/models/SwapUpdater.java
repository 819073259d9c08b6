package io.github.rmsprop4j.examples.models;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.dl4j.TrainedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network that was trained with the built-in RMSprop goes on with this library's: in memory, in a
 * file, back again, and with momentum. Three layers have rates of their own, one is a wrapper.
 */
public final class SwapUpdater {
  private static final int INPUTS = 5;
  private static final int CLASSES = 3;
  private static final int STEPS = 4;

  private SwapUpdater() {}

  /**
   * Shows it, and fails if a bit differs.
   *
   * @param args none, or --help
   * @throws IOException if there is no place for temporary files
   */
  public static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.out.println("Swaps the updater of a trained network. There are no options.");
      return;
    }
    MultiLayerNetwork builtIn = network();
    train(builtIn, 50);

    // In memory: a new network, which goes on where the other one stands.
    MultiLayerNetwork ours = TrainedModels.fromBuiltIn(builtIn);

    // In a file. The updater state, the counts and whatever else is in the zip stay.
    Path folder = Files.createTempDirectory("swap");
    Path saved = folder.resolve("built-in.zip");
    Path converted = folder.resolve("ours.zip");
    builtIn.save(saved.toFile(), true);
    TrainedModels.fromBuiltIn(saved, converted);
    MultiLayerNetwork loaded = MultiLayerNetwork.load(converted.toFile(), true);

    train(builtIn, 100);
    train(ours, 100);
    train(loaded, 100);
    check("100 more iterations, swapped in memory", builtIn, ours);
    check("100 more iterations, swapped in a file", builtIn, loaded);

    // And back, for programs that do not have this library.
    MultiLayerNetwork back = TrainedModels.toBuiltIn(ours);
    train(back, 100);
    train(builtIn, 100);
    check("100 more iterations, swapped back", builtIn, back);

    // Momentum on a trained network: v of all layers is kept, each layer keeps its rate.
    MultiLayerNetwork wider =
        TrainedModels.withUpdater(
            ours,
            old ->
                RmsProp.builder()
                    .learningRate(old.getLearningRate())
                    .rmsDecay(old.getRmsDecay())
                    .epsilon(old.getEpsilon())
                    .momentum(0.9)
                    .build());
    System.out.println(
        "state with momentum: "
            + wider.updaterState().length()
            + " numbers, without: "
            + ours.updaterState().length());
    train(wider, 100);
    try {
      TrainedModels.toBuiltIn(wider);
    } catch (IllegalArgumentException e) {
      System.out.println("refused: " + e.getMessage());
    }
    Files.delete(saved);
    Files.delete(converted);
    Files.delete(folder);
  }

  private static void check(String what, MultiLayerNetwork expected, MultiLayerNetwork actual) {
    boolean same =
        expected.params().equalsWithEps(actual.params(), 0)
            && expected.updaterState().equalsWithEps(actual.updaterState(), 0);
    System.out.println(what + ": " + (same ? "bit-identical" : "DIFFERENT"));
    if (!same) {
      throw new AssertionError(what);
    }
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(Activation.TANH)
                .updater(builtIn(0.002))
                .list()
                .layer(
                    new Bidirectional(
                        Bidirectional.Mode.CONCAT,
                        new LSTM.Builder().nOut(6).updater(builtIn(0.003)).build()))
                .layer(new SimpleRnn.Builder().nOut(7).updater(builtIn(0.001)).build())
                .layer(
                    new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(CLASSES)
                        .build())
                .setInputType(InputType.recurrent(INPUTS))
                .build());
    network.init();
    return network;
  }

  private static org.nd4j.linalg.learning.config.RmsProp builtIn(double rate) {
    return new org.nd4j.linalg.learning.config.RmsProp(rate);
  }

  /** Sequences whose class at each step is the input that is largest. */
  private static void train(MultiLayerNetwork network, int iterations) {
    Nd4j.getRandom().setSeed(network.getIterationCount() + 1);
    for (int i = 0; i < iterations; i++) {
      INDArray features = Nd4j.rand(DataType.FLOAT, 4, INPUTS, STEPS);
      INDArray largest = features.argMax(1);
      INDArray labels = Nd4j.zeros(DataType.FLOAT, 4, CLASSES, STEPS);
      for (int example = 0; example < 4; example++) {
        for (int step = 0; step < STEPS; step++) {
          labels.putScalar(example, largest.getInt(example, step) % CLASSES, step, 1);
        }
      }
      network.fit(new DataSet(features, labels));
    }
  }
}
