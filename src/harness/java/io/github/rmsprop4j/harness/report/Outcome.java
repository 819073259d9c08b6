package io.github.rmsprop4j.harness.report;

import io.github.rmsprop4j.harness.Comparison;
import java.util.List;
import java.util.Optional;

/**
 * What came of an item.
 *
 * @param item which
 * @param comparison empty if it broke off
 * @param faults in sentences; empty if all agrees
 */
public record Outcome(Item item, Optional<Comparison> comparison, List<String> faults) {
  /** Works on an item. One that breaks off is at fault, and no reason to leave out the others. */
  public static Outcome of(Item item, Runnable progress) {
    try {
      Comparison comparison = item.work().compare(progress);
      return new Outcome(item, Optional.of(comparison), comparison.faults());
    } catch (RuntimeException | OutOfMemoryError e) {
      return new Outcome(item, Optional.empty(), List.of("broke off: " + e));
    }
  }

  /** Such as "24 networks, 0 differ", or "2 networks, 0 differ, 1 broke off". */
  public static String verdict(List<Outcome> outcomes) {
    long all = networks(outcomes);
    List<Outcome> broken = outcomes.stream().filter(o -> o.comparison().isEmpty()).toList();
    return "%d network%s, %d differ".formatted(all, all == 1 ? "" : "s", differing(outcomes))
        + (broken.isEmpty() ? "" : ", %d broke off".formatted(networks(broken)));
  }

  /** {@return whether nothing differs and nothing broke off} */
  public static boolean agree(List<Outcome> outcomes) {
    return outcomes.stream().allMatch(outcome -> outcome.faults().isEmpty());
  }

  /** {@return how many of the networks differ in one of their items} */
  private static long differing(List<Outcome> outcomes) {
    return networks(
        outcomes.stream()
            .filter(outcome -> outcome.comparison().isPresent() && !outcome.faults().isEmpty())
            .toList());
  }

  private static long networks(List<Outcome> outcomes) {
    return outcomes.stream().map(outcome -> outcome.item().network()).distinct().count();
  }
}
