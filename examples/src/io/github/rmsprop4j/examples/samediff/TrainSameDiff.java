package io.github.rmsprop4j.examples.samediff;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.dl4j.TrainedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * SameDiff with this library's RMSprop: a model that was trained with the built-in one goes on in
 * place, is saved, loaded and resumed, and gets the settings of another framework.
 */
public final class TrainSameDiff {
  private static final int INPUTS = 8;

  private TrainSameDiff() {}

  /**
   * Shows it, and fails if a bit differs.
   *
   * @param args none, or --help
   * @throws IOException if there is no place for a temporary file
   */
  public static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.out.println("Trains a regression with SameDiff. There are no options.");
      return;
    }
    SameDiff builtIn = model(new org.nd4j.linalg.learning.config.RmsProp(0.01));
    SameDiff ours = model(new org.nd4j.linalg.learning.config.RmsProp(0.01));
    train(builtIn, 100);
    train(ours, 100);

    // In place: the configuration, and the updater of every variable with its state.
    TrainedModels.fromBuiltIn(ours);
    train(builtIn, 100);
    train(ours, 100);
    check("100 more iterations, swapped in place", builtIn, ours);

    // Saved with its updater state, it goes on where it stood.
    Path file = Files.createTempFile("regression", ".fb");
    ours.save(file.toFile(), true);
    SameDiff resumed = SameDiff.load(file.toFile(), true);
    train(ours, 100);
    train(resumed, 100);
    check("100 more iterations, saved and resumed", ours, resumed);
    Files.delete(file);

    // The RMSprop of another framework, on what was trained so far. setTrainingConfig would be
    // ignored, since the model has its updaters already.
    TrainedModels.withUpdater(
        ours, RmsProp.builder(Flavor.PYTORCH).learningRate(1e-3).momentum(0.9).build());
    train(ours, 100);
    System.out.println(
        "state of the weights: " + ours.getUpdaterMap().get("weights").getState().keySet());
    System.out.println("loss: " + loss(ours));
  }

  private static SameDiff model(IUpdater updater) {
    SameDiff model = SameDiff.create();
    SDVariable x = model.placeHolder("x", DataType.FLOAT, -1, INPUTS);
    SDVariable y = model.placeHolder("y", DataType.FLOAT, -1, 1);
    SDVariable weights = model.var("weights", Nd4j.zeros(DataType.FLOAT, INPUTS, 1));
    SDVariable bias = model.var("bias", Nd4j.zeros(DataType.FLOAT, 1));
    SDVariable error = x.mmul(weights).add(bias).sub(y);
    error.mul(error).mean("loss");
    model.setLossVariables("loss");
    model.setTrainingConfig(
        TrainingConfig.builder()
            .updater(updater) // or RmsProp of this library from the start
            .dataSetFeatureMapping("x")
            .dataSetLabelMapping("y")
            .build());
    return model;
  }

  /** Mini-batches that depend on the iteration only. */
  private static void train(SameDiff model, int iterations) {
    for (int i = 0; i < iterations; i++) {
      int iteration = model.getTrainingConfig().getIterationCount();
      model.fit(new SingletonMultiDataSetIterator(batch(iteration)), 1);
    }
  }

  /** The label is 0, 1, 2, ... times the inputs. */
  private static MultiDataSet batch(int iteration) {
    Random random = new Random(iteration);
    INDArray features = Nd4j.zeros(DataType.FLOAT, 16, INPUTS);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 16, 1);
    for (int example = 0; example < 16; example++) {
      double label = 0;
      for (int input = 0; input < INPUTS; input++) {
        double value = random.nextGaussian();
        features.putScalar(example, input, value);
        label += 0.1 * input * value;
      }
      labels.putScalar(example, 0, label);
    }
    return new MultiDataSet(features, labels);
  }

  private static float loss(SameDiff model) {
    MultiDataSet batch = batch(-1);
    return model
        .output(java.util.Map.of("x", batch.getFeatures(0), "y", batch.getLabels(0)), "loss")
        .get("loss")
        .getFloat(0);
  }

  private static void check(String what, SameDiff expected, SameDiff actual) {
    boolean same =
        expected
            .getVariable("weights")
            .getArr()
            .equalsWithEps(actual.getVariable("weights").getArr(), 0);
    System.out.println(what + ": " + (same ? "bit-identical" : "DIFFERENT"));
    if (!same) {
      throw new AssertionError(what);
    }
  }
}
