package io.github.rmsprop4j.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.migration.Migration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The settings that PyTorch and Keras were given, imported, are the configurations that {@link
 * GoldenTrajectoryTest} shows to follow them; what needs more than an updater is said to.
 */
class ImportedTrajectoryTest {
  static Stream<Trajectory> trajectories() {
    return Trajectory.lines("budgets.tsv").stream()
        .map(f -> Trajectory.read(f[0]))
        .filter(t -> t.equation().equals("torch") || t.equation().equals("keras"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trajectories")
  void importsTheSettingsOfTheRecording(Trajectory t) {
    Map<String, Object> settings = new HashMap<>(t.numbers());
    t.words().forEach((key, word) -> settings.put(key, Boolean.valueOf(word)));
    Migration migration;
    if (t.equation().equals("torch")) {
      migration = RmsProp.fromPyTorch(settings);
    } else {
      if (settings.remove("floatx") != null) {
        // get_config gives the rate as the variable holds it.
        settings.compute("learning_rate", (key, rate) -> (double) (float) (double) rate);
      }
      migration = RmsProp.fromKeras(settings);
    }
    assertEquals(Recipe.config(t), migration.config());
    Stream.of("weight_decay", "clipnorm", "clipvalue", "maximize")
        .forEach(
            key ->
                assertEquals(
                    settings.containsKey(key),
                    migration.remaining().stream().anyMatch(line -> line.startsWith(key + "=")),
                    key));
    assertTrue(migration.remaining().isEmpty() || Recipe.needsNetwork(t) || Recipe.sign(t) < 0);
  }
}
