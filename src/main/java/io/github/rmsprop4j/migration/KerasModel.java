package io.github.rmsprop4j.migration;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where Keras's saved models keep their optimizer. */
final class KerasModel {
  /** From the outside in; TensorFlow.js has trainingConfig beside modelTopology. */
  private static final List<String> AROUND_COMPILED =
      List.of(
          "trainingConfig", "training_config", "compile_config", "modelTopology", "model_config");

  private static final List<String> AROUND_OPTIMIZER = List.of("optimizer_config", "optimizer");

  /** What {@code compile()} takes besides, and what Keras 0.x had of the model beside it. */
  private static final Set<String> BESIDE_OPTIMIZER =
      Set.of(
          "loss",
          "loss_weights",
          "metrics",
          "weighted_metrics",
          "sample_weight_mode",
          "sample_weight_modes",
          "class_mode",
          "theano_mode",
          "target_tensors",
          "run_eagerly",
          "steps_per_execution",
          "pss_evaluation_shards",
          "jit_compile",
          "auto_scale_loss",
          "from_serialized",
          "config",
          "layers",
          "nodes");

  private static final List<String> MODELS = List.of("Sequential", "Functional", "Model", "Graph");

  private KerasModel() {}

  /**
   * The optimizer in a saved model, or what was given if there is no model around it.
   *
   * @throws IllegalArgumentException if there is a model without an optimizer, or a wrapper around
   *     the optimizer that would be lost
   */
  static Object optimizer(Object saved) {
    Object found = saved;
    while (found instanceof Map<?, ?> map) {
      String nest = first(AROUND_OPTIMIZER, map);
      if (nest != null) {
        checkBeside(nest, map);
        return orNotCompiled(map.get(nest));
      }
      nest = first(AROUND_COMPILED, map);
      if (nest == null) {
        if (found != saved || isModel(map)) {
          throw notCompiled();
        }
        return found;
      }
      found = orNotCompiled(map.get(nest));
      if (!(found instanceof Map)) {
        throw new IllegalArgumentException(nest + " must be a map, got " + Entries.show(found));
      }
    }
    return found;
  }

  private static String first(List<String> nests, Map<?, ?> map) {
    return nests.stream().filter(map::containsKey).findFirst().orElse(null);
  }

  /** A wrapper, such as Lookahead, has settings of its own there, and a name. */
  private static void checkBeside(String nest, Map<?, ?> map) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = String.valueOf(entry.getKey());
      boolean known =
          AROUND_OPTIMIZER.contains(key)
              || BESIDE_OPTIMIZER.contains(key)
              || (List.of("class_name", "name").contains(key)
                  && MODELS.contains(String.valueOf(entry.getValue())));
      if (!known) {
        throw new IllegalArgumentException(
            "unknown entry "
                + key
                + " beside "
                + nest
                + ", got "
                + Entries.show(entry.getValue())
                + ": what wraps an optimizer, or compiles a model in its own way, changes training;"
                + " hand over the "
                + nest
                + " alone, and do the rest yourself");
      }
    }
  }

  private static boolean isModel(Map<?, ?> map) {
    return map.containsKey("layers")
        || map.containsKey("build_config")
        || map.containsKey("keras_version")
        || (map.get("config") instanceof Map<?, ?> config && config.containsKey("layers"))
        || MODELS.contains(String.valueOf(map.get("class_name")));
  }

  private static Object orNotCompiled(Object found) {
    if (found == null) {
      throw notCompiled();
    }
    return found;
  }

  static IllegalArgumentException notCompiled() {
    return new IllegalArgumentException(
        "no optimizer: the model was not compiled, or was saved without what compile() was given");
  }
}
