package io.github.rmsprop4j.dl4j;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Networks that nobody thought of: layers, updaters, regularization, normalization, constraints and
 * freezing by chance, of a seed. Many of them make no sense, and train all the same.
 */
final class RandomNetworks {
  private static final int INPUTS = 5;
  private static final int WIDTH = 7;
  private static final int CLASSES = 3;

  private enum Kind {
    DENSE,
    RECURRENT,
    CONVOLUTIONAL,
    GRAPH
  }

  private final Random random;
  private final Kind kind;
  private final DataType type;

  private RandomNetworks(long seed) {
    random = new Random(seed);
    kind = Kind.values()[random.nextInt(Kind.values().length)];
    type = oneIn(3) ? DataType.DOUBLE : DataType.FLOAT;
  }

  /** {@return a network; equal seeds give equal ones} */
  static NeuralNetwork network(long seed) {
    return new RandomNetworks(seed).network();
  }

  /**
   * {@return a mini-batch for it}
   *
   * @param seed of the network
   * @param batch equal numbers give equal batches
   */
  static MultiDataSet batch(long seed, long batch) {
    RandomNetworks networks = new RandomNetworks(seed);
    return networks.batch(new Random(batch));
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private NeuralNetwork network() {
    return switch (kind) {
      case DENSE -> dense();
      case RECURRENT -> recurrent();
      case CONVOLUTIONAL -> convolutional();
      case GRAPH -> graph();
    };
  }

  private NeuralNetwork dense() {
    NeuralNetConfiguration.ListBuilder list = base().list();
    list.layer(with(new DenseLayer.Builder().nOut(WIDTH)).build());
    for (int i = random.nextInt(5); i >= 0; i--) {
      list.layer(hidden());
    }
    return Networks.init(list.layer(output()).setInputType(InputType.feedForward(INPUTS)).build());
  }

  private NeuralNetwork recurrent() {
    NeuralNetConfiguration.ListBuilder list = base().list();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Layer layer =
          switch (random.nextInt(3)) {
            case 0 -> with(new LSTM.Builder().nOut(WIDTH)).build();
            case 1 -> with(new GravesLSTM.Builder().nOut(WIDTH)).build();
            default -> with(new SimpleRnn.Builder().nOut(WIDTH)).build();
          };
      list.layer(oneIn(4) ? new Bidirectional(Bidirectional.Mode.ADD, layer) : layer);
    }
    list.layer(
        with(new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(CLASSES))
            .activation(Activation.SOFTMAX)
            .build());
    if (oneIn(2)) {
      list.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(4);
    }
    return Networks.init(list.setInputType(InputType.recurrent(INPUTS)).build());
  }

  private NeuralNetwork convolutional() {
    NeuralNetConfiguration.ListBuilder list = base().list();
    list.layer(with(new ConvolutionLayer.Builder(3, 3).nOut(3)).build());
    if (oneIn(2)) {
      list.layer(new BatchNormalization());
    }
    if (oneIn(2)) {
      list.layer(with(new SeparableConvolution2D.Builder(2, 2).nOut(4)).build());
    }
    return Networks.init(
        list.layer(with(new DenseLayer.Builder().nOut(WIDTH)).build())
            .layer(output())
            .setInputType(InputType.convolutional(6, 6, 2))
            .build());
  }

  private NeuralNetwork graph() {
    ComputationGraphConfiguration.GraphBuilder graph = base().graphBuilder().addInputs("in");
    graph.addLayer("0", with(new DenseLayer.Builder().nOut(WIDTH)).build(), "in");
    String last = "0";
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      String name = (oneIn(2) ? "a_" : "z") + i; // names with and without what parts a variable's
      graph.addLayer(name, hidden(), last);
      if (oneIn(3)) {
        graph.addVertex(name + " sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), last, name);
        name += " sum";
      }
      last = name;
    }
    return Networks.init(
        graph
            .addLayer("out", output(), last)
            .setOutputs("out")
            .setInputTypes(InputType.feedForward(INPUTS))
            .build());
  }

  private NeuralNetConfiguration.Builder base() {
    NeuralNetConfiguration.Builder base = Networks.base(updater(), type);
    if (oneIn(4)) {
      base.miniBatch(false);
    }
    if (oneIn(5)) {
      base.l2(1e-3);
    }
    if (oneIn(8)) {
      base.weightDecay(1e-3);
    }
    if (oneIn(6)) {
      base.gradientNormalization(any(GradientNormalization.values()));
      base.gradientNormalizationThreshold(0.05);
    }
    if (oneIn(8)) {
      base.biasUpdater(updater());
    }
    if (oneIn(3)) {
      base.trainingWorkspaceMode(WorkspaceMode.NONE);
    }
    return base;
  }

