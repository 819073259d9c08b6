package io.github.rmsprop4j.migration;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.migration.Entries.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Reads Keras's RMSprop as every version of Keras saves it; the contract is at {@link
 * Migration#fromKeras(Map)}.
 */
final class KerasOptimizer {
  /** What Keras puts around a configuration. */
  static final List<String> WRAPPER =
      List.of("class_name", "config", "module", "registered_name", "shared_object_id");

  private static final List<String> COMMON =
      List.of(
          "name",
          "learning_rate",
          "lr",
          "rho",
          "momentum",
          "epsilon",
          "centered",
          "decay",
          "clipnorm",
          "clipvalue",
          "global_clipnorm",
          "is_legacy_optimizer");

  /** What Keras 3 has, and tf.keras from 2.11 on, and no version before. */
  private static final List<String> SINCE_2_11 =
      List.of(
          "weight_decay",
          "use_ema",
          "ema_momentum",
          "ema_overwrite_frequency",
          "jit_compile",
          "loss_scale_factor",
          "gradient_accumulation_steps");

  /** A decay of the rate as high as that would halve it within two steps. */
  private static final double NO_TIME_DECAY = 0.5;

  private final Entries entries;
  private final boolean legacy;
  private final boolean multiBackend;

  /** Whether what was said, and not only the absence of more, makes it Keras's before 2.11. */
  private final boolean surelyKeras;

  private final List<String> remaining = new ArrayList<>();

  /**
   * @param className what the class was said to be, or null if it was not said
   */
  private KerasOptimizer(Map<?, ?> config, String className, boolean legacyModule) {
    legacy = isLegacy(config, legacyModule);
    entries = new Entries(legacy ? "Keras's RMSprop before 2.11" : "Keras's RMSprop", config);
    String name = entries.textOrNull("name");
    checkName(name, className, config);
    entries.only(legacy ? COMMON : Stream.concat(COMMON.stream(), SINCE_2_11.stream()).toList());
    multiBackend =
        legacy
            && Stream.of("name", "momentum", "centered", "is_legacy_optimizer")
                .noneMatch(config::containsKey);
    surelyKeras = config.containsKey("lr") || isKerasSpelling(className) || isKerasSpelling(name);
  }

  private void checkName(String name, String className, Map<?, ?> config) {
    // Every RMSprop that had a name had these, and Adadelta, which has rho too, had neither.
    boolean known =
        className != null
            || (name == null && inner(config).isEmpty())
            || (name != null && OptimizerNames.sayRmsProp(name))
            || config.containsKey("centered")
            || (config.containsKey("rho") && config.containsKey("momentum"));
    if (!known || (name != null && OptimizerNames.sayAnother(name))) {
      throw entries.refuse(
          "name",
          "RMSprop's, or one of your own beside class_name or all that get_config() gives",
          name,
          inner(config));
    }
  }

  /** Not RMSProp, as TensorFlow 1 and TensorFlow.js have it. */
  private static boolean isKerasSpelling(String name) {
    return name != null && (name.startsWith("RMSprop") || name.startsWith("rmsprop"));
  }

