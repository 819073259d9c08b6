package io.github.rmsprop4j.harness;

import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The items of the harness. */
final class Items {
  private Items() {}

  /** {@return a network of the catalogue, in one type} */
  static Item of(
      StandardNetwork network,
      DataType type,
      int iterations,
      Function<Subject, List<Contender>> contenders) {
    return new Item(
        Item.Section.NETWORKS,
        network.name(),
        network.name(),
        network.description(),
        type,
        iterations,
        progress -> {
          Subject subject = network.network().create(type, Catalogue.settings());
          List<MultiDataSet> batches = network.data().apply(type);
          Race race = new Race(subject, contenders.apply(subject));
          race.run(batches, iterations, progress);
          return race.result(network.name(), true);
        });
  }
}
