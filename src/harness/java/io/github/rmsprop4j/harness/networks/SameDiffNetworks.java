package io.github.rmsprop4j.harness.networks;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Subject;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Models of SameDiff, which updates each variable by itself, in the shape that it has. */
final class SameDiffNetworks {
  private static final long SEED = 7;
  private static final int STEPS = 12;
  private static final int CHANNELS = 3;
  private static final int WIDTH = 10;
  private static final int HEADS = 2;
  private static final int CLASSES = 4;

  private SameDiffNetworks() {}

  static StandardNetwork mlp() {
    return new StandardNetwork(
        "samediff-mlp",
        "A SameDiff model with two hidden layers and a scalar variable, on points in clouds.",
        SameDiffNetworks::mlp,
        type ->
            MadeUpData.task(
                type, MadeUpData.sizes(5, 32), CLASSES, MadeUpData.clouds(CLASSES), CHANNELS));
  }

  private static Subject mlp(DataType type, RmsProp settings) {
    SameDiff model = SameDiff.create();
    Weights weights = new Weights(model, type);
    SDVariable in = model.placeHolder("in", type, -1, CHANNELS);
    SDVariable first =
        model.nn().tanh(in.mmul(weights.of("w1", CHANNELS, 33)).add(weights.zeros("b1", 33)));
    SDVariable second =
        model.nn().relu(first.mmul(weights.of("w2", 33, 17)).add(weights.zeros("b2", 17)), 0);
    SDVariable logits = second.mmul(weights.of("w3", 17, CLASSES)).mul(weights.ones("sharpness"));
    return trained(model, type, logits, settings);
  }

  static StandardNetwork transformer() {
    return new StandardNetwork(
        "samediff-transformer",
        "A transformer block in SameDiff, of multi-head attention, layer normalization and a "
            + "feed-forward part with shortcuts, on waves: variables of rank 1 to 3.",
        SameDiffNetworks::transformer,
        type ->
            MadeUpData.task(
                type,
                MadeUpData.sizes(4, 12),
                CLASSES,
                MadeUpData.waves(CLASSES, CHANNELS),
                CHANNELS,
                STEPS));
  }

  private static Subject transformer(DataType type, RmsProp settings) {
    SameDiff model = SameDiff.create();
    Weights weights = new Weights(model, type);
    SDVariable in = model.placeHolder("in", type, -1, CHANNELS, STEPS);
    SDVariable tokens =
        dense(model, model.permute(in, 0, 2, 1), weights.of("embedding", CHANNELS, WIDTH))
            .add(weights.of("position", STEPS, WIDTH));
    SDVariable turned = model.permute(tokens, 0, 2, 1);
    SDVariable attention =
        model
            .nn()
            .multiHeadDotProductAttention(
                turned,
                turned,
                turned,
                weights.of("wq", HEADS, WIDTH / HEADS, WIDTH),
                weights.of("wk", HEADS, WIDTH / HEADS, WIDTH),
                weights.of("wv", HEADS, WIDTH / HEADS, WIDTH),
                weights.of("wo", WIDTH, WIDTH),
                null,
                true);
    SDVariable attended =
        normalized(model, weights, "norm1", tokens.add(model.permute(attention, 0, 2, 1)));
    SDVariable hidden =
        model
            .nn()
            .gelu(
                dense(model, attended, weights.of("w1", WIDTH, 4 * WIDTH))
                    .add(weights.zeros("b1", 4 * WIDTH)));
    SDVariable fed =
        dense(model, hidden, weights.of("w2", 4 * WIDTH, WIDTH)).add(weights.zeros("b2", WIDTH));
    SDVariable pooled = normalized(model, weights, "norm2", attended.add(fed)).mean(1);
    SDVariable logits =
        pooled.mmul(weights.of("w3", WIDTH, CLASSES)).add(weights.zeros("b3", CLASSES));
    return trained(model, type, logits, settings);
  }

  /** A product at every step. */
  private static SDVariable dense(SameDiff model, SDVariable x, SDVariable weights) {
    long[] shape = weights.getShape();
    return model.reshape(model.reshape(x, -1, shape[0]).mmul(weights), -1, STEPS, shape[1]);
  }

  private static SDVariable normalized(SameDiff model, Weights weights, String name, SDVariable x) {
    return model
        .nn()
        .layerNorm(
            x, weights.ones(name + "-gain", WIDTH), weights.zeros(name + "-bias", WIDTH), false, 2);
  }

  private static Subject trained(
      SameDiff model, DataType type, SDVariable logits, RmsProp settings) {
    SDVariable labels = model.placeHolder("labels", type, -1, CLASSES);
    model.loss().softmaxCrossEntropy("loss", labels, logits, null);
    model.setLossVariables("loss");
    model.setTrainingConfig(
        TrainingConfig.builder()
            .updater(settings)
            .dataSetFeatureMapping("in")
            .dataSetLabelMapping("labels")
            .build());
    return Subject.of(model);
  }

  /** Makes the variables of a model, the random ones with a variance of 1 / columns. */
  private static final class Weights {
    private final SameDiff model;
    private final DataType type;
    private final Random random = new Random(SEED);

    Weights(SameDiff model, DataType type) {
      this.model = model;
      this.type = type;
    }

    SDVariable of(String name, long... shape) {
      double[][] values = new double[1][(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      for (int i = 0; i < values[0].length; i++) {
        values[0][i] = random.nextGaussian() / Math.sqrt(shape[shape.length - 1]);
      }
      return model.var(name, MadeUpData.array(type, values, shape).reshape(shape));
    }

    SDVariable zeros(String name, long... shape) {
      return model.var(name, filled(0, shape));
    }

    SDVariable ones(String name, long... shape) {
      return model.var(name, filled(1, shape));
    }

    private INDArray filled(double value, long... shape) {
      return Nd4j.valueArrayOf(shape, value, type);
    }
  }
}