  static Migration read(Object saved) {
    Object found = KerasModel.optimizer(saved);
    if (found instanceof String text && text.matches("(?s)\\s*[\\[{\"].*")) {
      throw new IllegalArgumentException(
          "the Keras configuration must be a map or the name RMSprop, got a string that holds JSON: "
              + Entries.show(text)
              + "; hand over what is in the string");
    }
    if (found instanceof String name) {
      found = Map.of("class_name", name, "config", Map.of());
    }
    if (!(found instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(
          "the Keras configuration must be a map or the name RMSprop, got " + Entries.show(found));
    }
    if (!map.containsKey("class_name")) {
      return new KerasOptimizer(map, null, false).migrate();
    }
    Entries wrapper = new Entries("Keras's optimizer", map);
    String name = ownClass(wrapper);
    if (!"RMSprop".equalsIgnoreCase(name)) { // Keras itself ignores case here
      throw wrapper.refuse(
          "class_name", "RMSprop", wrapper.get("class_name"), inner(map.get("config")));
    }
    wrapper.only(WRAPPER);
    String module = wrapper.textOrNull("module");
    return new KerasOptimizer(
            wrapper.map("config"), name, module != null && module.contains("legacy"))
        .migrate();
  }

  /**
   * The class of a serialized object, once all that tells whose it is says Keras. Custom is where
   * tf.keras 2.11 to 2.13 registered their own.
   */
  static String ownClass(Entries wrapper) {
    String module = wrapper.textOrNull("module");
    if (module != null
        && !module.matches("builtins|((tensorflow\\.(python\\.)?|tf\\.)?keras|tf_keras)(\\..+)?")) {
      throw wrapper.refuse(
          "module", "one of Keras's own, such as keras.optimizers, or null", module);
    }
    String name = withoutCustom(wrapper.textOrNull("class_name"));
    String registered = withoutCustom(wrapper.textOrNull("registered_name"));
    if (name != null && registered != null && !registered.equalsIgnoreCase(name)) {
      throw wrapper.refuse(
          "registered_name",
          "null or " + name + ", as another is not Keras's own",
          wrapper.get("registered_name"));
    }
    return name;
  }

  private static String withoutCustom(String name) {
    return name != null && name.startsWith("Custom>") ? name.substring("Custom>".length()) : name;
  }

  /** Where to look instead, if a wrapper was handed over. */
  private static String inner(Object config) {
    for (String key : List.of("inner_optimizer", "optimizer")) {
      if (config instanceof Map<?, ?> map && map.get(key) != null) {
        return "; it wraps another: hand over its " + key + ", and do the rest yourself";
      }
    }
    return "";
  }

  private static boolean isLegacy(Map<?, ?> config, boolean legacyModule) {
    if (config.get("is_legacy_optimizer") instanceof Boolean said) {
      return said;
    }
    return legacyModule
        || (SINCE_2_11.stream().noneMatch(config::containsKey)
            && (config.containsKey("decay") || config.containsKey("lr")));
  }

  private Migration migrate() {
    RmsProp.Builder builder = RmsProp.builder(legacy ? Flavor.TF_KERAS2 : Flavor.KERAS3);
    RmsProp defaults = builder.build();
    builder
        .rmsDecay(entries.number("rho", defaults.getRmsDecay(), Range.FRACTION))
        .epsilon(epsilon(defaults.getEpsilon()))
        .momentum(Math.max(0, entries.number("momentum", 0, Range.BELOW_ONE)))
        .centered(entries.flag("centered", false));
    learningRate(defaults.getLearningRate(), builder);
    entries.flagOrNull("is_legacy_optimizer");
    entries.flagOrNull("jit_compile");
    clipping();
    weightDecay();
    average();
    accumulation();
    return new Migration(builder.build(), remaining);
  }

  /** OptimizerV2 takes {@code epsilon or 1e-7}; the older Keras only replaces None. */
  private double epsilon(double missing) {
    if (!legacy) {
      return entries.number("epsilon", missing, Range.NOT_NEGATIVE);
    }
    Double epsilon = entries.numberOrNull("epsilon", Range.NOT_NEGATIVE);
    return epsilon == null || (epsilon == 0 && !multiBackend) ? missing : epsilon;
  }

  private void learningRate(double missing, RmsProp.Builder builder) {
    if (entries.has("lr") && entries.has("learning_rate")) {
      throw entries.refuse(
          "lr", "missing beside learning_rate, whose older name it is", entries.get("lr"));
    }
    String key = entries.has("lr") ? "lr" : "learning_rate";
    double decay = entries.get("decay") == null ? 0 : entries.number("decay", Range.NOT_NEGATIVE);
    if (decay > 0 && !legacy) {
      throw entries.refuse("decay", "0, as Keras ignores it from 2.11 on", decay);
    }
    if (entries.get(key) instanceof Map<?, ?> schedule) {
      if (decay > 0) {
        throw entries.refuse("decay", "0 beside a learning-rate schedule", decay);
      }
      builder.learningRateSchedule(KerasSchedule.read(schedule));
      return;
    }
    if (decay > 0 && !entries.has("rho") && !(surelyKeras && decay < NO_TIME_DECAY)) {
      throw entries.refuse(
          "decay",
          "0, or beside rho, since it means two things: in Keras the learning rate falls by it, in"
              + " TensorFlow 1 and TensorFlow.js it is the decay of the mean square, which is"
              + " RmsProp.builder(Flavor.TENSORFLOW1).rmsDecay("
              + decay
              + ")",
          decay);
    }
    if (entries.has(key) && !(entries.get(key) instanceof Number)) {
      throw entries.refuse(key, KerasSchedule.ACCEPTED, entries.get(key));
    }
    double rate = entries.number(key, missing, Range.NOT_NEGATIVE);
    builder.learningRate(rate);
    if (decay > 0) {
      builder.learningRateSchedule(new InverseSchedule(ScheduleType.ITERATION, rate, decay, 1));
    }
  }

  private void clipping() {
    Double norm = positive("clipnorm");
    Double value = positive("clipvalue");
    Double globalNorm = positive("global_clipnorm");
    String globally = "global_clipnorm";
    if (norm != null && multiBackend) { // where it was the norm of all gradients
      globalNorm = norm;
      globally = "clipnorm";
      norm = null;
    }
    if (norm != null) {
      remaining.add(Remaining.layerClipping("clipnorm", "ClipL2PerParamType", norm));
    }
    if (value != null) {
      remaining.add(Remaining.layerClipping("clipvalue", "ClipElementWiseAbsoluteValue", value));
    }
    if (globalNorm != null) {
      remaining.add(Remaining.globalClipping(globally, globalNorm));
    }
    if (norm != null && value != null) {
      remaining.add("of these clippings a Deeplearning4j layer can have only one");
    }
    if (globalNorm != null && !multiBackend && (norm != null || value != null)) {
      remaining.add("Keras clips by the norm of all gradients last, OnePass first");
    }
  }

  private Double positive(String key) {
    Double value = entries.numberOrNull(key, Range.NOT_NEGATIVE);
    return value == null || value == 0 ? null : value;
  }

  private void weightDecay() {
    Double decay = positive("weight_decay");
    if (decay != null) {
      remaining.add(Remaining.weightDecay(decay));
    }
  }

  private void average() {
    boolean average = entries.flag("use_ema", false);
    double momentum = entries.number("ema_momentum", 0.99, Range.FRACTION);
    Long frequency = entries.countOrNull("ema_overwrite_frequency", 1);
    if (average) {
      remaining.add(
          "use_ema=true: in a listener's iterationDone average.muli("
              + momentum
              + ").addi(model.params().mul(1 - "
              + momentum
              + ")), a copy of model.params() after the first iteration, and model.setParams(average) "
              + (frequency == null
                  ? "when training is done"
                  : "every " + frequency + " iterations and when training is done"));
    }
  }

  private void accumulation() {
    Double scale = positive("loss_scale_factor");
    if (scale != null) {
      remaining.add(
          "loss_scale_factor="
              + scale
              + ": nothing, since Keras multiplies the loss by it and divides the gradient again;"
              + " only against underflow of 16-bit gradients would it be missed");
    }
    Long steps = entries.countOrNull("gradient_accumulation_steps", 2);
    if (steps != null) {
      remaining.add(
          "gradient_accumulation_steps="
              + steps
              + ": minibatches of "
              + steps
              + " times the size; Keras counts every small one as an iteration of its learning-rate"
              + " schedule");
    }
  }
}
