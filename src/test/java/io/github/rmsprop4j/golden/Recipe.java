package io.github.rmsprop4j.golden;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/** How a framework's settings are written with this library. */
final class Recipe {
  private Recipe() {}

  static RmsProp config(Trajectory t) {
    return switch (t.equation()) {
      case "torch" ->
          RmsProp.builder(Flavor.PYTORCH)
              .learningRate(t.number("lr"))
              .rmsDecay(t.number("alpha"))
              .epsilon(t.number("eps"))
              .momentum(t.number("momentum", 0))
              .centered(t.is("centered"))
              .build();
      case "timm" ->
          RmsProp.builder(Flavor.TIMM)
              .learningRate(t.number("lr"))
              .rmsDecay(t.number("alpha"))
              .epsilon(t.number("eps"))
              .momentum(t.number("momentum", 0))
              .learningRateInMomentum(t.isUnlessSaid("lr_in_momentum"))
              .centered(t.is("centered"))
              .build();
      case "keras" ->
          RmsProp.builder(Flavor.KERAS3)
              .learningRate(kerasRate(t))
              .rmsDecay(t.number("rho"))
              .epsilon(t.number("epsilon"))
              .momentum(t.number("momentum", 0))
              .centered(t.is("centered"))
              .build();
      case "tf" ->
          RmsProp.builder(Flavor.TENSORFLOW1)
              .learningRate(t.number("lr"))
              .rmsDecay(t.number("rho"))
              .epsilon(t.number("epsilon"))
              .initialMeanSquare(t.number("ms0"))
              .momentum(t.number("momentum"))
              .centered(t.is("centered"))
              .build();
      case "optax" ->
          RmsProp.builder(Flavor.OPTAX)
              .learningRate(t.number("learning_rate"))
              .rmsDecay(t.number("decay"))
              .epsilon(t.number("eps"))
              .epsilonInsideSqrt(t.isUnlessSaid("eps_in_sqrt"))
              .initialMeanSquare(t.number("initial_scale", 0))
              .momentum(t.number("momentum", 0))
              .nesterov(t.is("nesterov"))
              .centered(t.is("centered"))
              .biasCorrection(t.is("bias_correction"))
              .build();
      case "hinton" ->
          RmsProp.builder(Flavor.HINTON)
              .learningRate(t.number("lr"))
              .rmsDecay(t.number("rho"))
              .epsilon(t.number("eps"))
              .build();
      case "dl4j" ->
          RmsProp.builder()
              .learningRate(t.number("learning_rate"))
              .rmsDecay(t.number("rms_decay"))
              .epsilon(t.number("epsilon"))
              .build();
      default -> throw new IllegalArgumentException("no recipe for " + t.equation());
    };
  }

  /** Keras keeps the rate in a variable of its floatx, whatever the type of the weights. */
  private static double kerasRate(Trajectory t) {
    double rate = t.number("learning_rate");
    return "float32".equals(t.words().get("floatx")) ? (float) rate : rate;
  }

  /** What multiplies a recorded gradient first: PyTorch's maximize changes its sign. */
  static int sign(Trajectory t) {
    return t.is("maximize") ? -1 : 1;
  }

  /**
   * Whether weight decay or clipping is asked for, which are the network's and not an updater's.
   */
  static boolean needsNetwork(Trajectory t) {
    return List.of("weight_decay", "clipnorm", "clipvalue").stream()
        .anyMatch(t.numbers()::containsKey);
  }

  /** Whether the built-in operation fused v in the recorded run. */
  static boolean fused(Trajectory t) {
    return t.words().get("natives").endsWith("avx2");
  }

  /** The state key of a recorded column. */
  static String key(String column) {
    return switch (column) {
      case "square_avg", "velocity", "ms", "nu", "mean_square", "G" -> "G";
      case "grad_avg", "average_gradient", "mg", "mu" -> "M";
      case "momentum_buffer", "momentum", "mom", "trace" -> "B";
      default -> throw new IllegalArgumentException("no state for column " + column);
    };
  }

  /** Optax adds its trace to the parameters; everybody else subtracts the momentum buffer. */
  static int sign(String column) {
    return column.equals("trace") ? -1 : 1;
  }

  /** TensorFlow and XLA flush subnormal numbers to zero; Java, ND4J and PyTorch keep them. */
  static boolean flushesSubnormals(Trajectory t) {
    return t.equation().equals("keras")
        || t.equation().equals("tf")
        || t.equation().equals("optax");
  }

  static double round(Trajectory t, double value) {
    return t.type() == DataType.DOUBLE ? value : (float) value;
  }
}
