package io.github.rmsprop4j;

import io.github.rmsprop4j.Entries.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Reads Keras's RMSprop as every version of Keras saves it; the contract is at {@link
 * RmsProp#fromKeras(Map)}.
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

  /** Where a saved model keeps its optimizer, from the outside in. */
  private static final List<String> NESTS =
      List.of("compile_config", "optimizer_config", "optimizer");

  private final Entries entries;
  private final boolean legacy;
  private final boolean multiBackend;
  private final List<String> remaining = new ArrayList<>();

  private KerasOptimizer(Map<?, ?> config, boolean legacyModule) {
    legacy = isLegacy(config, legacyModule);
    entries =
        legacy
            ? new Entries("Keras's RMSprop before 2.11", config, COMMON)
            : new Entries(
                "Keras's RMSprop",
                config,
                Stream.concat(COMMON.stream(), SINCE_2_11.stream()).toList());
    multiBackend =
        legacy
            && Stream.of("name", "momentum", "centered", "is_legacy_optimizer")
                .noneMatch(config::containsKey);
  }

  static Migration readJson(String json) {
    if (json == null) {
      throw new IllegalArgumentException("the Keras configuration must not be null");
    }
    try {
      return read(
          new ObjectMapper()
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .readValue(json, Object.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the Keras configuration must be JSON: " + e.getOriginalMessage(), e);
    }
  }

  static Migration read(Object saved) {
    Object found = saved;
    for (String nest : NESTS) {
      if (found instanceof Map<?, ?> map && map.get(nest) != null) {
        found = map.get(nest);
      }
    }
    if (found instanceof String name) {
      found = Map.of("class_name", name, "config", Map.of());
    }
    if (!(found instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(
          "the Keras configuration must be a map or the name RMSprop, got " + found);
    }
    if (!map.containsKey("class_name")) {
      return new KerasOptimizer(map, false).migrate();
    }
    Entries wrapper = new Entries("Keras's optimizer", map, WRAPPER);
    String name = wrapper.textOrNull("class_name");
    if (!"RMSprop".equalsIgnoreCase(name)) { // Keras itself ignores case here
      throw wrapper.refuse("class_name", "RMSprop", wrapper.get("class_name"));
    }
    String module = wrapper.textOrNull("module");
    wrapper.textOrNull("registered_name");
    return new KerasOptimizer(wrapper.map("config"), module != null && module.contains("legacy"))
        .migrate();
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
    Flavor flavor = legacy ? Flavor.TF_KERAS2 : Flavor.KERAS3;
    RmsProp.Builder builder =
        RmsProp.builder(flavor)
            .rmsDecay(entries.number("rho", flavor.rmsDecay, Range.FRACTION))
            .epsilon(epsilon(flavor))
            .momentum(Math.max(0, entries.number("momentum", 0, Range.BELOW_ONE)))
            .centered(entries.flag("centered", false));
    learningRate(flavor, builder);
    entries.textOrNull("name");
    entries.flagOrNull("is_legacy_optimizer");
    entries.flagOrNull("jit_compile");
    clipping();
    weightDecay();
    average();
    accumulation();
    return new Migration(builder.build(), remaining);
  }

  /** OptimizerV2 takes {@code epsilon or 1e-7}; the older Keras only replaces None. */
  private double epsilon(Flavor flavor) {
    if (!legacy) {
      return entries.number("epsilon", flavor.epsilon, Range.NOT_NEGATIVE);
    }
    Double epsilon = entries.numberOrNull("epsilon", Range.NOT_NEGATIVE);
    return epsilon == null || (epsilon == 0 && !multiBackend) ? flavor.epsilon : epsilon;
  }

  private void learningRate(Flavor flavor, RmsProp.Builder builder) {
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
    if (entries.has(key) && !(entries.get(key) instanceof Number)) {
      throw entries.refuse(key, KerasSchedule.ACCEPTED, entries.get(key));
    }
    double rate = entries.number(key, flavor.learningRate, Range.NOT_NEGATIVE);
    builder.learningRate(rate);
    if (decay > 0) {
      builder.learningRateSchedule(new InverseSchedule(ScheduleType.ITERATION, rate, decay, 1));
    }
  }

  private void clipping() {
    Double norm = positive("clipnorm");
    Double value = positive("clipvalue");
    Double globalNorm = positive("global_clipnorm");
    if (norm != null && multiBackend) {
      // There it was the norm of all gradients.
      globalNorm = norm;
      norm = null;
    }
    if (norm != null) {
      remaining.add("clipnorm=" + norm + ": " + normalization("ClipL2PerParamType", norm));
    }
    if (value != null) {
      remaining.add(
          "clipvalue=" + value + ": " + normalization("ClipElementWiseAbsoluteValue", value));
    }
    if (globalNorm != null) {
      remaining.add(
          (multiBackend ? "clipnorm=" : "global_clipnorm=")
              + globalNorm
              + ": Deeplearning4j cannot clip by the norm of all gradients together; by that of each"
              + " layer: "
              + normalization("ClipL2PerLayer", globalNorm));
    }
    if (Stream.of(norm, value, globalNorm).filter(clip -> clip != null).count() > 1) {
      remaining.add("of these clippings a Deeplearning4j layer can have only one");
    }
  }

  private Double positive(String key) {
    Double value = entries.numberOrNull(key, Range.NOT_NEGATIVE);
    return value == null || value == 0 ? null : value;
  }

  private static String normalization(String name, double threshold) {
    return "on the network's builder .gradientNormalization(GradientNormalization."
        + name
        + ").gradientNormalizationThreshold("
        + threshold
        + ")";
  }

  private void weightDecay() {
    Double decay = positive("weight_decay");
    if (decay != null) {
      remaining.add(
          "weight_decay="
              + decay
              + ": on the builder of every layer .weightDecay("
              + decay
              + ", true).weightDecayBias("
              + decay
              + ", true), not on the network's, where Deeplearning4j 1.0.0-M2.1 applies it twice;"
              + " batch normalization has no decay in Deeplearning4j");
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
