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
    } catch (RuntimeException e) {
      return new Outcome(item, Optional.empty(), List.of("training broke off: " + e));
    }
  }

  /** {@return how many networks are among them} */
  public static long networks(List<Outcome> outcomes) {
    return outcomes.stream().map(outcome -> outcome.item().network()).distinct().count();
  }

  /** {@return how many of the networks have a fault in one of their items} */
  public static long differing(List<Outcome> outcomes) {
    return networks(outcomes.stream().filter(outcome -> !outcome.faults().isEmpty()).toList());
  }
}
