package io.github.rmsprop4j.harness.networks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.harness.CallLog;
import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.Race;
import io.github.rmsprop4j.harness.Subject;
import io.github.rmsprop4j.harness.Trainee;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The harness over all of the catalogue, in its short form. */
class CatalogueTest {
  private static final int ITERATIONS = 2;

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("networks")
  void agrees(StandardNetwork network, DataType type) {
    Subject subject = create(network, type);
    Race race = new Race(subject, Contender.of(subject));
    race.run(network.data().apply(type), ITERATIONS, () -> {});
    Comparison comparison = race.result(network.name(), false);

    comparison.assertAgrees();
    assertTrue(comparison.builtIn(), "the built-in updater took part");
    assertTrue(comparison.iterations() >= ITERATIONS, "updates were compared");
    for (Comparison.Training training : comparison.trainings()) {
      assertEquals(ITERATIONS, training.losses().size());
      assertTrue(
          training.losses().stream().allMatch(loss -> Double.isFinite(loss) && loss > 0),
          training.contender() + ": " + training.losses());
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("networks")
  void isTheSameAtEveryCall(StandardNetwork network, DataType type) {
    assertSame(weights(network, type), weights(network, type), type);
    assertSame(data(network, type), data(network, type), type);
  }

  /** The large ones in FLOAT only, to save time. */
  static Stream<Arguments> networks() {
    return Stream.of(DataType.FLOAT, DataType.DOUBLE)
        .flatMap(
            type ->
                Catalogue.all().stream()
                    .filter(network -> type == DataType.FLOAT || !network.name().startsWith("zoo-"))
                    .map(network -> Arguments.of(network, type)));
  }

  @Test
  void hasNetworksOfAllSizes() {
    List<Long> sizes =
        Catalogue.all().stream()
            .map(network -> create(network, DataType.FLOAT).parameters())
            .toList();

    assertEquals(24, sizes.size());
    assertTrue(sizes.stream().anyMatch(n -> n < 100), "less than a few vectors: " + sizes);
    assertTrue(sizes.stream().anyMatch(n -> n > 600_000), "enough for two threads: " + sizes);
    assertTrue(sizes.stream().anyMatch(n -> n % 2 == 1), "no multiple of a vector: " + sizes);
  }

  @Test
  void findsANetworkByItsName() {
    for (StandardNetwork network : Catalogue.all()) {
      assertEquals(network, Catalogue.named(network.name()));
    }
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> Catalogue.named("alexnet"));
    assertTrue(
        refused.getMessage().endsWith("zoo-text-generation, got alexnet"), refused::getMessage);
  }

  private static Subject create(StandardNetwork network, DataType type) {
    return network.network().create(type, Catalogue.settings());
  }

  private static List<INDArray> weights(StandardNetwork network, DataType type) {
    return create(network, type).copy(Contender.ours(), new CallLog()).parameters().stream()
        .map(Trainee.Parameter::array)
        .toList();
  }

  private static List<INDArray> data(StandardNetwork network, DataType type) {
    List<INDArray> arrays = new ArrayList<>();
    for (MultiDataSet batch : network.data().apply(type)) {
      arrays.addAll(List.of(batch.getFeatures()));
      arrays.addAll(List.of(batch.getLabels()));
    }
    return arrays;
  }

  private static void assertSame(List<INDArray> expected, List<INDArray> actual, DataType type) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(type, actual.get(i).dataType());
      Bits.assertSame(expected.get(i), actual.get(i), "array " + i);
    }
  }
}
