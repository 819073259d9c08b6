package io.github.rmsprop4j;

import io.github.rmsprop4j.migration.Migration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

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
 * #instantiate(INDArray, boolean)}, because JSON goes past the setters; what a schedule gives is
 * checked at every step. A rejected setting is an {@link IllegalArgumentException} that names the
 * setting, the value and what is accepted, and changes nothing. What is of another type in JSON,
 * such as null or "" for a number, is refused by the reader, with a {@code JsonMappingException}
 * that says the same; a property that is missing has its default, one that is unknown is passed
 * over.
 *
 * <p>The centered variance v − m² is not negative in exact arithmetic, but cancellation can make it
 * so, and the root of it NaN, in PyTorch, Keras and Optax. Here it is clamped at zero before ε.
 *
 * <p><b>A network that was trained before.</b> Setting another configuration on a network that has
 * its updater already changes nothing by itself: {@code BaseLayer.setIUpdater} alone leaves the old
 * updater at work, and only the saved file speaks of the new one; followed by {@code
 * setUpdater(null)} it loses the state, so v starts anew; {@code FineTuneConfiguration} loses the
 * state too and starts at iteration 0, which schedules and bias correction see. None of them fails.
 * {@code io.github.rmsprop4j.dl4j.TrainedModels} takes trained networks over with state and counts.
 *
 * <p><b>HALF and BFLOAT16.</b> A step is computed in float, but the state is kept in the network's
 * type. In HALF it is 0 below 3e-8, so v stays at 0 while (1 − ρ) g² is less than that, at ρ = 0.95
 * for gradients below 7.7e-4; then the step divides by ε alone, and an ε of 1e-8 makes it huge:
 * choose one of the size of the gradients that matter, such as 1e-4. In BFLOAT16, of 8 significant
 * bits, v stands still once a step would move it by less than 1/512 of itself, and so does a
 * parameter.
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

  private static final String FRACTION = "in [0, 1)";
  private static final String NOT_NEGATIVE = "finite and >= 0";

  // Jackson writes and reads the fields directly. There is no annotated constructor on purpose:
  // with one, a property that is missing from the JSON would become 0.0 instead of its default.
  /** Flavor the settings started from; fixes the arithmetic of the last bits. */
  private Flavor flavor = Flavor.DL4J;

  /** η. */
  @JsonDeserialize(using = SettingJson.Number.class)
  private double learningRate = DEFAULT_RMSPROP_LEARNING_RATE;

  /** Overrides {@link #learningRate}, or null. */
  private ISchedule learningRateSchedule;

  /** ρ. */
  @JsonDeserialize(using = SettingJson.Number.class)
  private double rmsDecay = DEFAULT_RMSPROP_RMSDECAY;

  /** Overrides {@link #rmsDecay}, or null. */
  private ISchedule rmsDecaySchedule;

  /** ε. */
  @JsonDeserialize(using = SettingJson.Number.class)
  private double epsilon = DEFAULT_RMSPROP_EPSILON;

  /** Whether ε is inside the root; null: as the flavor. */
  @JsonDeserialize(using = SettingJson.FlagOrNull.class)
  private Boolean epsilonInsideSqrt;

  /** v before the first step; null: as the flavor. */
  @JsonDeserialize(using = SettingJson.NumberOrNull.class)
  private Double initialMeanSquare;

  /** μ; 0 for no momentum buffer. */
  @JsonDeserialize(using = SettingJson.Number.class)
  private double momentum;

  /** Overrides {@link #momentum}, or null. */
  private ISchedule momentumSchedule;

  /** Whether momentum looks ahead. */
  @JsonDeserialize(using = SettingJson.Flag.class)
  private boolean nesterov;

  /** Whether η multiplies what enters the momentum buffer. */
  @JsonDeserialize(using = SettingJson.Flag.class)
  private boolean learningRateInMomentum = true;

  /** Whether to divide by the standard deviation. */
  @JsonDeserialize(using = SettingJson.Flag.class)
  private boolean centered;

  /** Whether v and m are corrected for their start. */
  @JsonDeserialize(using = SettingJson.Flag.class)
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
   * This configuration with the settings of a built-in one.
   *
   * @param builtIn not null; its schedule is copied
   * @return a configuration whose steps have the bits of the built-in updater's
   * @throws IllegalArgumentException if it is null, or has a value that is refused here, as the
   *     built-in configuration refuses none
   */
  public static RmsProp of(org.nd4j.linalg.learning.config.RmsProp builtIn) {
    checkNotNull("builtIn", builtIn);
    RmsProp config = new RmsProp();
    config.setLrAndSchedule(
        builtIn.getLearningRate(), Schedules.copy(builtIn.getLearningRateSchedule()));
    config.setRmsDecay(builtIn.getRmsDecay());
    config.setEpsilon(builtIn.getEpsilon());
    return config;
  }

  /**
   * Reads the RMSprop of Keras, of any version; see {@link Migration#fromKeras(Map)}.
   *
   * @param config what {@code optimizer.get_config()} or {@code keras.optimizers.serialize} gives,
   *     or a saved model's configuration around it
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if an entry is unknown, malformed, or has no equal here
   */
  public static Migration fromKeras(Map<String, ?> config) {
    return Migration.fromKeras(config);
  }

  /**
   * The same from JSON; see {@link Migration#fromKeras(String)}.
   *
   * @param json as {@link #fromKeras(Map)} takes it; what follows a NUL is not read
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if it is no JSON, and as {@link #fromKeras(Map)}
   */
  public static Migration fromKeras(String json) {
    return Migration.fromKeras(json);
  }

  /**
   * The same from a saved model, .h5, .keras or .json; see {@link Migration#fromKeras(Path)}.
   *
   * @param file the file
   * @return the configuration, and what is left to do
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is none of these, holds no optimizer, and as {@link
   *     #fromKeras(Map)}
   * @throws IllegalStateException if it is HDF5, and deeplearning4j-modelimport is not on the class
   *     path
   */
  public static Migration fromKeras(Path file) throws IOException {
    return Migration.fromKeras(file);
  }

  /**
   * Reads a parameter group of PyTorch's RMSprop or timm's RMSpropTF; see {@link
   * Migration#fromPyTorch(Map)}.
   *
   * @param paramGroup an element of {@code optimizer.state_dict()["param_groups"]}, or a state_dict
   *     that has one
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if an entry is unknown, malformed, or has no equal here
   */
  public static Migration fromPyTorch(Map<String, ?> paramGroup) {
    return Migration.fromPyTorch(paramGroup);
  }

  /**
   * The same from JSON; see {@link Migration#fromPyTorch(String)}.
   *
   * @param json as {@link #fromPyTorch(Map)} takes it
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if it is no JSON, and as {@link #fromPyTorch(Map)}
   */
  public static Migration fromPyTorch(String json) {
    return Migration.fromPyTorch(json);
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

  /**
   * Checks what the schedules give for an iteration, as its step does; for code that steps several
   * updaters and must change nothing if one of them would refuse.
   *
   * @param iteration iteration, from 0
   * @param epoch epoch, from 0
   * @throws IllegalArgumentException if a schedule gives what the setting does not accept
   */
  public void checkSchedules(int iteration, int epoch) {
    stepLearningRate(iteration, epoch);
    stepRmsDecay(iteration, epoch);
    if (hasMomentum()) {
      stepMomentum(iteration, epoch);
    }
  }

  /** η of a step, refused if a schedule gives what the setting does not accept; so ρ and μ. */
  double stepLearningRate(int iteration, int epoch) {
    double value = getLearningRate(iteration, epoch);
    return checked("learningRate", value, isNotNegative(value), NOT_NEGATIVE, iteration, epoch);
  }

  double stepRmsDecay(int iteration, int epoch) {
    double value = getRmsDecay(iteration, epoch);
    return checked("rmsDecay", value, isFraction(value), FRACTION, iteration, epoch);
  }

  double stepMomentum(int iteration, int epoch) {
    double value = getMomentum(iteration, epoch);
    return checked("momentum", value, isFraction(value), FRACTION, iteration, epoch);
  }

  private static double checked(
      String name, double value, boolean ok, String accepted, int iteration, int epoch) {
    if (!ok) {
      throw new IllegalArgumentException(
          String.format(
              "%s must be %s, got %s from its schedule at iteration %d, epoch %d",
              name, accepted, value, iteration, epoch));
    }
    return value;
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
   * Equality of what the steps do: two configurations that train alike are equal, however they were
   * written. A value that a schedule overrides does not count, nor does what has no effect, such as
   * {@code nesterov} without momentum; what was set by hand equals what the flavor has anyway; two
   * flavors differ only by their settings and the arithmetic that {@link Flavor} tells of. A later
   * call of a setter can bring out a difference, as with every mutable object.
   *
   * <p>Deeplearning4j updates neighbouring parameters in one block exactly if their configurations
   * are equal, and lays out saved state by those blocks, so the answer survives a round trip
   * through JSON. Numbers are compared by {@link Double#compare}; schedules by {@code equals}, or
   * else by class and JSON.
   */
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other != null
            && getClass() == other.getClass()
            && inEffect().equals(((RmsProp) other).inEffect()));
  }

  @Override
  public int hashCode() {
    return inEffect().hashCode();
  }

  /** {@return the flavor's name and the settings in effect; a schedule stands for its value} */
  @Override
  public String toString() {
    Map<String, Object> settings = inEffect();
    settings.put("flavor", flavor);
    return settings.entrySet().stream()
        .map(Object::toString)
        .collect(Collectors.joining(", ", "RmsProp(", ")"));
  }

  /** Every setting that steps depend on, by name; of the flavor its arithmetic. */
  private Map<String, Object> inEffect() {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (flavor == null) { // from JSON, and refused at the first use
      settings.put("flavor", null);
      return settings;
    }
    settings.put("flavor", flavor.arithmetic(hasMomentum()));
    settings.put("learningRate", Schedules.inEffect(learningRateSchedule, learningRate));
    settings.put("rmsDecay", Schedules.inEffect(rmsDecaySchedule, rmsDecay));
    settings.put("epsilon", epsilon);
    settings.put("epsilonInsideSqrt", epsilon != 0 && isEpsilonInsideSqrt());
    settings.put("initialMeanSquare", getInitialMeanSquare());
    if (hasMomentum()) {
      settings.put("momentum", Schedules.inEffect(momentumSchedule, momentum));
      settings.put("nesterov", nesterov);
      settings.put("learningRateInMomentum", learningRateInMomentum);
    }
    settings.put("centered", centered);
    settings.put("biasCorrection", biasCorrection);
    settings.put("nonFinite", nonFinite);
    return settings;
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
    if (!isFraction(value)) {
      throw new IllegalArgumentException(name + " must be " + FRACTION + ", got " + value);
    }
    return value;
  }

  static double checkNotNegative(String name, double value) {
    if (!isNotNegative(value)) {
      throw new IllegalArgumentException(name + " must be " + NOT_NEGATIVE + ", got " + value);
    }
    return value;
  }

  private static boolean isFraction(double value) {
    return value >= 0 && value < 1;
  }

  private static boolean isNotNegative(double value) {
    return value >= 0 && value < Double.POSITIVE_INFINITY;
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
     * Sets ε. For HALF arrays the default is too small, see {@link RmsProp}.
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
     * Sets the look-ahead form of momentum. Without momentum it would change nothing, and {@link
     * #build} refuses it.
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
     * <p>Where a gradient hardly changes, its deviation goes to zero and the step to η g / ε, as in
     * every framework that has this setting: gradients of 10⁴ ± 1, η = 10⁻³ and ε = 10⁻⁸ give steps
     * of up to 10⁹. Nothing is NaN or infinite then, so no {@link NonFinitePolicy} notices. What
     * helps is an ε of the size of the deviations that should still count, or its square with
     * {@link #epsilonInsideSqrt}, clipping of the gradients, or none of this setting.
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
     * zero.
     *
     * <p>It counts Deeplearning4j's iteration, not the steps of this state, and the two can come
     * apart: {@code ComputationGraph.clone()} restarts at iteration 0 with a state that is warm (so
     * do the models that {@code InMemoryModelSaver} keeps), and its first update is smaller by a
     * factor of sqrt(1 − ρ); {@code clone.getConfiguration().setIterationCount(...)} puts it right.
     * A trained network that gets a new updater goes on counting, with a state that starts, and its
     * first updates are too large.
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
     * @throws IllegalArgumentException with {@link #nesterov} but neither {@link #momentum} nor
     *     {@link #momentumSchedule}
     */
    public RmsProp build() {
      if (config.nesterov && !config.hasMomentum()) {
        throw new IllegalArgumentException(
            "nesterov must be false without momentum or momentumSchedule, got true");
      }
      return config.clone();
    }
  }
}
