package io.github.rmsprop4j.dl4j;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Puts one updater configuration in the place of another, wherever a model's configuration holds
 * one of a class.
 *
 * @param <F> the class to replace; subclasses stay as they are
 */
final class UpdaterSwap<F extends IUpdater> {
  static final UpdaterSwap<org.nd4j.linalg.learning.config.RmsProp> FROM_BUILT_IN =
      new UpdaterSwap<>(org.nd4j.linalg.learning.config.RmsProp.class, RmsProp::of);

  /** Deeper than any network, and less deep than a stack. */
  private static final int MAX_DEPTH = 500;

  private static final String CLASS = "@class";

  private final Class<F> from;
  private final Function<F, IUpdater> to;

  private UpdaterSwap(Class<F> from, Function<F, IUpdater> to) {
    this.from = from;
    this.to = to;
  }

  /**
   * To the built-in RMSprop.
   *
   * @param stateKept whether the updater state goes along, so that v does not start anew
   */
  static UpdaterSwap<RmsProp> toBuiltIn(boolean stateKept) {
    return new UpdaterSwap<>(RmsProp.class, settings -> builtIn(settings, stateKept));
  }

  /** To other settings. */
  static UpdaterSwap<RmsProp> to(RmsProp settings) {
    if (settings == null) {
      throw new IllegalArgumentException("settings must not be null");
    }
    RmsProp copy = settings.clone();
    return by(old -> copy);
  }

  /** To settings that follow from the old ones. */
  static UpdaterSwap<RmsProp> by(UnaryOperator<RmsProp> change) {
    return new UpdaterSwap<>(
        RmsProp.class,
        old -> {
          RmsProp settings = change.apply(old.clone());
          if (settings == null) {
            throw new IllegalArgumentException("the new settings must not be null, of " + old);
          }
          return validated(settings.clone());
        });
  }

  /** The keys of the state that an updater of these settings has. */
  static List<String> stateKeys(IUpdater settings) {
    List<String> keys = new ArrayList<>(List.of(RmsPropUpdater.G_STATE));
    if (settings instanceof RmsProp ours) {
      if (ours.isCentered()) {
        keys.add(RmsPropUpdater.M_STATE);
      }
      if (ours.getMomentum() != 0 || ours.getMomentumSchedule() != null) {
        keys.add(RmsPropUpdater.B_STATE);
      }
    }
    return keys;
  }

  private static RmsProp validated(RmsProp settings) {
    settings.stateSize(0); // which validates
    return settings;
  }

  private static org.nd4j.linalg.learning.config.RmsProp builtIn(RmsProp ours, boolean stateKept) {
    validated(ours);
    var builtIn =
        new org.nd4j.linalg.learning.config.RmsProp(
            ours.getLearningRate(), ours.getRmsDecay(), ours.getEpsilon());
    builtIn.setLearningRateSchedule(ours.clone().getLearningRateSchedule());
    List<String> lost = lost(ours, RmsProp.of(builtIn), stateKept);
    if (!lost.isEmpty()) {
      throw new IllegalArgumentException(
          "the built-in RmsProp has no counterpart of "
              + String.join(", ", lost)
              + ": it computes as Flavor.DL4J with learningRate, learningRateSchedule, rmsDecay and"
              + " epsilon only");
    }
    return builtIn;
  }

  /** By comparing all fields, so that no setting to come is forgotten. */
  private static List<String> lost(RmsProp ours, RmsProp back, boolean stateKept) {
    ObjectMapper mapper = NeuralNetConfiguration.mapper();
    JsonNode given = mapper.valueToTree(ours);
    JsonNode kept = mapper.valueToTree(back);
    List<String> lost = new ArrayList<>();
    for (Iterator<Map.Entry<String, JsonNode>> fields = given.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey();
      boolean harmless =
          name.equals("learningRateInMomentum") // and momentum itself is refused
              || name.equals("epsilonInsideSqrt") && !ours.isEpsilonInsideSqrt()
              || name.equals("initialMeanSquare")
                  && (stateKept || ours.getInitialMeanSquare() == ours.getEpsilon());
      if (!harmless && !field.getValue().equals(kept.get(name))) {
        lost.add(name + " = " + field.getValue());
      }
    }
    return lost;
  }

  /**
   * {@return what an updater becomes}
   *
   * @throws IllegalArgumentException if it is not of the class to replace
   */
  IUpdater updater(IUpdater updater) {
    if (updater == null || updater.getClass() != from) {
      throw nothing(Set.of(updater == null ? "none" : updater.getClass().getName()));
    }
    return to.apply(from.cast(updater));
  }

  /**
   * {@return a copy of a configuration, with the updaters replaced}
   *
   * @throws IllegalArgumentException if there is nothing to replace, if a setting is refused, or if
   *     the configuration cannot be written and read
   */
  <C> C configuration(C configuration, Function<C, String> write, Function<String, C> read) {
    String json;
    try {
      json = write.apply(configuration);
    } catch (RuntimeException e) {
      throw notSaved(e);
    }
    String swapped;
    try {
      swapped = json(json);
    } catch (IOException e) {
      throw notSaved(e);
    }
    try {
      return read.apply(swapped);
    } catch (RuntimeException e) {
      throw notSaved(e);
    }
  }

  private static IllegalArgumentException notSaved(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new IllegalArgumentException(
        "the network must have a configuration that Deeplearning4j can save and load: "
            + cause.getMessage(),
        e);
  }

  /**
   * {@return the JSON of a configuration, with the updaters replaced}
   *
   * @throws IOException if it is not JSON, or not of a configuration, or nested too deep
   * @throws IllegalArgumentException if there is nothing to replace, or if a setting is refused
   */
  String json(String json) throws IOException {
    ObjectMapper mapper = NeuralNetConfiguration.mapper();
    checkDepth(json, mapper);
    JsonNode tree = mapper.readTree(json);
    Set<String> others = new TreeSet<>();
    if (!replace(tree, mapper, others)) {
      throw nothing(others.isEmpty() ? Set.of("none") : others);
    }
    return mapper.writeValueAsString(tree);
  }

  /** Jackson's tree is read by recursion, which a hostile file could make overflow the stack. */
  private static void checkDepth(String json, ObjectMapper mapper) throws IOException {
    try (JsonParser parser = mapper.getFactory().createParser(json)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > MAX_DEPTH) {
          throw new IOException("the JSON must be nested at most " + MAX_DEPTH + " deep");
        }
      }
    }
  }

  private boolean replace(JsonNode node, ObjectMapper mapper, Set<String> others)
      throws IOException {
    if (node instanceof ObjectNode object && object.path(CLASS).isTextual()) {
      String name = object.get(CLASS).asText();
      if (name.equals(from.getName())) {
        ObjectNode swapped = mapper.valueToTree(to.apply(mapper.treeToValue(object, from)));
        object.removeAll();
        object.setAll(swapped);
        return true;
      }
      if (name.startsWith("org.nd4j.linalg.learning.config.")
          || name.equals(RmsProp.class.getName())) {
        others.add(name);
      }
    }
    boolean found = false;
    for (JsonNode child : node) {
      found |= replace(child, mapper, others);
    }
    return found;
  }

  private IllegalArgumentException nothing(Set<String> others) {
    return new IllegalArgumentException(
        "there is nothing to replace: the updater must be "
            + from.getName()
            + ", got "
            + String.join(", ", others));
  }
}
