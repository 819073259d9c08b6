package io.github.rmsprop4j.harness.app;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.Race;
import io.github.rmsprop4j.harness.Subject;
import io.github.rmsprop4j.harness.networks.Catalogue;
import io.github.rmsprop4j.harness.networks.StandardNetwork;
import io.github.rmsprop4j.harness.networks.StandardSettings;
import io.github.rmsprop4j.harness.report.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The items of the harness. */
public final class Items {
  /** With fewer a loss may rise, by the noise of the mini-batches and of dropout. */
  private static final int LEARNING_ITERATIONS = 10;

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
        progress ->
            race(
                network.name(),
                network.network().create(type, Catalogue.settings()),
                network.data().apply(type),
                iterations,
                contenders,
                progress));
  }

  /**
   * {@return every flavor and every setting, on an MLP, a convolutional and a recurrent network}
   */
  public static List<Item> flavors(
      DataType type, int iterations, Function<Subject, List<Contender>> contenders) {
    List<Item> items = new ArrayList<>();
    for (Map.Entry<String, RmsProp> settings : StandardSettings.all().entrySet()) {
      for (String name : List.of("mlp", "lenet", "lstm")) {
        StandardNetwork network = Catalogue.named(name);
        items.add(
            new Item(
                Item.Section.FLAVORS,
                name,
                settings.getKey() + ", " + name,
                network.description(),
                type,
                iterations,
                progress ->
                    race(
                        settings.getKey() + ", " + name,
                        network.network().create(type, settings.getValue()),
                        network.data().apply(type),
                        iterations,
                        contenders,
                        progress)));
      }
    }
    return items;
  }

  private static Comparison race(
      String name,
      Subject subject,
      List<MultiDataSet> batches,
      int iterations,
      Function<Subject, List<Contender>> contenders,
      Runnable progress) {
    Race race = new Race(subject, contenders.apply(subject));
    race.run(batches, iterations, progress);
    return race.result(name, iterations >= LEARNING_ITERATIONS && iterations >= 2 * batches.size());
  }
}
