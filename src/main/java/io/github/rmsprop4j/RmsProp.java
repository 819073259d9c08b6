package io.github.rmsprop4j;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;

/**
 * RMSprop for Deeplearning4j and SameDiff: a drop-in for {@code
 * org.nd4j.linalg.learning.config.RmsProp} that trains a network to the same bits, faster, and that
 * knows the RMSprop of every other framework besides.
 *
 * <p>By default ({@link Flavor#DL4J}), with gradient g, mean square v (which starts at ε) and the
 * update u that is subtracted from the parameters, every step computes, in the precision of the
 * arrays and in this order,
 *
 * <pre>
 * v = v * ρ + (g * g) * (1 − ρ)
 * u = (η * g) / (sqrt(v) + ε)
 * </pre>
 *
 * With all settings, of which each costs only if it is used, a step is
 *
 * <pre>
 * v = ρ v + (1 − ρ) g²
 * m = ρ m + (1 − ρ) g                        centered only
 * d = max(c v − (c m)², 0)                   centered;   d = c v   otherwise
 * s = sqrt(d + ε)   or   sqrt(d) + ε         c = 1, or 1 / (1 − ρ^(iteration + 1)) with bias correction
 * b = μ b + η g / s;   u = b                 with momentum, or with Nesterov   u = μ b + η g / s
 * u = η g / s                                otherwise
 * </pre>
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>symbol</th><th>setting</th><th>accepted</th><th>default</th></tr>
 * <tr><td>η</td><td>{@code learningRate}, or {@code learningRateSchedule} which overrides it</td>
 *     <td>finite and &gt;= 0</td><td>0.1</td></tr>
 * <tr><td>ρ</td><td>{@code rmsDecay}, decay of the mean square, or {@code rmsDecaySchedule}</td>
 *     <td>[0, 1)</td><td>0.95</td></tr>
 * <tr><td>ε</td><td>{@code epsilon}</td><td>finite and &gt;= 0</td><td>1e-8</td></tr>
 * <tr><td></td><td>{@code epsilonInsideSqrt}</td><td></td><td>false</td></tr>
 * <tr><td>v before the first step</td><td>{@code initialMeanSquare}</td>
 *     <td>finite and &gt;= 0</td><td>ε</td></tr>
 * <tr><td>μ</td><td>{@code momentum}, or {@code momentumSchedule}</td><td>[0, 1)</td>
 *     <td>0: no momentum buffer</td></tr>
 * <tr><td></td><td>{@code nesterov}, {@code learningRateInMomentum}, {@code centered}, {@code
 *     biasCorrection}, {@code nonFinite}</td><td></td><td>see {@link Builder}</td></tr>
 * </table>
 *
 * <p>Settings are checked when they are set, and again by {@link #stateSize} and {@link
 * #instantiate(INDArray, boolean)}, because JSON goes past the setters. A rejected setting is an
 * {@link IllegalArgumentException} that names the setting, the value and what is accepted, and
 * changes nothing.
 *
 * <p>The centered variance v − m² is not negative in exact arithmetic, but cancellation can make it
 * so, and the root of it NaN, in PyTorch, Keras and Optax. Here it is clamped at zero before ε.
 *
 * <p>Bias correction counts Deeplearning4j's iteration. That goes on when a trained network gets a
 * new updater, so the correction of a fresh state is then too small.
 *
 * <p>A configuration holds no training state. Deeplearning4j shares one instance between layers,
 * clones of a network and threads; reading is safe from any thread. The class name and the field
 * names are the format of saved models: the fields that the built-in configuration has are spelled
 * as there, so that its JSON becomes this one's by changing {@code @class}.
 *
 * <p>Sources: formula and defaults ND4J 1.0.0-M2.1, {@code org.nd4j.linalg.learning.RmsPropUpdater}
 * and the native operation {@code rms_prop_updater}; of the other settings see {@link Flavor}.
 */
