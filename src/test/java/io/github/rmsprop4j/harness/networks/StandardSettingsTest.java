package io.github.rmsprop4j.harness.networks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.app.Items;
import io.github.rmsprop4j.harness.report.Item;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Every flavor and setting on a small network; the long form has a convolutional one and an LSTM.
 */
class StandardSettingsTest {
  private static final int ITERATIONS = 12;

  static Stream<Item> items() {
    return Items.flavors(DataType.FLOAT, ITERATIONS, Contender::of).stream()
        .filter(item -> item.network().equals("mlp"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("items")
  void agreesAndLearns(Item item) {
    Comparison comparison = item.work().compare(() -> {});
    assertTrue(comparison.mustLearn());
    assertEquals(List.of(), comparison.faults());
  }

  @Test
  void haveEveryFlavor() {
    Set<Flavor> flavors =
        StandardSettings.all().values().stream()
            .map(RmsProp::getFlavor)
            .collect(Collectors.toSet());
    assertEquals(Set.copyOf(Arrays.asList(Flavor.values())), flavors);
  }
}
