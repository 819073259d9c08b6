package io.github.rmsprop4j.migration;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An optimizer of another framework, in Deeplearning4j's terms: what the updater does, and what is
 * left for the network. Nothing that changes training is dropped on the way.
 *
 * <pre>{@code
 * Migration keras = RmsProp.fromKeras(Path.of("model.h5"));
 * keras.remaining().forEach(System.out::println); // do these first
 * new NeuralNetConfiguration.Builder().updater(keras.config()) ...
 * }</pre>
 *
 * <p>Only settings are read, not the optimizer's state: v and the momentum buffer start anew.
 *
 * <p>Whose optimizer it is, is checked wherever it is said, and what two frameworks mean
 * differently by one name is not guessed. What is unknown or malformed, or has no equal here, is an
 * {@link IllegalArgumentException} that names the entry, its value and what is accepted. JSON may
 * have 2^24 characters, be nested 500 deep, and have numbers of 1,000 digits.
 *
 * @param config the updater's configuration; {@link RmsProp#getFlavor} tells whose arithmetic it is
 * @param remaining what an updater cannot do and you must add, such as weight decay and clipping:
 *     an entry and its value, then how, with the line of code where there is one, for a network
 *     that is built and for one that is imported. Empty if there is nothing to add
 */
public record Migration(RmsProp config, List<String> remaining) {
  /**
   * Copies the list.
   *
   * @param config what the updater does
   * @param remaining what you must add
   */
  public Migration {
    remaining = List.copyOf(remaining);
  }

  /** {@return whose arithmetic the configuration has} */
  public Flavor flavor() {
    return config.getFlavor();
  }

  /**
   * Reads the RMSprop of Keras, of any version: what {@code optimizer.get_config()} or {@code
   * keras.optimizers.serialize} gives, or what a saved model holds, as {@code {"class_name":
   * "RMSprop", "config": {...}}}, inside {@code optimizer_config} (the {@code training_config} of
   * an .h5 file), {@code compile_config} (the config.json of a .keras file) or the model.json of
   * TensorFlow.js, or as the bare name {@code "rmsprop"}. A missing entry has Keras's default.
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
   * also 0) is 1e-7. {@code decay} becomes an {@code InverseSchedule}; in TensorFlow 1 and
   * TensorFlow.js it is the decay of the mean square, so without {@code rho} beside it it is
   * refused unless something else says Keras and it is below 0.5. Of learning-rate schedules
   * ExponentialDecay, InverseTimeDecay without staircase and PiecewiseConstantDecay are taken over,
   * equal but for rounding. Weight decay, clipping, moving averages and gradient accumulation are
   * no business of an updater: {@link #remaining} says what to add for them.
   *
   * <p>Refused are classes of a foreign {@code module} or {@code registered_name} (other than
   * {@code Custom>RMSprop}), names of other optimizers, wrappers such as Lookahead and
   * LossScaleOptimizer, and a model that was not compiled.
   *
   * @param config strings to numbers, booleans, strings, null, lists and maps, as JSON has them
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if an entry is unknown or malformed, or has no equal here
   */
  public static Migration fromKeras(Map<String, ?> config) {
    return KerasOptimizer.read(config);
  }

  /**
   * The same from JSON.
   *
   * @param json as {@link #fromKeras(Map)} takes it. What follows a NUL is not read: {@code
   *     Hdf5Archive.readAttributeAsJson} of Deeplearning4j leaves memory there
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if it is no JSON, and as {@link #fromKeras(Map)}
   */
  public static Migration fromKeras(String json) {
    int end = json == null ? -1 : json.indexOf('\0');
    return KerasOptimizer.read(
        Json.read(end < 0 ? json : json.substring(0, end), "the Keras configuration"));
  }

  /**
   * The same from a saved model: HDF5 (.h5, by deeplearning4j-modelimport, which must be on the
   * class path then), a .keras file of Keras 3, or JSON. Its content decides which, not its name.
   *
   * @param file the file, which is only read
   * @return the configuration, and what is left to do
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is none of these, holds no optimizer, and as {@link
   *     #fromKeras(Map)}
   * @throws IllegalStateException if it is HDF5, and deeplearning4j-modelimport is not on the class
   *     path
   */
  public static Migration fromKeras(Path file) throws IOException {
    return fromKeras(KerasFile.json(file));
  }

  /**
   * Reads a parameter group of PyTorch's RMSprop: an element of {@code
   * optimizer.state_dict()["param_groups"]}, with lr, momentum, alpha, eps, centered, weight_decay,
   * maximize, capturable, foreach, differentiable, params, param_names, name and what schedulers
   * leave (initial_lr; of OneCycleLR and CyclicLR max_lr, min_lr, max_momentum, base_momentum;
   * swa_lr); a {@code state_dict} that has one group; or Hydra's form, with {@code _target_}. A
   * missing entry has PyTorch's default, and the {@link Flavor} is {@link Flavor#PYTORCH}.
   *
   * <p>With decoupled_decay, corrected_weight_decay, lr_in_momentum or caution, or where {@code
   * _target_} says so, it is timm's RMSpropTF: missing entries have timm's defaults, and the flavor
   * is {@link Flavor#TIMM}.
   *
   * <p>What does not change the result (capturable, foreach, differentiable) and the names and
   * numbers of parameters are passed over; of weight decay, maximize and schedulers {@link
   * #remaining} says what to do. {@code clip_grad_norm_} is no setting of the optimizer: {@code
   * OnePass.builder().clipGlobalNorm(x).enable(network)} of {@code io.github.rmsprop4j.dl4j} is its
   * line.
   *
   * @param paramGroup strings to numbers, booleans, strings, null and lists
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if an entry is unknown or malformed, or has no equal here
   */
  public static Migration fromPyTorch(Map<String, ?> paramGroup) {
    return PyTorchOptimizer.read(paramGroup);
  }

  /**
   * The same from JSON.
   *
   * @param json as {@link #fromPyTorch(Map)} takes it
   * @return the configuration, and what is left to do
   * @throws IllegalArgumentException if it is no JSON, and as {@link #fromPyTorch(Map)}
   */
  public static Migration fromPyTorch(String json) {
    return PyTorchOptimizer.read(Json.read(json, "the PyTorch parameter group"));
  }
}
