package io.github.rmsprop4j;

import java.util.Arrays;
import org.nd4j.shade.jackson.annotation.JsonCreator;

/**
 * The RMSprop of a framework or a paper: a named setting of the knobs of {@link RmsProp.Builder},
 * each of which can still be changed. A flavor fixes two details of the arithmetic besides, which
 * show in the last bits only: whether 1 − ρ is formed in the arrays' own type or in double and then
 * rounded, and whether a mean v is moved as {@code v * ρ + x * (1 − ρ)} or as {@code v + (x − v) *
 * (1 − ρ)}.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>flavor</th><th>η</th><th>ρ</th><th>ε</th><th>ε inside the root</th><th>v starts at</th>
 *     <th>μ</th><th>η in the buffer</th><th>centered</th></tr>
 * <tr><td>DL4J</td><td>0.1</td><td>0.95</td><td>1e-8</td><td>no</td><td>ε</td><td>0</td>
 *     <td>yes</td><td>no</td></tr>
 * <tr><td>HINTON</td><td>0.001</td><td>0.9</td><td>1e-8</td><td>no</td><td>0</td><td>0</td>
 *     <td>yes</td><td>no</td></tr>
 * <tr><td>GRAVES</td><td>1e-4</td><td>0.95</td><td>1e-4</td><td>yes</td><td>0</td><td>0.9</td>
 *     <td>yes</td><td>yes</td></tr>
 * <tr><td>PYTORCH</td><td>0.01</td><td>0.99</td><td>1e-8</td><td>no</td><td>0</td><td>0</td>
 *     <td>no</td><td>no</td></tr>
 * <tr><td>KERAS3</td><td>0.001</td><td>0.9</td><td>1e-7</td><td>yes</td><td>0</td><td>0</td>
 *     <td>yes</td><td>no</td></tr>
 * <tr><td>TF_KERAS2</td><td>0.001</td><td>0.9</td><td>1e-7</td><td>with momentum</td><td>0</td>
 *     <td>0</td><td>yes</td><td>no</td></tr>
 * <tr><td>TENSORFLOW1</td><td>0.001</td><td>0.9</td><td>1e-10</td><td>yes</td><td>1</td><td>0</td>
 *     <td>yes</td><td>no</td></tr>
 * <tr><td>OPTAX</td><td>0.001</td><td>0.9</td><td>1e-8</td><td>yes</td><td>0</td><td>0</td>
 *     <td>yes</td><td>no</td></tr>
 * <tr><td>TIMM</td><td>0.01</td><td>0.9</td><td>1e-10</td><td>yes</td><td>1</td><td>0</td>
 *     <td>yes</td><td>no</td></tr>
 * <tr><td>DQN</td><td>2.5e-4</td><td>0.95</td><td>0.01</td><td>yes</td><td>0</td><td>0</td>
 *     <td>yes</td><td>yes</td></tr>
 * </table>
 */
public enum Flavor {
  /**
   * Deeplearning4j's built-in updater, bit for bit. Source: ND4J 1.0.0-M2.1, {@code
   * org.nd4j.linalg.learning.RmsPropUpdater}.
   */
  DL4J(0.1, 0.95, 1e-8, Epsilon.OUTSIDE, null, 0, true, false, Rest.OWN_TYPE, Mean.WEIGHTED),

  /**
   * Lecture 6e of Hinton's course, 2012: no momentum, no centering. The lecture gives neither an ε
   * nor a first value; without an ε the first zero gradient would be 0/0, so there is one here.
   */
  HINTON(0.001, 0.9, 1e-8, Epsilon.OUTSIDE, 0.0, 0, true, false, Rest.IN_DOUBLE, Mean.WEIGHTED),

  /** Graves, Generating Sequences With Recurrent Neural Networks, arXiv 1308.0850, eq. 38 to 45. */
  GRAVES(1e-4, 0.95, 1e-4, Epsilon.INSIDE, 0.0, 0.9, true, true, Rest.IN_DOUBLE, Mean.WEIGHTED),

  /**
   * {@code torch.optim.RMSprop} of PyTorch 2. PyTorch fuses multiply-adds, which makes its means
   * more accurate than separate rounding of {@code v * ρ + x * (1 − ρ)} would; moved by their
   * difference they are no less accurate than its own. Source: torch/optim/rmsprop.py.
   */
  PYTORCH(0.01, 0.99, 1e-8, Epsilon.OUTSIDE, 0.0, 0, false, false, Rest.IN_DOUBLE, Mean.DIFFERENCE),

  /**
   * {@code keras.optimizers.RMSprop} of Keras 3, and tf.keras from 2.11 on. Source:
   * keras/src/optimizers/rmsprop.py.
   */
  KERAS3(0.001, 0.9, 1e-7, Epsilon.INSIDE, 0.0, 0, true, false, Rest.IN_DOUBLE, Mean.WEIGHTED),