// Fields only, as for every IUpdater; but IUpdater's own annotation forgets is-getters, and through
// them Jackson would write the flavor's choices as if they had been set.
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.ANY,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE,
    setterVisibility = JsonAutoDetect.Visibility.NONE)
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
  /** Flavor the settings started from; fixes the arithmetic of the last bits. */
  private Flavor flavor = Flavor.DL4J;

  /** η. */
  private double learningRate = DEFAULT_RMSPROP_LEARNING_RATE;

  /** Overrides {@link #learningRate}, or null. */
  private ISchedule learningRateSchedule;

  /** ρ. */
  private double rmsDecay = DEFAULT_RMSPROP_RMSDECAY;

  /** Overrides {@link #rmsDecay}, or null. */
  private ISchedule rmsDecaySchedule;

  /** ε. */
  private double epsilon = DEFAULT_RMSPROP_EPSILON;

  /** Whether ε is inside the root; null: as the flavor. */
  private Boolean epsilonInsideSqrt;

  /** v before the first step; null: as the flavor. */
  private Double initialMeanSquare;

  /** μ; 0 for no momentum buffer. */
  private double momentum;

  /** Overrides {@link #momentum}, or null. */
  private ISchedule momentumSchedule;

  /** Whether momentum looks ahead. */
  private boolean nesterov;

  /** Whether η multiplies what enters the momentum buffer. */
  private boolean learningRateInMomentum = true;

  /** Whether to divide by the standard deviation. */
  private boolean centered;

  /** Whether v and m are corrected for their start. */
  private boolean biasCorrection;

  /** What a NaN or infinite gradient does. */
  private NonFinitePolicy nonFinite = NonFinitePolicy.PROPAGATE;

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
    checkLearningRate(Double.NaN, learningRateSchedule);
    this.learningRate = Double.NaN;
    this.learningRateSchedule = learningRateSchedule;
  }

  /**
   * All settings of the built-in configuration by value.
   *
   * @param learningRate finite and &gt;= 0
   * @param rmsDecay decay of the mean square, in [0, 1)
   * @param epsilon finite and &gt;= 0
   */
  public RmsProp(double learningRate, double rmsDecay, double epsilon) {
    this.learningRate = checkNotNegative("learningRate", learningRate);
    this.rmsDecay = checkFraction("rmsDecay", rmsDecay);
    this.epsilon = checkNotNegative("epsilon", epsilon);
  }

  private RmsProp(Flavor flavor) {
    this.flavor = checkNotNull("flavor", flavor);
    learningRate = flavor.learningRate;
    rmsDecay = flavor.rmsDecay;
    epsilon = flavor.epsilon;
    momentum = flavor.momentum;
    learningRateInMomentum = flavor.learningRateInMomentum;
    centered = flavor.centered;
  }

  /**
   * Starts with the settings of {@link Flavor#DL4J}.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts with the settings of a flavor.
   *
   * @param flavor not null
   * @return a new builder
   */
  public static Builder builder(Flavor flavor) {
    return new Builder(flavor);
  }

  /**
   * Reads the RMSprop of Keras, of any version: what {@code optimizer.get_config()} or {@code
   * keras.optimizers.serialize} gives, or what a saved model holds, as {@code {"class_name":
   * "RMSprop", "config": {...}}}, inside {@code optimizer_config} (the {@code training_config} of
   * an .h5 file) or {@code compile_config} (the config.json of a .keras file), or as the bare name
   * {@code "rmsprop"}. A missing entry has Keras's default.
   *
   * <p>Which Keras it was decides the {@link Flavor}, and is told by {@code is_legacy_optimizer} or
   * a module that names {@code legacy}; otherwise by the entries:
   *
   * <table>
   * <caption>Versions</caption>
   * <tr><th>entries</th><th>Keras</th><th>flavor</th></tr>
   * <tr><td>{@code weight_decay}, {@code use_ema} or another that came with 2.11; or none of these
   *     marks</td><td>Keras 3, tf.keras 2.11 and later</td><td>{@link Flavor#KERAS3}</td></tr>
   * <tr><td>{@code decay} or {@code lr}</td><td>tf.keras 2.0 to 2.10, {@code
   *     optimizers.legacy}</td><td>{@link Flavor#TF_KERAS2}</td></tr>
   * <tr><td>the same without {@code name}, {@code momentum} and {@code centered}</td>
   *     <td>Keras on several backends, 1.x and 2.x, whose step is that of tf.keras 2 without
   *     momentum</td><td>{@link Flavor#TF_KERAS2}</td></tr>
   * </table>
   *
   * <p>As in Keras, a momentum &lt;= 0 is none, and before 2.11 an epsilon of null (in tf.keras
   * also 0) is 1e-7. {@code decay} becomes an {@code InverseSchedule}. Of learning-rate schedules
   * ExponentialDecay, InverseTimeDecay without staircase and PiecewiseConstantDecay are taken over,
   * equal but for rounding. Weight decay, clipping, moving averages and gradient accumulation are
   * no business of an updater: {@link Migration#remaining} says what to add for them.
   *
   * @param config strings to numbers, booleans, strings, null, lists and maps, as JSON has them
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if an entry is unknown or malformed, or has no equal here; it
   *     names the entry, its value and what is accepted
   */
  public static Migration fromKeras(Map<String, ?> config) {
    return KerasOptimizer.read(config);
  }

  /**
   * The same from JSON.
   *
   * @param json as {@link #fromKeras(Map)} takes it
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if it is no JSON, and as {@link #fromKeras(Map)}
   */
  public static Migration fromKeras(String json) {
    return KerasOptimizer.readJson(json);
  }

  /**
   * Reads a parameter group of PyTorch's RMSprop: an element of {@code
   * optimizer.state_dict()["param_groups"]}, with lr, momentum, alpha, eps, centered, weight_decay,
   * maximize, capturable, foreach, differentiable, params, param_names and initial_lr. A missing
   * entry has PyTorch's default.
   *
   * <p>The {@link Flavor} is {@link Flavor#PYTORCH}. What does not change the result (capturable,
   * foreach, differentiable) and the parameters' names and numbers are passed over; of
   * weight_decay, maximize and a scheduler's initial_lr {@link Migration#remaining} says what to
   * do.
   *
   * @param paramGroup strings to numbers, booleans, null and lists
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if an entry is unknown or malformed; it names the entry, its
   *     value and what is accepted
   */
  public static Migration fromPyTorch(Map<String, ?> paramGroup) {
    return PyTorchOptimizer.read(paramGroup);
  }

  /**
   * The length of the updater state: v, with {@code centered} m, and with momentum b, of each
   * parameter.
   *
   * @param numParams number of parameters n, &gt;= 0
   * @return n, 2n or 3n
   * @throws IllegalArgumentException if a setting is invalid, or if the state would have more than
   *     2^31 − 1 elements, which Deeplearning4j cannot count
   */
  @Override
  public long stateSize(long numParams) {
    validate();
    int parts = 1 + (centered ? 1 : 0) + (hasMomentum() ? 1 : 0);
    if (numParams < 0 || numParams > Integer.MAX_VALUE / parts) {
      throw new IllegalArgumentException(
          "numParams must be in [0, "
              + Integer.MAX_VALUE / parts
              + "], since Deeplearning4j counts the "
              + parts
              + " state elements of each parameter in an int; got "
              + numParams);
    }
    return parts * numParams;
  }

  /**
   * Makes the updater of a block of parameters.
   *
   * @param viewArray the block's state, a vector (shape [k] or [1, k]) of {@link #stateSize}(n)
   *     elements; the updater keeps it and works in it
   * @param initializeViewArray whether to write the initial state; otherwise the content is kept
   * @return the updater
   * @throws IllegalArgumentException if a setting is invalid, or the view is no vector of a
   *     possible length
   */
  @Override
  public RmsPropUpdater instantiate(INDArray viewArray, boolean initializeViewArray) {
    RmsPropUpdater updater = new RmsPropUpdater(this);
    updater.setStateViewArray(viewArray, initializeViewArray);
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
    RmsPropUpdater updater = new RmsPropUpdater(this);
    updater.setState(updaterState, initializeStateArrays);
    return updater;
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
    return at(learningRateSchedule, learningRate, iteration, epoch);
  }

  /**
   * The decay of the mean square of an iteration: the schedule's if there is one.
   *
   * @param iteration iteration, from 0
   * @param epoch epoch, from 0
   * @return ρ
   */
  public double getRmsDecay(int iteration, int epoch) {
    return at(rmsDecaySchedule, rmsDecay, iteration, epoch);
  }

  /**
   * The momentum of an iteration: the schedule's if there is one.
   *
   * @param iteration iteration, from 0
   * @param epoch epoch, from 0
   * @return μ
   */
  public double getMomentum(int iteration, int epoch) {
    return at(momentumSchedule, momentum, iteration, epoch);
  }

  private static double at(ISchedule schedule, double constant, int iteration, int epoch) {
    return schedule == null ? constant : schedule.valueAt(iteration, epoch);
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

  /** {@return the flavor that the configuration was built from} */
  public Flavor getFlavor() {
    return flavor;
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
    this.rmsDecay = checkFraction("rmsDecay", rmsDecay);
  }

  /** {@return the schedule of ρ, or null} */
  public ISchedule getRmsDecaySchedule() {
    return rmsDecaySchedule;
  }

  /** {@return ε} */
  public double getEpsilon() {
    return epsilon;
  }

  /**
   * Sets ε.
   *
   * @param epsilon finite and &gt;= 0
   */
  public void setEpsilon(double epsilon) {
    this.epsilon = checkNotNegative("epsilon", epsilon);
  }

  /** {@return whether ε is inside the root} */
  public boolean isEpsilonInsideSqrt() {
    return epsilonInsideSqrt == null ? flavor.epsilonInsideSqrt(hasMomentum()) : epsilonInsideSqrt;
  }

  /** {@return v before the first step} */
  public double getInitialMeanSquare() {
    Double initial = initialMeanSquare == null ? flavor.initialMeanSquare : initialMeanSquare;
    return initial == null ? epsilon : initial;
  }

  /** {@return μ; 0 for no momentum} */
  public double getMomentum() {
    return momentum;
  }

  /** {@return the schedule of μ, or null} */
  public ISchedule getMomentumSchedule() {
    return momentumSchedule;
  }

  /** {@return whether momentum looks ahead} */
  public boolean isNesterov() {
    return nesterov;
  }

  /** {@return whether η multiplies what enters the momentum buffer, not what leaves it} */
  public boolean isLearningRateInMomentum() {
    return learningRateInMomentum;
  }

  /** {@return whether gradients are divided by their standard deviation} */
  public boolean isCentered() {
    return centered;
  }

  /** {@return whether v and m are divided by 1 − ρ^(iteration + 1)} */
  public boolean isBiasCorrection() {
    return biasCorrection;
  }

  /** {@return what a NaN or infinite gradient does} */
  public NonFinitePolicy getNonFinite() {
    return nonFinite;
  }

  /** Whether there is a momentum buffer. */
  boolean hasMomentum() {
    return momentum != 0 || momentumSchedule != null;
  }

  /** {@return an equal configuration that shares nothing with this one} */
  @Override
  public RmsProp clone() {
    try {
      RmsProp copy = (RmsProp) super.clone();
      copy.learningRateSchedule = Schedules.copy(learningRateSchedule);
      copy.rmsDecaySchedule = Schedules.copy(rmsDecaySchedule);
      copy.momentumSchedule = Schedules.copy(momentumSchedule);
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
    return flavor == that.flavor
        && Double.compare(learningRate, that.learningRate) == 0
        && Schedules.equal(learningRateSchedule, that.learningRateSchedule)
        && Double.compare(rmsDecay, that.rmsDecay) == 0
        && Schedules.equal(rmsDecaySchedule, that.rmsDecaySchedule)
        && Double.compare(epsilon, that.epsilon) == 0
        && Objects.equals(epsilonInsideSqrt, that.epsilonInsideSqrt)
        && Objects.equals(initialMeanSquare, that.initialMeanSquare)
        && Double.compare(momentum, that.momentum) == 0
        && Schedules.equal(momentumSchedule, that.momentumSchedule)
        && nesterov == that.nesterov
        && learningRateInMomentum == that.learningRateInMomentum
        && centered == that.centered
        && biasCorrection == that.biasCorrection
        && nonFinite == that.nonFinite;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        flavor,
        learningRate,
        Schedules.hash(learningRateSchedule),
        rmsDecay,
        Schedules.hash(rmsDecaySchedule),
        epsilon,
        epsilonInsideSqrt,
        initialMeanSquare,
        momentum,
        Schedules.hash(momentumSchedule),
        nesterov,
        learningRateInMomentum,
        centered,
        biasCorrection,
        nonFinite);
  }

  @Override
  public String toString() {
    return "RmsProp(flavor="
        + flavor
        + ", learningRate="
        + learningRate
        + ", learningRateSchedule="
        + learningRateSchedule
        + ", rmsDecay="
        + rmsDecay
        + ", rmsDecaySchedule="
        + rmsDecaySchedule
        + ", epsilon="
        + epsilon
        + ", epsilonInsideSqrt="
        + isEpsilonInsideSqrt()
        + ", initialMeanSquare="
        + getInitialMeanSquare()
        + ", momentum="
        + momentum
        + ", momentumSchedule="
        + momentumSchedule
        + ", nesterov="
        + nesterov
        + ", learningRateInMomentum="
        + learningRateInMomentum
        + ", centered="
        + centered
        + ", biasCorrection="
        + biasCorrection
        + ", nonFinite="
        + nonFinite
        + ")";
  }

  private void validate() {
    checkNotNull("flavor", flavor);
    checkLearningRate(learningRate, learningRateSchedule);
    checkFraction("rmsDecay", rmsDecay);
    checkNotNegative("epsilon", epsilon);
    if (initialMeanSquare != null) {
      checkNotNegative("initialMeanSquare", initialMeanSquare);
    }
    checkFraction("momentum", momentum);
    checkNotNull("nonFinite", nonFinite);
  }

  private static void checkLearningRate(double learningRate, ISchedule schedule) {
    if (schedule == null || !Double.isNaN(learningRate)) {
      checkNotNegative("learningRate", learningRate);
    }
  }

  static double checkFraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), got " + value);
    }
    return value;
  }

  static double checkNotNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and >= 0, got " + value);
    }
    return value;
  }

  private static <T> T checkNotNull(String name, T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " must not be null");
    }
    return value;
  }

  /**
   * Builds an {@link RmsProp} setting by setting; each is checked when it is given. The defaults
   * named here are those of {@link Flavor#DL4J}; {@link RmsProp#builder(Flavor)} starts with
   * others.
   */
  public static class Builder {
    private final RmsProp config;

    /** Starts with the settings of {@link Flavor#DL4J}. */
    public Builder() {
      this(Flavor.DL4J);
    }

    /**
     * Starts with the settings of a flavor.
     *
     * @param flavor not null
     */
    public Builder(Flavor flavor) {
      config = new RmsProp(flavor);
    }

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
     * Sets ρ, the decay of the mean square and, centered, of the mean.
     *
     * @param rmsDecay in [0, 1); default 0.95
     * @return this
     */
    public Builder rmsDecay(double rmsDecay) {
      config.setRmsDecay(rmsDecay);
      return this;
    }

    /**
     * Sets a schedule for ρ, which overrides {@link #rmsDecay}.
     *
     * @param rmsDecaySchedule gives values in [0, 1), or null for none; default none
     * @return this
     */
    public Builder rmsDecaySchedule(ISchedule rmsDecaySchedule) {
      config.rmsDecaySchedule = rmsDecaySchedule;
      return this;
    }

    /**
     * Sets ε.
     *
     * @param epsilon finite and &gt;= 0; default 1e-8. With 0, a zero gradient on a zero mean
     *     square is 0/0
     * @return this
     */
    public Builder epsilon(double epsilon) {
      config.setEpsilon(epsilon);
      return this;
    }

    /**
     * Sets where ε goes: into the root, sqrt(v + ε), or beside it, sqrt(v) + ε. An ε inside acts
     * like its square root outside.
     *
     * @param epsilonInsideSqrt default false
     * @return this
     */
    public Builder epsilonInsideSqrt(boolean epsilonInsideSqrt) {
      config.epsilonInsideSqrt = epsilonInsideSqrt;
      return this;
    }

    /**
     * Sets v before the first step.
     *
     * @param initialMeanSquare finite and &gt;= 0; default ε
     * @return this
     */
    public Builder initialMeanSquare(double initialMeanSquare) {
      config.initialMeanSquare = checkNotNegative("initialMeanSquare", initialMeanSquare);
      return this;
    }

    /**
     * Sets μ.
     *
     * @param momentum in [0, 1); default 0, which means no momentum buffer
     * @return this
     */
    public Builder momentum(double momentum) {
      config.momentum = checkFraction("momentum", momentum);
      return this;
    }

    /**
     * Sets a schedule for μ, which overrides {@link #momentum}.
     *
     * @param momentumSchedule gives values in [0, 1), or null for none; default none
     * @return this
     */
    public Builder momentumSchedule(ISchedule momentumSchedule) {
      config.momentumSchedule = momentumSchedule;
      return this;
    }

    /**
     * Sets the look-ahead form of momentum; without momentum it changes nothing.
     *
     * @param nesterov default false
     * @return this
     */
    public Builder nesterov(boolean nesterov) {
      config.nesterov = nesterov;
      return this;
    }

    /**
     * Sets whether η multiplies what enters the momentum buffer (TensorFlow) or what leaves it
     * (PyTorch). At a constant η the two are the same but for rounding; after a change of η they
     * are not. Without momentum it changes nothing.
     *
     * @param learningRateInMomentum default true
     * @return this
     */
    public Builder learningRateInMomentum(boolean learningRateInMomentum) {
      config.learningRateInMomentum = learningRateInMomentum;
      return this;
    }

    /**
     * Sets whether the gradient is divided by its standard deviation, from v − m², rather than by
     * its root mean square.
     *
     * @param centered default false
     * @return this
     */
    public Builder centered(boolean centered) {
      config.centered = centered;
      return this;
    }

    /**
     * Sets whether v (and m) are divided by 1 − ρ^(iteration + 1), which corrects for a start at
     * zero. It counts Deeplearning4j's iteration.
     *
     * @param biasCorrection default false
     * @return this
     */
    public Builder biasCorrection(boolean biasCorrection) {
      config.biasCorrection = biasCorrection;
      return this;
    }

    /**
     * Sets what a NaN or infinite gradient does.
     *
     * @param nonFinite not null; default {@link NonFinitePolicy#PROPAGATE}
     * @return this
     */
    public Builder nonFinite(NonFinitePolicy nonFinite) {
      config.nonFinite = checkNotNull("nonFinite", nonFinite);
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
