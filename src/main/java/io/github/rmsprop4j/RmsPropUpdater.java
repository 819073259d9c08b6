package io.github.rmsprop4j;

import io.github.rmsprop4j.kernel.Kernels;
import io.github.rmsprop4j.kernel.Step;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Turns gradients into RMSprop updates, in place. Deeplearning4j makes one for each block of
 * parameters, SameDiff one for each variable; {@link RmsProp#instantiate} makes it by hand.
 *
 * <p>It keeps nothing but its state, one mean square a parameter, in memory that Deeplearning4j
 * owns, and reads the settings from the configuration at every call. A step allocates nothing in
 * ND4J's memory or in a workspace, with one exception: a gradient or state that is not dense, of
 * another element order than the other, HALF or BFLOAT16 is stepped through a dense copy, which is
 * freed before the call returns.
 *
 * <p>Different updaters may run on different threads; one updater may not.
 */
public final class RmsPropUpdater implements GradientUpdater<RmsProp> {
  /**
   * Key of the mean square in {@link #getState}, as of the built-in updater: part of the format of
   * saved models.
   */
  public static final String G_STATE = "G";

  private static final Set<DataType> TYPES =
      Set.of(DataType.FLOAT, DataType.DOUBLE, DataType.HALF, DataType.BFLOAT16);

  private final RmsProp config;
  private INDArray meanSquare;

  /**
   * An updater that has no state yet: {@link #setStateViewArray} or {@link #setState} gives it one.
   *
   * @param config the settings, read at every step
   */
  public RmsPropUpdater(RmsProp config) {
    if (config == null) {
      throw new IllegalArgumentException("config must not be null");
    }
    this.config = config;
  }

  /** {@return the configuration, which the caller may change between steps} */
  @Override
  public RmsProp getConfig() {
    return config;
  }

  /**
   * Uses named state arrays, as {@link #getState} gives them.
   *
   * @param stateMap the mean square under {@link #G_STATE}, and nothing else; in any element order,
   *     of the gradient's length and type
   * @param initialize whether to write the initial state into it
   * @throws IllegalStateException if the keys are others
   */
  @Override
  public void setState(Map<String, INDArray> stateMap, boolean initialize) {
    if (stateMap == null || !stateMap.keySet().equals(Set.of(G_STATE))) {
      throw new IllegalStateException(
          "the state must have the keys ["
              + G_STATE
              + "], got "
              + (stateMap == null ? null : stateMap.keySet()));
    }
    useState(stateMap.get(G_STATE), initialize);
  }

  /** {@return the state by key, not copied} */
  @Override
  public Map<String, INDArray> getState() {
    return Map.of(G_STATE, initialized());
  }

  /**
   * Uses a flat view as the state.
   *
   * @param viewArray a vector (shape [n] or [1, n]) of exactly the elements of {@code
   *     gradientShape}, FLOAT, DOUBLE, HALF or BFLOAT16; kept, not copied
   * @param gradientShape shape of the gradients to come
   * @param gradientOrder element order in which the view holds that shape, 'c' or 'f'; the
   *     gradients themselves may have another
   * @param initialize whether to write the initial state, v = ε; otherwise the content is kept
   * @throws IllegalArgumentException if the view is no vector or its length is another
   */
  @Override
  public void setStateViewArray(
      INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
    if (viewArray == null || !(viewArray.isVector() || viewArray.isScalar())) {
      throw new IllegalArgumentException(
          "the state view must be a vector, got "
              + (viewArray == null ? null : "shape " + Arrays.toString(viewArray.shape())));
    }
    long parameters = Arrays.stream(gradientShape).reduce(1, Math::multiplyExact);
    if (viewArray.length() != config.stateSize(parameters)) {
      throw new IllegalArgumentException(
          "the state view must have "
              + config.stateSize(parameters)
              + " elements for a gradient of shape "
              + Arrays.toString(gradientShape)
              + ", got "
              + viewArray.length());
    }
    INDArray shaped = Shape.newShapeNoCopy(viewArray, gradientShape, gradientOrder == 'f');
    if (shaped == null) {
      throw new IllegalArgumentException(
          "the state view cannot take the shape "
              + Arrays.toString(gradientShape)
              + " without a copy: its stride is "
              + Arrays.toString(viewArray.stride()));
    }
    useState(shaped, initialize);
  }

  private void useState(INDArray state, boolean initialize) {
    checkType("the state", state);
    if (initialize) {
      state.assign(config.getEpsilon());
    }
    meanSquare = state;
  }

  /**
   * Overwrites a gradient with its update, and moves the state on.
   *
   * @param gradient of the state's length and type, any shape and strides; DL4J subtracts from the
   *     parameters what it holds afterwards
   * @param iteration iteration for schedules, from 0
   * @param epoch epoch for schedules, from 0
   * @throws IllegalStateException if there is no state yet
   * @throws IllegalArgumentException if the gradient is null, of another length or type than the
   *     state, or if the schedule gives a learning rate that is not finite and &gt;= 0; nothing is
   *     changed then
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    INDArray state = initialized();
    if (gradient == null) {
      throw new IllegalArgumentException("the gradient must not be null");
    }
    if (gradient.length() != state.length()) {
      throw new IllegalArgumentException(
          "the gradient must have the length of the updater state, "
              + state.length()
              + ", got "
              + gradient.length());
    }
    DataType type = state.dataType();
    if (gradient.dataType() != type) {
      throw new IllegalArgumentException(
          "the gradient must have the type of the updater state, "
              + type
              + ", got "
              + gradient.dataType());
    }
    double learningRate =
        RmsProp.checkNotNegative("learningRate", config.getLearningRate(iteration, epoch));
    Kernels.step(
        new Step(learningRate, config.getRmsDecay(), config.getEpsilon(), Kernels.fuses(type)),
        gradient,
        state);
  }

  private INDArray initialized() {
    if (meanSquare == null) {
      throw new IllegalStateException(
          "Updater has not been initialized with view state: call setStateViewArray or setState");
    }
    return meanSquare;
  }

  private static void checkType(String what, INDArray array) {
    if (array == null || !TYPES.contains(array.dataType())) {
      throw new IllegalArgumentException(
          what
              + " must be FLOAT, DOUBLE, HALF or BFLOAT16, got "
              + (array == null ? null : array.dataType()));
    }
  }
}