  /**
   * {@code tf.keras.optimizers.RMSprop} of TensorFlow 2.0 to 2.10, later {@code legacy.RMSprop}.
   * With momentum it hands over to TensorFlow 1's kernel, which has ε inside the root. Source:
   * tensorflow/python/keras/optimizer_v2/rmsprop.py.
   */
  TF_KERAS2(
      0.001,
      0.9,
      1e-7,
      Epsilon.INSIDE_WITH_MOMENTUM,
      0.0,
      0.0,
      true,
      false,
      Rest.OWN_TYPE,
      Mean.DIFFERENCE_WITH_MOMENTUM),

  /**
   * {@code tf.compat.v1.train.RMSPropOptimizer}, the raw operations {@code ApplyRMSProp} and {@code
   * ApplyCenteredRMSProp}, and TensorFlow-Java. Source: tensorflow/core/kernels/training_ops.cc.
   */
  TENSORFLOW1(
      0.001, 0.9, 1e-10, Epsilon.INSIDE, 1.0, 0, true, false, Rest.OWN_TYPE, Mean.DIFFERENCE),

  /** {@code optax.rmsprop}, which has no default η. Source: optax/_src/alias.py. */
  OPTAX(0.001, 0.9, 1e-8, Epsilon.INSIDE, 0.0, 0, true, false, Rest.IN_DOUBLE, Mean.WEIGHTED),

  /** {@code timm.optim.RMSpropTF}. Source: timm/optim/rmsprop_tf.py. */
  TIMM(0.01, 0.9, 1e-10, Epsilon.INSIDE, 1.0, 0, true, false, Rest.IN_DOUBLE, Mean.DIFFERENCE),

  /**
   * The agent of Mnih et al., Human-level control through deep reinforcement learning, Nature 2015;
   * the paper's "gradient momentum" is ρ of the mean, not a momentum buffer. Source: the published
   * dqn/NeuralQLearner.lua.
   */
  DQN(2.5e-4, 0.95, 0.01, Epsilon.INSIDE, 0.0, 0, true, true, Rest.IN_DOUBLE, Mean.WEIGHTED);

  final double learningRate;
  final double rmsDecay;
  final double epsilon;

  /** v before the first step; null stands for ε, whatever that is set to. */
  final Double initialMeanSquare;

  final double momentum;
  final boolean learningRateInMomentum;
  final boolean centered;
  private final Epsilon place;
  private final Rest rest;
  private final Mean mean;

  Flavor(
      double learningRate,
      double rmsDecay,
      double epsilon,
      Epsilon place,
      Double initialMeanSquare,
      double momentum,
      boolean learningRateInMomentum,
      boolean centered,
      Rest rest,
      Mean mean) {
    this.learningRate = learningRate;
    this.rmsDecay = rmsDecay;
    this.epsilon = epsilon;
    this.place = place;
    this.initialMeanSquare = initialMeanSquare;
    this.momentum = momentum;
    this.learningRateInMomentum = learningRateInMomentum;
    this.centered = centered;
    this.rest = rest;
    this.mean = mean;
  }

  /**
   * The flavor of a name, in any case.
   *
   * @param name such as {@code "PYTORCH"} or {@code "pytorch"}
   * @return the flavor
   * @throws IllegalArgumentException if there is none; it lists the names
   */
  @JsonCreator // which by itself would take a flavor's number too
  public static Flavor of(String name) {
    for (Flavor flavor : values()) {
      if (flavor.name().equalsIgnoreCase(name)) {
        return flavor;
      }
    }
    throw new IllegalArgumentException(
        "flavor must be one of " + Arrays.toString(values()) + ", got " + name);
  }

  private enum Epsilon {
    OUTSIDE,
    INSIDE,
    INSIDE_WITH_MOMENTUM
  }

  private enum Rest {
    OWN_TYPE,
    IN_DOUBLE
  }

  private enum Mean {
    WEIGHTED,
    DIFFERENCE,
    DIFFERENCE_WITH_MOMENTUM
  }

  /**
   * What a flavor fixes besides its settings: two flavors of the same arithmetic and settings step
   * alike.
   *
   * @param asBuiltIn whether the step is the built-in updater's, fused where that one's is
   */
  record Arithmetic(boolean asBuiltIn, boolean restInDouble, boolean difference) {}

  Arithmetic arithmetic(boolean momentum) {
    return new Arithmetic(this == DL4J, restInDouble(), difference(momentum));
  }

  boolean epsilonInsideSqrt(boolean momentum) {
    return place == Epsilon.INSIDE || (place == Epsilon.INSIDE_WITH_MOMENTUM && momentum);
  }

  /** Whether 1 − ρ is formed in double and then rounded, rather than in the arrays' own type. */
  boolean restInDouble() {
    return rest == Rest.IN_DOUBLE;
  }

  /** Whether a mean is moved as v + (x − v)(1 − ρ), rather than as v ρ + x (1 − ρ). */
  boolean difference(boolean momentum) {
    return mean == Mean.DIFFERENCE || (mean == Mean.DIFFERENCE_WITH_MOMENTUM && momentum);
  }
}
