package io.github.rmsprop4j;

import io.github.rmsprop4j.kernel.Kernels;
import io.github.rmsprop4j.kernel.ParameterDecay;
import io.github.rmsprop4j.kernel.State;
import io.github.rmsprop4j.kernel.Step;
import io.github.rmsprop4j.kernel.StepKernel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.longer.MatchCondition;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.conditions.Condition;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.learning.GradientUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns gradients into RMSprop updates, in place. Deeplearning4j makes one for each block of
 * parameters, SameDiff one for each variable; {@link RmsProp#instantiate} makes it by hand.
 *
 * <p>It keeps nothing but its state, in memory that Deeplearning4j owns, and reads the settings
 * from the configuration at every call. The state of n parameters is {@code [v | m | b]}, n
 * elements each: the mean square, with {@code centered} the mean, and with momentum the momentum
 * buffer.
 *
 * <p>A step allocates nothing in ND4J's memory or in a workspace, with one exception: arrays that
 * are not dense, of unequal element order, HALF or BFLOAT16 are stepped through a dense copy, which
 * is freed before the call returns.
 *
 * <p>HALF and BFLOAT16 are stepped in float: every step converts the gradient and all parts of the
 * state to float copies and back, and rounds each to its own type once, at the end. So an ε of
 * 1e-8, which is 0 in HALF, keeps its meaning; but in HALF a mean square or an update below about
 * 3e-8 is rounded to 0. A parameter does not move by an update of less than half the distance to
 * its neighbour, which is up to 2^-11 of its size in HALF and 2^-8 in BFLOAT16, and the mean square
 * of BFLOAT16 stops decaying likewise where ρ is above 1 − 2^-8.
 *
 * <p>Different updaters may run on different threads; one updater may not.
 */
public final class RmsPropUpdater implements GradientUpdater<RmsProp> {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.rmsprop4j");

  /**
   * Key of v in {@link #getState}, as of the built-in updater. Part of the format of saved models.
   */
  public static final String G_STATE = "G";

  /** Key of m in {@link #getState}. Part of the format of saved models. */
  public static final String M_STATE = "M";

  /** Key of b in {@link #getState}. Part of the format of saved models. */
  public static final String B_STATE = "B";

  private static final Set<DataType> TYPES =
      Set.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16);

  private final RmsProp config;
  private final StepKernel kernel; // null: that of this JVM, which is picked at the first step
  private final Step.Builder step = Step.builder(); // reused: a step leaves little garbage
  private State state;

  /**
   * An updater that has no state yet: {@link #setStateViewArray} or {@link #setState} gives it one.
   *
   * @param config the settings, read at every step; not null
   * @throws IllegalArgumentException if a setting is invalid
   */
  public RmsPropUpdater(RmsProp config) {
    this(config, null);
  }

  /**
   * The same with a given kernel, to compare one with another: which one steps changes no bit.
   *
   * @param config the settings, read at every step; not null
   * @param kernel from {@code Kernels.named}, or null for what this JVM uses anyway. Kernels are no
   *     API and may change in any release
   * @throws IllegalArgumentException if a setting is invalid
   */
  public RmsPropUpdater(RmsProp config, StepKernel kernel) {
    if (config == null) {
      throw new IllegalArgumentException("config must not be null");
    }
    config.stateSize(0); // which validates
    this.config = config;
    this.kernel = kernel;
  }

  /** {@return the configuration, which the caller may change between steps} */
  @Override
  public RmsProp getConfig() {
    return config;
  }

  /**
   * Uses named state arrays, as {@link #getState} gives them.
   *
   * @param stateMap v under {@link #G_STATE}, with {@code centered} m under {@link #M_STATE}, with
   *     momentum b under {@link #B_STATE}, and nothing else; of any element order, all of the
   *     gradient's length and type
   * @param initialize whether to write the initial state into them
   * @throws IllegalStateException if the keys are others, or an array was closed
   * @throws IllegalArgumentException if an array is null or has another length or type than v
   * @throws org.nd4j.linalg.exception.ND4JIllegalStateException if the workspace of an array was
   *     closed since
   */
  @Override
  public void setState(Map<String, INDArray> stateMap, boolean initialize) {
    Set<String> keys = keys();
    if (stateMap == null || !stateMap.keySet().equals(keys)) {
      throw new IllegalStateException(
          "the state must have the keys "
              + keys
              + ", got "
              + (stateMap == null ? null : stateMap.keySet()));
    }
    for (String key : keys) {
      if (stateMap.get(key) == null) {
        throw new IllegalArgumentException(
            "the state " + key + " must be FLOAT, DOUBLE, HALF or BFLOAT16, got null");
      }
    }
    use(new State(stateMap.get(G_STATE), stateMap.get(M_STATE), stateMap.get(B_STATE)), initialize);
  }

  private Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    keys.add(G_STATE);
    if (config.isCentered()) {
      keys.add(M_STATE);
    }
    if (config.hasMomentum()) {
      keys.add(B_STATE);
    }
    return keys;
  }

  /** {@return the state by key, not copied} */
  @Override
  public Map<String, INDArray> getState() {
    return byKey(initialized());
  }

  private static Map<String, INDArray> byKey(State state) {
    Map<String, INDArray> map = new LinkedHashMap<>();
    map.put(G_STATE, state.meanSquare());
    if (state.mean() != null) {
      map.put(M_STATE, state.mean());
    }
    if (state.momentum() != null) {
      map.put(B_STATE, state.momentum());
    }
    return map;
  }

  /**
   * Uses a flat view as the state.
   *
   * @param viewArray a vector (shape [k] or [1, k]) of {@link RmsProp#stateSize} elements for the
   *     given shape, FLOAT, DOUBLE, HALF or BFLOAT16; kept, not copied
   * @param gradientShape shape of the gradients to come
   * @param gradientOrder element order in which the view holds that shape, 'c' or 'f'; the
   *     gradients themselves may have another
   * @param initialize whether to write the initial state; otherwise the content is kept
   * @throws IllegalArgumentException if the view is no vector, or of another length or type
   */
  @Override
  public void setStateViewArray(
      INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
    checkVector(viewArray);
    long n = length(gradientShape);
    if (viewArray.length() != config.stateSize(n)) {
      throw new IllegalArgumentException(
          "the state view must have "
              + config.stateSize(n)
              + " elements for a gradient of shape "
              + Arrays.toString(gradientShape)
              + ", got "
              + viewArray.length());
    }
    boolean centered = config.isCentered();
    use(
        new State(
            part(viewArray, 0, n, gradientShape, gradientOrder),
            centered ? part(viewArray, 1, n, gradientShape, gradientOrder) : null,
            config.hasMomentum()
                ? part(viewArray, centered ? 2 : 1, n, gradientShape, gradientOrder)
                : null),
        initialize);
  }

  /** The same for flat gradients, whose number follows from the length of the view. */
  void setStateViewArray(INDArray viewArray, boolean initialize) {
    checkVector(viewArray);
    long parts = config.stateSize(1);
    if (viewArray.length() % parts != 0) {
      throw new IllegalArgumentException(
          "the state view must have a multiple of "
              + parts
              + " elements, one for each of "
              + keys()
              + ", got "
              + viewArray.length());
    }
    setStateViewArray(viewArray, new long[] {viewArray.length() / parts}, 'c', initialize);
  }

  private static void checkVector(INDArray viewArray) {
    if (viewArray == null || !(viewArray.isVector() || viewArray.isScalar())) {
      throw new IllegalArgumentException(
          "the state view must be a vector, got "
              + (viewArray == null ? null : "shape " + Arrays.toString(viewArray.shape())));
    }
  }

  private static long length(long[] shape) {
    long length = 1;
    for (long size : shape) {
      length = Math.multiplyExact(length, size);
    }
    return length;
  }

  private static INDArray part(INDArray view, int index, long n, long[] shape, char order) {
    INDArray flat = view.reshape(view.length());
    INDArray part =
        flat.length() == n ? flat : flat.get(NDArrayIndex.interval(index * n, (index + 1) * n));
    INDArray shaped = Shape.newShapeNoCopy(part, shape, order == 'f');
    if (shaped == null) {
      throw new IllegalArgumentException(
          "the state view cannot take the shape "
              + Arrays.toString(shape)
              + " without a copy: its stride is "
              + Arrays.toString(view.stride()));
    }
    return shaped;
  }

  private void use(State given, boolean initialize) {
    INDArray v = given.meanSquare();
    if (!TYPES.contains(v.dataType())) {
      throw new IllegalArgumentException(
          "the state must be FLOAT, DOUBLE, HALF or BFLOAT16, got " + v.dataType());
    }
    checkLike(v, M_STATE, given.mean());
    checkLike(v, B_STATE, given.momentum());
    checkMemory(given);
    if (initialize) {
      v.assign(config.getInitialMeanSquare());
      if (given.mean() != null) {
        given.mean().assign(0);
      }
      if (given.momentum() != null) {
        given.momentum().assign(0);
      }
    }
    state = given;
  }

  private static void checkLike(INDArray v, String key, INDArray other) {
    if (other != null && (other.length() != v.length() || other.dataType() != v.dataType())) {
      throw new IllegalArgumentException(
          "the state "
              + key
              + " must have the length and type of G, "
              + v.length()
              + " "
              + v.dataType()
              + ", got "
              + other.length()
              + " "
              + other.dataType());
    }
  }

  private static void checkMemory(State state) {
    Nd4jChecks.checkMemory("the state G", state.meanSquare());
    Nd4jChecks.checkMemory("the state M", state.mean());
    Nd4jChecks.checkMemory("the state B", state.momentum());
  }

  /** A configuration that was changed since may need another state than there is. */
  private void checkFits(State current) {
    if (config.isCentered() != (current.mean() != null)
        || config.hasMomentum() != (current.momentum() != null)) {
      throw new IllegalStateException(
          "the state must have the keys "
              + keys()
              + ", got "
              + byKey(current).keySet()
              + ": centered or momentum was switched on or off since it was made");
    }
  }

  /**
   * Overwrites a gradient with its update, and moves the state on.
   *
   * @param gradient of the state's length and type, any shape and strides; DL4J subtracts from the
   *     parameters what it holds afterwards
   * @param iteration iteration for schedules and bias correction, from 0
   * @param epoch epoch for schedules, from 0
   * @throws IllegalStateException if there is no state yet, or not that of the settings, which were
   *     changed, or if an array was closed; nothing is changed
   * @throws IllegalArgumentException if the gradient is null, of another length or type than the
   *     state, or if a schedule gives a value that the setting does not accept; nothing is changed
   * @throws org.nd4j.linalg.exception.ND4JIllegalStateException if the workspace of an array was
   *     closed since, as from ND4J's own operations; nothing is changed
   * @throws ArithmeticException with {@link NonFinitePolicy#THROW} if the gradient has a NaN or an
   *     infinity; nothing is changed
   * @throws org.nd4j.linalg.exception.ND4JOpProfilerException if ND4J's {@code checkForNAN} or
   *     {@code checkForINF} is on and the update or the state has one; as after the built-in
   *     updater, the step is done by then
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    update(gradient, null, 1, ParameterDecay.NONE, true, iteration, epoch);
  }

  /**
   * The whole update of parameters in one pass over them: divides the gradient, turns it into its
   * update, moves the state on and subtracts the update from the parameters. Parameters and state
   * have the bits of {@code gradient.divi(divisor)}, {@link #applyUpdater(INDArray, int, int)} and
   * {@code parameters.subi(gradient)} in turn.
   *
   * @param gradient as of {@link #applyUpdater(INDArray, int, int)}; holds the update afterwards if
   *     {@code keepUpdate}, and something undefined otherwise
   * @param parameters of the state's length and type, in the gradient's element order
   * @param divisor what the gradient is divided by first, such as the size of the batch; greater
   *     than 0, 1 for nothing
   * @param keepUpdate whether the gradient is to hold the update, at the price of writing it
   * @param iteration iteration for schedules and bias correction, from 0
   * @param epoch epoch for schedules, from 0
   * @throws IllegalStateException if there is no state yet
   * @throws IllegalArgumentException if gradient or parameters are null or of another length or
   *     type than the state, if the divisor is not greater than 0, or if a schedule gives a value
   *     that the setting does not accept; nothing is changed
   * @throws ArithmeticException with {@link NonFinitePolicy#THROW} if the divided gradient has a
   *     NaN or an infinity; parameters and state are not changed
   */
  public void applyUpdater(
      INDArray gradient,
      INDArray parameters,
      double divisor,
      boolean keepUpdate,
      int iteration,
      int epoch) {
    applyUpdater(gradient, parameters, divisor, ParameterDecay.NONE, keepUpdate, iteration, epoch);
  }

  /**
   * The same with parameters added as Deeplearning4j's L2 and weight decay add them. The bits are
   * those of ND4J's operation {@code axpy} before and after {@link #applyUpdater(INDArray, int,
   * int)}.
   *
   * @param gradient as there
   * @param parameters as there
   * @param divisor as there
   * @param decay what is added; like kernels no API, and may change in any release
   * @param keepUpdate as there
   * @param iteration as there
   * @param epoch as there
   * @throws IllegalStateException as there
   * @throws IllegalArgumentException as there, and if the decay is null; nothing is changed
   * @throws ArithmeticException with {@link NonFinitePolicy#THROW} if the gradient that the updater
   *     sees has a NaN or an infinity; parameters and state are not changed
   */
  public void applyUpdater(
      INDArray gradient,
      INDArray parameters,
      double divisor,
      ParameterDecay decay,
      boolean keepUpdate,
      int iteration,
      int epoch) {
    check("the parameters", parameters, initialized().meanSquare());
    if (!(divisor > 0)) {
      throw new IllegalArgumentException("divisor must be greater than 0, got " + divisor);
    }
    if (decay == null) {
      throw new IllegalArgumentException("decay must not be null");
    }
    update(gradient, parameters, divisor, decay, keepUpdate, iteration, epoch);
  }

  private void update(
      INDArray gradient,
      INDArray parameters,
      double divisor,
      ParameterDecay decay,
      boolean keepUpdate,
      int iteration,
      int epoch) {
    State current = initialized();
    checkFits(current);
    check("the gradient", gradient, current.meanSquare());
    checkMemory(current);
    boolean panics = Nd4jChecks.panics();
    DataType type = gradient.dataType();
    configure(current, type, iteration, epoch);
    step.divisor(divisor)
        .parameterDecay(decay)
        .fusedDecay(!decay.isNone() && Kernels.fusesDecay(type))
        .keepUpdate(keepUpdate || panics);
    if (config.getNonFinite() != NonFinitePolicy.PROPAGATE) {
      if (divisor < 1 || decay.l2() != 0) { // which may make infinities of their own
        gradient.divi(divisor);
        Kernels.addParameters(decay.l2(), parameters, gradient);
        step.divisor(1).parameterDecay(decay.ofUpdate());
      }
      if (!admit(gradient, iteration, epoch)) {
        if (decay.weightDecay() != 0) { // not the updater's to leave out
          Kernels.change(decay, parameters, gradient);
        }
        return;
      }
    }
    if (iteration == 0 && config.isBiasCorrection()) {
      warnOfWarmStart(current.meanSquare());
    }
    Kernels.step(kernel(), step.build(), gradient, current, parameters);
    if (panics) {
      Nd4jChecks.panic(gradient, current.meanSquare(), current.mean(), current.momentum());
    }
  }

  /** A v that starts is the same everywhere; one that has seen gradients is not. */
  private static void warnOfWarmStart(INDArray v) {
    if (v.minNumber().doubleValue() != v.maxNumber().doubleValue()) {
      LOG.warn(
          "bias correction at iteration 0 of a state that is trained: its first updates are too"
              + " small. ComputationGraph.clone() loses the count,"
              + " getConfiguration().setIterationCount() sets it");
    }
  }

  private StepKernel kernel() {
    return kernel == null ? Kernels.ofThisJvm() : kernel;
  }

  private static void check(String name, INDArray array, INDArray v) {
    if (array == null) {
      throw new IllegalArgumentException(name + " must not be null");
    }
    if (array.length() != v.length()) {
      throw new IllegalArgumentException(
          name
              + " must have the length of the updater state, "
              + v.length()
              + ", got "
              + array.length());
    }
    if (array.dataType() != v.dataType()) {
      throw new IllegalArgumentException(
          name
              + " must have the type of the updater state, "
              + v.dataType()
              + ", got "
              + array.dataType());
    }
    Nd4jChecks.checkMemory(name, array);
  }

  private void configure(State current, DataType type, int iteration, int epoch) {
    Flavor flavor = config.getFlavor();
    boolean momentum = current.momentum() != null;
    boolean inside = config.isEpsilonInsideSqrt();
    double rate = config.stepLearningRate(iteration, epoch);
    double decay = config.stepRmsDecay(iteration, epoch);
    boolean rateLast = momentum && !config.isLearningRateInMomentum();
    step.rateIn(rateLast ? 1 : rate)
        .rateOut(rateLast ? rate : 1)
        .decay(decay)
        .restInDouble(flavor.restInDouble())
        .difference(flavor.difference(momentum))
        .fused(flavor == Flavor.DL4J && Kernels.fuses(type))
        .correction(config.isBiasCorrection() ? 1 / (1 - Math.pow(decay, iteration + 1.0)) : 1)
        .epsilonInside(inside ? config.getEpsilon() : 0)
        .epsilonOutside(inside ? 0 : config.getEpsilon())
        .momentum(momentum ? config.stepMomentum(iteration, epoch) : 0)
        .nesterov(config.isNesterov());
  }

  /** Applies the policy on non-finite gradients; false if there is to be no step. */
  private boolean admit(INDArray gradient, int iteration, int epoch) {
    long bad = Kernels.firstNonFinite(kernel(), gradient);
    if (bad < 0) {
      return true;
    }
    NonFinitePolicy policy = config.getNonFinite();
    String which =
        gradient.getDouble(Shape.ind2subC(gradient.shape(), bad))
            + " at element "
            + bad
            + " of "
            + gradient.length()
            + ", iteration "
            + iteration
            + ", epoch "
            + epoch;
    policy.skip(policy == NonFinitePolicy.ZERO_ELEMENT ? zeroNonFinite(gradient) : 1, which);
    if (policy == NonFinitePolicy.THROW) {
      throw new ArithmeticException("the gradient must be finite, got " + which);
    }
    if (policy == NonFinitePolicy.SKIP_STEP) {
      gradient.assign(0);
    }
    return policy == NonFinitePolicy.ZERO_ELEMENT;
  }

  /** {@return how many elements it set to zero} */
  private static long zeroNonFinite(INDArray gradient) {
    if (gradient.dataType() != DataType.FLOAT16) {
      // Not Conditions.notFinite(): ND4J's natives do not know it, and change nothing.
      return zero(gradient, Conditions.isNan()) + zero(gradient, Conditions.isInfinite());
    }
    // In FLOAT16 the natives do not find NaN either; but each of its values is a float.
    try (INDArray floats = Nd4j.createUninitializedDetached(DataType.FLOAT, gradient.shape())) {
      long zeroed = zeroNonFinite(floats.assign(gradient));
      gradient.assign(floats);
      return zeroed;
    }
  }

  private static long zero(INDArray gradient, Condition condition) {
    long count = Nd4j.getExecutioner().exec(new MatchCondition(gradient, condition)).getLong(0);
    BooleanIndexing.replaceWhere(gradient, 0, condition);
    return count;
  }

  private State initialized() {
    if (state == null) {
      throw new IllegalStateException(
          "Updater has not been initialized with view state: call setStateViewArray or setState");
    }
    return state;
  }
}
