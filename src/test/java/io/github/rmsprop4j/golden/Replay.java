package io.github.rmsprop4j.golden;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.kernel.Kernels;
import io.github.rmsprop4j.kernel.State;
import io.github.rmsprop4j.kernel.Step;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/** Steps parameters along, in one of the ways in which a user can. */
abstract class Replay {
  /** The parameters, moved by every step. */
  final INDArray params;

  /** The state by key, moved by every step. */
  final Map<String, INDArray> state;

  /** What the last step subtracted from the parameters. */
  INDArray update;

  private Replay(INDArray params, Map<String, INDArray> state) {
    this.params = params;
    this.state = state;
  }

  /** One step, counted from 1. */
  abstract void step(INDArray gradient, int step);

  /** An updater made by hand. */
  static Replay ofUpdater(Trajectory t, RmsProp config) {
    INDArray params = array(t.type(), t.start());
    INDArray view = Nd4j.create(t.type(), config.stateSize(params.length())).assign(Double.NaN);
    GradientUpdater<?> updater = config.instantiate(view, true);
    return new Replay(params, updater.getState()) {
      @Override
      void step(INDArray gradient, int step) {
        updater.applyUpdater(gradient, step - 1, 0);
        update = gradient;
        params.subi(gradient);
      }
    };
  }

  /** A network of one layer, which adds weight decay and clipping around the updater. */
  static Replay ofNetwork(Trajectory t, RmsProp config) {
    int n = t.start().length;
    DenseLayer.Builder layer = new DenseLayer.Builder().nIn(1).nOut(n).hasBias(false);
    addToLayer(t, layer);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(t.type())
                .updater(config)
                .list()
                .layer(layer.build())
                .build());
    network.init();
    network.initGradientsView();
    network.params().assign(array(t.type(), t.start()).reshape(network.params().shape()));
    INDArray flat = network.getFlattenedGradients();
    DefaultGradient gradients = new DefaultGradient(flat);
    gradients.setGradientFor("0_W", flat.reshape('f', 1, n));
    INDArray view = network.getUpdater().getStateViewArray();
    Map<String, INDArray> state = new HashMap<>();
    state.put("G", part(view, n, 0));
    if (config.isCentered()) {
      state.put("M", part(view, n, 1));
    }
    if (config.getMomentum() != 0) {
      state.put("B", part(view, n, config.isCentered() ? 2 : 1));
    }
    return new Replay(network.params().reshape(n), state) {
      @Override
      void step(INDArray gradient, int step) {
        flat.assign(gradient.reshape(flat.shape()));
        network
            .getUpdater()
            .update(network, gradients, step - 1, 0, 1, LayerWorkspaceMgr.noWorkspaces());
        update = flat;
        params.subi(flat.reshape(n));
      }
    };
  }

  /**
   * The lines that a user adds to every layer for what is not an updater's business. Not to the
   * network's builder: Deeplearning4j 1.0.0-M2.1 applies a weight decay that is set there twice.
   */
  private static void addToLayer(Trajectory t, DenseLayer.Builder layer) {
    if (t.numbers().containsKey("weight_decay")) {
      if (t.equation().equals("keras")) {
        // Keras on TensorFlow rounds it to float, whatever the type of the weights.
        layer.weightDecay((float) t.number("weight_decay"), true);
      } else if (t.is("decoupled_decay")) {
        layer.weightDecay(t.number("weight_decay"), true);
      } else {
        layer.l2(t.number("weight_decay"));
      }
    }
    if (t.numbers().containsKey("clipnorm")) {
      layer
          .gradientNormalization(GradientNormalization.ClipL2PerParamType)
          .gradientNormalizationThreshold(t.number("clipnorm"));
    }
    if (t.numbers().containsKey("clipvalue")) {
      layer
          .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
          .gradientNormalizationThreshold(t.number("clipvalue"));
    }
  }

  private static INDArray part(INDArray view, long n, int index) {
    return view.reshape(view.length()).get(NDArrayIndex.interval(index * n, (index + 1) * n));
  }

  /**
   * The kernel of this JVM with the rounding of the recorded natives, which need not be those that
   * are loaded.
   */
  static Replay ofKernel(Trajectory t, RmsProp config) {
    INDArray v = array(t.type(), t.start()).assign(config.getInitialMeanSquare());
    Step constants =
        Step.builder()
            .rateIn(config.getLearningRate())
            .decay(config.getRmsDecay())
            .fused(Recipe.fused(t))
            .epsilonOutside(config.getEpsilon())
            .build();
    return new Replay(array(t.type(), t.start()), Map.of("G", v)) {
      @Override
      void step(INDArray gradient, int step) {
        Kernels.step(Kernels.ofThisJvm(), constants, gradient, new State(v, null, null), null);
        update = gradient;
        params.subi(gradient);
      }
    };
  }

  static INDArray array(DataType type, double[] values) {
    if (type == DataType.DOUBLE) {
      return Nd4j.createFromArray(values);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Nd4j.createFromArray(floats);
  }
}