  private Layer hidden() {
    return switch (random.nextInt(9)) {
      case 0 -> new BatchNormalization();
      case 1 -> new PReLULayer.Builder().inputShape(WIDTH).build();
      case 2 -> new FrozenLayer(with(new DenseLayer.Builder().nOut(WIDTH)).build());
      case 3 -> new FrozenLayerWithBackprop(with(new DenseLayer.Builder().nOut(WIDTH)).build());
      case 4 -> new ActivationLayer(Activation.ELU);
      case 5 -> with(new AutoEncoder.Builder().nOut(WIDTH)).build();
      case 6 -> new DropoutLayer(0.8);
      default -> with(new DenseLayer.Builder().nOut(WIDTH).hasBias(!oneIn(5))).build();
    };
  }

  private OutputLayer output() {
    return with(new OutputLayer.Builder(LossFunction.MCXENT).nOut(CLASSES))
        .activation(Activation.SOFTMAX)
        .build();
  }

  private <T extends BaseLayer.Builder<T>> T with(BaseLayer.Builder<T> layer) {
    if (oneIn(3)) {
      layer.updater(updater());
    }
    if (oneIn(5)) {
      layer.biasUpdater(updater());
    }
    if (oneIn(5)) {
      layer.l2(0.01).l1Bias(0.02);
    }
    if (oneIn(7)) {
      layer.l1(0.001);
    }
    if (oneIn(7)) {
      layer.weightDecay(0.01, random.nextBoolean());
    }
    if (oneIn(9)) {
      layer.weightDecayBias(0.01, random.nextBoolean());
    }
    if (oneIn(5)) {
      layer.gradientNormalization(any(GradientNormalization.values()));
      layer.gradientNormalizationThreshold(0.01 + random.nextDouble());
    }
    if (oneIn(6)) {
      layer.dropOut(0.7);
    }
    if (oneIn(8)) {
      layer.constrainWeights(new MaxNormConstraint(0.8, 1));
    }
    if (oneIn(8)) {
      layer.constrainBias(new NonNegativeConstraint());
    }
    @SuppressWarnings("unchecked") // a builder of layers returns itself
    T same = (T) layer;
    return same;
  }

  private IUpdater updater() {
    return switch (random.nextInt(10)) {
      case 0 -> new Sgd(0.05);
      case 1 -> new Adam(0.001);
      case 2 -> new Nesterovs(0.01, 0.9);
      case 3 -> new NoOp();
      case 4 -> new org.nd4j.linalg.learning.config.RmsProp(0.003);
      default -> rmsProp();
    };
  }

  private RmsProp rmsProp() {
    RmsProp.Builder builder =
        RmsProp.builder(oneIn(2) ? Flavor.DL4J : any(Flavor.values()))
            .learningRate(Math.pow(10, -1 - 3 * random.nextDouble()))
            .centered(oneIn(3));
    if (oneIn(3)) {
      builder.momentum(0.5 + random.nextDouble() / 2).nesterov(oneIn(2));
    }
    if (oneIn(4)) {
      builder.learningRateSchedule(
          oneIn(2)
              ? new StepSchedule(ScheduleType.ITERATION, 0.01, 0.9, 3)
              : new ExponentialSchedule(ScheduleType.EPOCH, 0.01, 0.97));
    }
    if (oneIn(6)) {
      builder.nonFinite(any(NonFinitePolicy.values()));
    }
    return builder.build();
  }

  private MultiDataSet batch(Random chance) {
    int size = 1 + chance.nextInt(6);
    int steps = 2 + chance.nextInt(9);
    INDArray features =
        switch (kind) {
          case DENSE, GRAPH -> Networks.normal(chance, type, size, INPUTS);
          case RECURRENT -> Networks.normal(chance, type, size, INPUTS, steps);
          case CONVOLUTIONAL -> Networks.normal(chance, type, size, 2, 6, 6);
        };
    List<long[]> places = new ArrayList<>();
    INDArray labels;
    if (kind == Kind.RECURRENT) {
      labels = Nd4j.zeros(type, size, CLASSES, steps);
      for (int i = 0; i < size * steps; i++) {
        places.add(new long[] {i / steps, chance.nextInt(CLASSES), i % steps});
      }
    } else {
      labels = Nd4j.zeros(type, size, CLASSES);
      for (int i = 0; i < size; i++) {
        places.add(new long[] {i, chance.nextInt(CLASSES)});
      }
    }
    for (long[] place : places) {
      labels.putScalar(place, 1);
    }
    if (chance.nextInt(25) == 0) {
      features.putScalar(0, Double.NaN);
    }
    return new org.nd4j.linalg.dataset.MultiDataSet(features, labels);
  }
}
