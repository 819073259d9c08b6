package io.github.rmsprop4j.benchmarks.training;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import io.github.rmsprop4j.dl4j.OnePass;
import io.github.rmsprop4j.kernel.Kernels;
import java.util.Locale;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** The updaters that train, each with a learning rate for the MLP and one for the others. */
enum TrainingContender {
  /** This project's, Vector API. */
  SIMD(5e-4, 5e-4),
  /** This project's without the vector module. */
  PLAIN(5e-4, 5e-4),
  /** This project's in one pass, with the kernel that this JVM has. */
  ONE_PASS(5e-4, 5e-4),
  /** DL4J's RmsProp. */
  BUILT_IN(5e-4, 5e-4),
  /** DL4J's Adam. */
  ADAM(1e-3, 1e-3),
  /** DL4J's Nesterovs, momentum 0.9. */
  NESTEROVS(0.1, 0.01),
  /** DL4J's Sgd, which has no state: the floor. */
  SGD(0.5, 0.1);

  private final double mlpRate;
  private final double rate;

  TrainingContender(double mlpRate, double rate) {
    this.mlpRate = mlpRate;
    this.rate = rate;
  }

  /** Unless another is asked for. */
  double learningRate(Task task) {
    return task.isMlp() ? mlpRate : rate;
  }

  /** Whether it must give the bits of the others of which this is true. */
  boolean isRmsProp() {
    return this == SIMD || this == PLAIN || this == ONE_PASS || this == BUILT_IN;
  }

  /** What a network is configured with. */
  IUpdater config(double learningRate) {
    return switch (this) {
      case SIMD, PLAIN, ONE_PASS -> new RmsProp(learningRate);
      case BUILT_IN -> new org.nd4j.linalg.learning.config.RmsProp(learningRate);
      case ADAM -> new Adam(learningRate);
      case NESTEROVS -> new Nesterovs(learningRate, 0.9);
      case SGD -> new Sgd(learningRate);
    };
  }

  /**
   * Gives a fresh network of this configuration the kernel that the name promises.
   *
   * @param network a {@code MultiLayerNetwork} or a {@code ComputationGraph}
   * @param blocks its updater
   * @param threads at most how many share a large step, as far as this project splits it
   * @throws IllegalStateException if this JVM cannot have the kernel, with the reason
   */
  void install(Model network, BaseMultiLayerUpdater<?> blocks, int threads) {
    if (this == ONE_PASS && network instanceof ComputationGraph graph) {
      OnePass.enable(graph);
    } else if (this == ONE_PASS) {
      OnePass.enable((MultiLayerNetwork) network);
    }
    if (this != SIMD && this != PLAIN) {
      return;
    }
    for (UpdaterBlock block : blocks.getUpdaterBlocks()) {
      RmsProp config = (RmsProp) block.getGradientUpdater().getConfig();
      RmsPropUpdater updater =
          new RmsPropUpdater(config, Kernels.named(name().toLowerCase(Locale.ROOT), threads));
      INDArray state = block.getUpdaterView();
      updater.setStateViewArray(state, new long[] {state.length()}, 'c', true);
      block.setGradientUpdater(updater);
    }
  }
}
