package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.databind.InjectableValues;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The configuration of a network, in which its RMSprop updaters can be replaced. */
final class ConfigurationJson {
  private static final String CLASS = "@class";
  private static final String OURS = RmsProp.class.getName();
  private static final String BUILT_IN = org.nd4j.linalg.learning.config.RmsProp.class.getName();
  private static final String UPDATERS = "org.nd4j.linalg.learning.config.";

  private final JsonNode tree;
  private final List<RmsProp> settings = new ArrayList<>();

  private ConfigurationJson(JsonNode tree) {
    this.tree = tree;
  }

  /**
   * Reads a configuration.
   *
   * @throws IllegalArgumentException if there is no RMSprop updater in it
   */
  static ConfigurationJson of(String json) {
    try {
      ObjectMapper mapper = NeuralNetConfiguration.mapper();
      ConfigurationJson read = new ConfigurationJson(mapper.readTree(json));
      Set<String> others = new TreeSet<>();
      read.replace(read.tree, mapper, others);
      if (read.settings.isEmpty()) {
        throw new IllegalArgumentException(
            "the network must have an updater of " + OURS + " or " + BUILT_IN + ", got " + others);
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void replace(JsonNode node, ObjectMapper mapper, Set<String> others) throws IOException {
    if (node instanceof ObjectNode object && object.path(CLASS).isTextual()) {
      String name = object.get(CLASS).asText();
      if (name.equals(OURS) || name.equals(BUILT_IN)) {
        object.put(CLASS, OURS); // of which the settings of the built-in are a part
        settings.add(mapper.treeToValue(object, RmsProp.class));
        JsonNode copy = object.deepCopy();
        object.removeAll();
        object.put(CLASS, ContenderConfig.class.getName());
        object.set("settings", copy);
        return;
      }
      if (name.startsWith(UPDATERS)) {
        others.add(name.substring(UPDATERS.length()));
      }
    }
    for (JsonNode child : node) {
      replace(child, mapper, others);
    }
  }

  /** {@return the settings of all RMSprop updaters} */
  List<RmsProp> settings() {
    return settings;
  }

  /** {@return the configuration with a contender in place of each RMSprop updater} */
  <T> T with(Contender contender, Observer observer, Class<T> type) {
    ObjectMapper mapper = NeuralNetConfiguration.mapper().copy();
    mapper.setInjectableValues(
        new InjectableValues.Std()
            .addValue(Contender.class, contender)
            .addValue(Observer.class, observer));
    return read(mapper, tree, type);
  }

  /** {@return the configuration with this project's in place of each RMSprop updater} */
  <T> T withOurs(Class<T> type) {
    JsonNode ours = tree.deepCopy();
    for (JsonNode parent : ours.findParents(CLASS)) {
      if (parent.get(CLASS).asText().equals(ContenderConfig.class.getName())) {
        ObjectNode settings = (ObjectNode) parent.get("settings");
        ((ObjectNode) parent).removeAll().setAll(settings);
      }
    }
    return read(NeuralNetConfiguration.mapper(), ours, type);
  }

  private static <T> T read(ObjectMapper mapper, JsonNode tree, Class<T> type) {
    try {
      return mapper.treeToValue(tree, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
