package io.github.rmsprop4j.benchmarks.peers;

import io.github.rmsprop4j.RmsProp;
import org.nd4j.linalg.api.buffer.DataType;

/** An RMSprop that can be timed, and the formula that it says it computes. */
public enum Peer {
  /** DL4J's own. */
  BUILT_IN("BUILT_IN", DataType.FLOAT, 7, Formula.DL4J) {
    @Override
    Trainable make(float[] parameters, Settings settings) {
      return new Nd4jParameters(parameters, DataType.FLOAT, builtIn(settings));
    }
  },

  /** The same in Tribuo's type. */
  BUILT_IN_DOUBLE("BUILT_IN", DataType.DOUBLE, 7, Formula.DL4J) {
    @Override
    Trainable make(float[] parameters, Settings settings) {
      return new Nd4jParameters(parameters, DataType.DOUBLE, builtIn(settings));
    }
  },

  /** This project's. */
  SIMD("SIMD", DataType.FLOAT, 7, Formula.DL4J) {
    @Override
    Trainable make(float[] parameters, Settings settings) {
      return new Nd4jParameters(parameters, DataType.FLOAT, own(settings));
    }
  },

  /** The same in Tribuo's type. */
  SIMD_DOUBLE("SIMD", DataType.DOUBLE, 7, Formula.DL4J) {
    @Override
    Trainable make(float[] parameters, Settings settings) {
      return new Nd4jParameters(parameters, DataType.DOUBLE, own(settings));
    }
  },

  /** Tribuo's. */
  TRIBUO("TRIBUO", DataType.DOUBLE, 7, Formula.FROM_ZERO) {
    @Override
    Trainable make(float[] parameters, Settings settings) {
      return new TribuoParameters(parameters, settings);
    }
  },

  /** TensorFlow-Java's, the gradient a tensor of the graph. */
  TENSORFLOW("TENSORFLOW", DataType.FLOAT, 7, Formula.TENSORFLOW) {
    @Override
    Trainable make(float[] parameters, Settings settings) {
      return new TensorFlowParameters(parameters, settings, false);
    }
  },

  /** TensorFlow-Java's, the gradient copied from a Java array in every step. */
  TENSORFLOW_FED("TENSORFLOW_FED", DataType.FLOAT, 9, Formula.TENSORFLOW) {
    @Override
    Trainable make(float[] parameters, Settings settings) {
      return new TensorFlowParameters(parameters, settings, true);
    }
  },

  /** DJL's on MXNet. */
  DJL_MXNET("DJL_MXNET", DataType.FLOAT, 5, Formula.FROM_ZERO_INSIDE) {
    @Override
    Trainable make(float[] parameters, Settings settings) {
      return new DjlParameters(parameters, settings);
    }
  };

  /** Who it is in a row, beside its type. */
  final String contender;

  /** Of parameters, gradient and state. */
  final DataType type;

  /** How often its step reads or writes an array, if it takes each pass over memory once. */
  final int passes;

  final Formula formula;

  Peer(String contender, DataType type, int passes, Formula formula) {
    this.contender = contender;
    this.type = type;
    this.passes = passes;
    this.formula = formula;
  }

  /**
   * Copies the parameters to where this library keeps them.
   *
   * @param parameters their first values, at least one
   */
  abstract Trainable make(float[] parameters, Settings settings);

  private static org.nd4j.linalg.learning.config.RmsProp builtIn(Settings settings) {
    return new org.nd4j.linalg.learning.config.RmsProp(
        settings.rate(), settings.decay(), settings.epsilon());
  }

  private static RmsProp own(Settings settings) {
    return RmsProp.builder()
        .learningRate(settings.rate())
        .rmsDecay(settings.decay())
        .epsilon(settings.epsilon())
        .build();
  }
}
