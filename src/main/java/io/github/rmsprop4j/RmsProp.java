package io.github.rmsprop4j;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * RMSprop for Deeplearning4j and SameDiff: a drop-in for {@code
 * org.nd4j.linalg.learning.config.RmsProp} that trains a network to the same bits, faster.
 *
 * <p>With gradient g, mean square v (which starts at ε) and the update u that is subtracted from
 * the parameters, every step computes, in the precision of the arrays and in this order,
 *
 * <pre>
 * v = v * ρ + (g * g) * (1 − ρ)
 * u = (η * g) / (sqrt(v) + ε)
 * </pre>
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>symbol</th><th>setting</th><th>accepted</th><th>default</th></tr>
 * <tr><td>η</td><td>{@code learningRate}, or {@code learningRateSchedule} which overrides it</td>
 *     <td>finite and &gt;= 0</td><td>0.1</td></tr>
 * <tr><td>ρ</td><td>{@code rmsDecay}, the decay of the mean square</td>
 *     <td>[0, 1)</td><td>0.95</td></tr>
 * <tr><td>ε</td><td>{@code epsilon}</td><td>finite and &gt;= 0</td><td>1e-8</td></tr>
 * </table>
 *
 * <p>Settings are checked when they are set, and again by {@link #stateSize} and {@link
 * #instantiate(INDArray, boolean)}, because JSON goes past the setters. A rejected setting is an
 * {@link IllegalArgumentException} that names the setting, the value and what is accepted, and
 * changes nothing.
 *
 * <p>A configuration holds no training state. Deeplearning4j shares one instance between layers,
 * clones of a network and threads; reading is safe from any thread. The class name and the field
 * names are the format of saved models: the fields that the built-in configuration has are spelled
 * as there, so that its JSON becomes this one's by changing {@code @class}.
 *
 * <p>Formula and defaults: ND4J 1.0.0-M2.1, {@code org.nd4j.linalg.learning.RmsPropUpdater} and the
 * native operation {@code rms_prop_updater}.
 */
public class RmsProp implements IUpdater {
  /** Default learning rate, as of the built-in configuration. */
  public static final double DEFAULT_RMSPROP_LEARNING_RATE = 1e-1;

  /** Default ε, as of the built-in configuration. */
  public static final double DEFAULT_RMSPROP_EPSILON = 1e-8;

  /** Default decay of the mean square, as of the built-in configuration. */
  public static final double DEFAULT_RMSPROP_RMSDECAY = 0.95;

  private static final long serialVersionUID = 1L;

  // Jackson writes and reads the fields directly. There is no annotated constructor on purpose:
  // with
  // one, a property that is missing from the JSON would become 0.0 instead of its default.
  private double learningRate = DEFAULT_RMSPROP_LEARNING_RATE;
  private ISchedule learningRateSchedule;
  private double rmsDecay = DEFAULT_RMSPROP_RMSDECAY;
  private double epsilon = DEFAULT_RMSPROP_EPSILON;

  /** All settings at their defaults. */
  public RmsProp() {}

  /**
   * The given learning rate, all else at its default.
   *
   * @param learningRate finite and &gt;= 0
   */
  public RmsProp(double learningRate) {
    this(learningRate, DEFAULT_RMSPROP_RMSDECAY, DEFAULT_RMSPROP_EPSILON);
  }

  /**
   * A learning rate that follows a schedule, all else at its default.
   *
   * @param learningRateSchedule gives the rate of each iteration or epoch; not null
   */
  public RmsProp(ISchedule learningRateSchedule) {
    setLrAndSchedule(Double.NaN, learningRateSchedule);
  }

  /**
   * All settings by value.
   *
   * @param learningRate finite and &gt;= 0
   * @param rmsDecay decay of the mean square, in [0, 1)
   * @param epsilon finite and &gt;= 0
   */
  public RmsProp(double learningRate, double rmsDecay, double epsilon) {
    setLearningRate(learningRate);
    setRmsDecay(rmsDecay);
    setEpsilon(epsilon);
  }

  /**
   * Starts a configuration with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The length of the updater state: one mean square a parameter.
   *
   * @param numParams number of parameters, &gt;= 0
   * @return {@code numParams}
   * @throws IllegalArgumentException if a setting is invalid, or if the state would have more than
   *     2^31 − 1 elements, which Deeplearning4j cannot count
   */
  @Override
  public long stateSize(long numParams) {
    validate();
    if (numParams < 0 || numParams > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the updater state must have 0 to "
              + Integer.MAX_VALUE
              + " elements (Deeplearning4j counts it in int), got "
              + numParams);
    }
    return numParams;
  }

  /**
   * Makes the updater of a block of parameters.
   *
   * @param viewArray the block's state, a vector (shape [n] or [1, n]) of {@link #stateSize}(n)
   *     elements; the updater keeps it and works in it
   * @param initializeViewArray whether to write the initial state; otherwise the content is kept
   * @return the updater
   * @throws IllegalArgumentException if a setting is invalid or the view is no vector
   */
  @Override
  public RmsPropUpdater instantiate(INDArray viewArray, boolean initializeViewArray) {
    RmsPropUpdater updater = instantiate();
    updater.setStateViewArray(viewArray, new long[] {viewArray.length()}, 'c', initializeViewArray);
    return updater;
  }

  /**
   * Makes an updater from named state arrays, as SameDiff does when it loads a model.
   *
   * @param updaterState the state by key, as {@link RmsPropUpdater#getState} gives it
   * @param initializeStateArrays whether to write the initial state
   * @return the updater
   * @throws IllegalArgumentException if a setting is invalid
   * @throws IllegalStateException if the keys are not those of this configuration
   */
  @Override
  public RmsPropUpdater instantiate(
      Map<String, INDArray> updaterState, boolean initializeStateArrays) {
    RmsPropUpdater updater = instantiate();
    updater.setState(updaterState, initializeStateArrays);
    return updater;
  }

  private RmsPropUpdater instantiate() {
    validate();
    return new RmsPropUpdater(this);
  }

  /**
   * The learning rate of an iteration: the schedule's if there is one.
   *
   * @param iteration iteration, from 0
   * @param epoch epoch, from 0
   * @return η
   */
  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRateSchedule == null
        ? learningRate
        : learningRateSchedule.valueAt(iteration, epoch);
  }

  /** {@return true: RMSprop has a learning rate} */
  @Override
  public boolean hasLearningRate() {
    return true;
  }

  /**
   * Sets the learning rate and its schedule together.
   *
   * @param lr the rate; with a schedule it is not used and may be NaN
   * @param lrSchedule the schedule, or null for a constant rate
   */
  @Override
  public void setLrAndSchedule(double lr, ISchedule lrSchedule) {
    checkLearningRate(lr, lrSchedule);
    learningRate = lr;
    learningRateSchedule = lrSchedule;
  }

  /** {@return η; NaN if only the schedule was given} */
  public double getLearningRate() {
    return learningRate;
  }

  /**
   * Sets η.
   *
   * @param learningRate finite and &gt;= 0; with a schedule, which overrides it, also NaN
   */
  public void setLearningRate(double learningRate) {
    setLrAndSchedule(learningRate, learningRateSchedule);
  }

  /** {@return the schedule of η, or null} */
  public ISchedule getLearningRateSchedule() {
    return learningRateSchedule;
  }

  /**
   * Sets the schedule of η.
   *
   * @param learningRateSchedule the schedule, or null for the constant rate
   */
  public void setLearningRateSchedule(ISchedule learningRateSchedule) {
    setLrAndSchedule(learningRate, learningRateSchedule);
  }

  /** {@return ρ, the decay of the mean square} */
  public double getRmsDecay() {
    return rmsDecay;
  }

  /**
   * Sets ρ.
   *
   * @param rmsDecay in [0, 1)
   */
  public void setRmsDecay(double rmsDecay) {
    this.rmsDecay = checkRmsDecay(rmsDecay);
  }

  /** {@return ε} */
  public double getEpsilon() {
    return epsilon;
  }

  /**
   * Sets ε, which is also where the mean square starts.
   *
   * @param epsilon finite and &gt;= 0
   */
  public void setEpsilon(double epsilon) {
    this.epsilon = checkNotNegative("epsilon", epsilon);
  }

  /** {@return an equal configuration that shares nothing with this one} */
  @Override
  public RmsProp clone() {
    try {
      RmsProp copy = (RmsProp) super.clone();
      copy.learningRateSchedule =
          learningRateSchedule == null ? null : learningRateSchedule.clone();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Equality by value: Deeplearning4j updates neighbouring parameters in one block exactly if their
   * configurations are equal, and lays out saved state by those blocks, so the answer must survive
   * a JSON round trip. Numbers are compared by {@link Double#compare}, because a learning rate that
   * comes from a schedule is NaN; schedules by {@code equals}, or else by their JSON.
   */
  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (other == null || getClass() != other.getClass()) {
      return false;
    }
    RmsProp that = (RmsProp) other;
    return Double.compare(learningRate, that.learningRate) == 0
        && Double.compare(rmsDecay, that.rmsDecay) == 0
        && Double.compare(epsilon, that.epsilon) == 0
        && Schedules.equal(learningRateSchedule, that.learningRateSchedule);
  }

  @Override
  public int hashCode() {
    return Objects.hash(learningRate, rmsDecay, epsilon, Schedules.hash(learningRateSchedule));
  }

  @Override
  public String toString() {
    return "RmsProp(learningRate="
        + learningRate
        + ", learningRateSchedule="
        + learningRateSchedule
        + ", rmsDecay="
        + rmsDecay
        + ", epsilon="
        + epsilon
        + ")";
  }

  private void validate() {
    checkLearningRate(learningRate, learningRateSchedule);
    checkRmsDecay(rmsDecay);
    checkNotNegative("epsilon", epsilon);
  }

  private static void checkLearningRate(double learningRate, ISchedule schedule) {
    if (schedule == null || !Double.isNaN(learningRate)) {
      checkNotNegative("learningRate", learningRate);
    }
  }

  private static double checkRmsDecay(double rmsDecay) {
    if (!(rmsDecay >= 0 && rmsDecay < 1)) {
      throw new IllegalArgumentException("rmsDecay must be in [0, 1), got " + rmsDecay);
    }
    return rmsDecay;
  }

  static double checkNotNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and >= 0, got " + value);
    }
    return value;
  }

  /** Builds an {@link RmsProp} setting by setting; each is checked when it is given. */
  public static class Builder {
    private final RmsProp config = new RmsProp();

    /** Starts with the defaults. */
    public Builder() {}

    /**
     * Sets η.
     *
     * @param learningRate finite and &gt;= 0; default 0.1
     * @return this
     */
    public Builder learningRate(double learningRate) {
      config.setLearningRate(learningRate);
      return this;
    }

    /**
     * Sets a schedule for η, which overrides {@link #learningRate}.
     *
     * @param learningRateSchedule the schedule, or null for none; default none
     * @return this
     */
    public Builder learningRateSchedule(ISchedule learningRateSchedule) {
      config.setLearningRateSchedule(learningRateSchedule);
      return this;
    }

    /**
     * Sets ρ, the decay of the mean square.
     *
     * @param rmsDecay in [0, 1); default 0.95
     * @return this
     */
    public Builder rmsDecay(double rmsDecay) {
      config.setRmsDecay(rmsDecay);
      return this;
    }

    /**
     * Sets ε, which is also where the mean square starts.
     *
     * @param epsilon finite and &gt;= 0; default 1e-8
     * @return this
     */
    public Builder epsilon(double epsilon) {
      config.setEpsilon(epsilon);
      return this;
    }

    /**
     * Makes the configuration; the builder can go on to make others.
     *
     * @return a new configuration
     */
    public RmsProp build() {
      return config.clone();
    }
  }
}
