package io.github.rmsprop4j.harness.networks;

import static io.github.rmsprop4j.harness.networks.Configurations.network;
import static io.github.rmsprop4j.harness.networks.Configurations.softmax;
import static io.github.rmsprop4j.harness.networks.Configurations.start;

import io.github.rmsprop4j.RmsProp;
import java.util.List;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Networks of dense layers, most of them there for what is set beside the updater. */
final class DenseNetworks {
  private static final int FEATURES = 13;
  private static final int CLASSES = 5;
  private static final InputType INPUT = InputType.feedForward(FEATURES);

  private DenseNetworks() {}

  static StandardNetwork logisticRegression() {
    return new StandardNetwork(
        "logistic-regression",
        "Softmax regression on points in clouds: one block of a few weights, shorter than most "
            + "vectors are long.",
        (type, settings) ->
            network(start(type, settings).list(softmax(CLASSES)).setInputType(INPUT).build()),
        DenseNetworks::clouds);
  }

  static StandardNetwork mlp() {
    return new StandardNetwork(
        "mlp",
        "Two hidden layers with dropout on points in clouds.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new DenseLayer.Builder().nOut(64).activation(Activation.RELU).build(),
                        new DenseLayer.Builder().nOut(33).dropOut(0.8).build(),
                        softmax(CLASSES))
                    .setInputType(INPUT)
                    .build()),
        DenseNetworks::clouds);
  }

  static StandardNetwork regularized() {
    return new StandardNetwork(
        "regularized-mlp",
        "A layer with L1, one with L2 and L2 of its bias, and two with weight decay, with and "
            + "without the learning rate.",
        // On the layers, because 1.0.0-M2.1 applies a weight decay of the whole network twice.
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new DenseLayer.Builder().nOut(40).l1(1e-3).build(),
                        new DenseLayer.Builder().nOut(31).l2(1e-2).l2Bias(1e-3).build(),
                        new DenseLayer.Builder().nOut(24).weightDecay(1e-2, true).build(),
                        new DenseLayer.Builder().nOut(17).weightDecay(1e-4, false).build(),
                        softmax(CLASSES))
                    .setInputType(INPUT)
                    .build()),
        DenseNetworks::clouds);
  }

  static StandardNetwork clipped() {
    return new StandardNetwork(
        "clipped-mlp",
        "A layer for each way in which Deeplearning4j clips or rescales gradients.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        clipped(40, GradientNormalization.ClipElementWiseAbsoluteValue, 1e-3),
                        clipped(33, GradientNormalization.ClipL2PerLayer, 1e-2),
                        clipped(26, GradientNormalization.ClipL2PerParamType, 1e-2),
                        clipped(19, GradientNormalization.RenormalizeL2PerLayer, 1),
                        clipped(12, GradientNormalization.RenormalizeL2PerParamType, 1),
                        softmax(CLASSES))
                    .setInputType(INPUT)
                    .build()),
        DenseNetworks::clouds);
  }

  private static DenseLayer clipped(int units, GradientNormalization kind, double threshold) {
    return new DenseLayer.Builder()
        .nOut(units)
        .gradientNormalization(kind)
        .gradientNormalizationThreshold(threshold)
        .build();
  }

  static StandardNetwork scheduled() {
    return new StandardNetwork(
        "scheduled-mlp",
        "Learning rates that fall with the iterations in one layer and with the epochs in another.",
        (type, settings) -> {
          double rate = settings.getLearningRate(0, 0);
          RmsProp byIteration = settings.clone();
          byIteration.setLearningRateSchedule(
              new ExponentialSchedule(ScheduleType.ITERATION, rate, 0.99));
          RmsProp byEpoch = settings.clone();
          byEpoch.setLearningRateSchedule(new StepSchedule(ScheduleType.EPOCH, rate, 0.7, 1));
          return network(
              start(type, settings)
                  .list(
                      new DenseLayer.Builder().nOut(40).updater(byIteration).build(),
                      new DenseLayer.Builder().nOut(21).updater(byEpoch).build(),
                      softmax(CLASSES))
                  .setInputType(INPUT)
                  .build());
        },
        DenseNetworks::clouds);
  }

  static StandardNetwork unequalBatches() {
    return new StandardNetwork(
        "unequal-batches",
        "Max-norm constraints, dropout and Gaussian noise, on mini-batches of 1 to 40 examples.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new DenseLayer.Builder()
                            .nOut(40)
                            .dropOut(new GaussianNoise(0.1))
                            .constrainWeights(new MaxNormConstraint(1.5, 1))
                            .build(),
                        new DenseLayer.Builder()
                            .nOut(23)
                            .dropOut(new Dropout(0.8))
                            .constrainWeights(new MaxNormConstraint(1.2, 1))
                            .constrainBias(new MaxNormConstraint(0.1, 0))
                            .build(),
                        softmax(CLASSES))
                    .setInputType(INPUT)
                    .build()),
        type -> clouds(type, 32, 1, 17, 40, 3));
  }

  static StandardNetwork mixedUpdaters() {
    return new StandardNetwork(
        "mixed-updaters",
        "Layers with RMSprop of other settings, their biases with others again, beside Adam, SGD "
            + "and a frozen layer: many blocks, of odd lengths.",
        (type, settings) -> {
          RmsProp slower = settings.clone();
          slower.setLearningRate(settings.getLearningRate() / 2);
          RmsProp shorter = settings.clone();
          shorter.setRmsDecay(0.8);
          return network(
              start(type, settings)
                  .list(
                      new DenseLayer.Builder().nOut(29).biasUpdater(slower).build(),
                      new DenseLayer.Builder().nOut(23).updater(shorter).build(),
                      new FrozenLayerWithBackprop(new DenseLayer.Builder().nOut(19).build()),
                      new DenseLayer.Builder().nOut(17).updater(new Adam(1e-3)).build(),
                      new DenseLayer.Builder()
                          .nOut(11)
                          .updater(slower)
                          .biasUpdater(new Sgd(1e-2))
                          .build(),
                      softmax(CLASSES))
                  .setInputType(INPUT)
                  .build());
        },
        DenseNetworks::clouds);
  }

  private static List<MultiDataSet> clouds(DataType type) {
    return clouds(type, MadeUpData.sizes(5, 32));
  }

  private static List<MultiDataSet> clouds(DataType type, int... sizes) {
    return MadeUpData.task(type, sizes, CLASSES, MadeUpData.clouds(CLASSES), FEATURES);
  }
}
