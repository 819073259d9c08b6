package io.github.rmsprop4j.harness.report;

import io.github.rmsprop4j.harness.Comparison;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * One comparison that the harness is to make: a row of the table.
 *
 * @param section where it is shown
 * @param network whose verdict it is part of; a network may have several items
 * @param title of the row
 * @param description what the network is there for, in one sentence
 * @param type of the parameters
 * @param iterations how often the work says that it goes on
 * @param work makes the comparison
 */
public record Item(
    Section section,
    String network,
    String title,
    String description,
    DataType type,
    int iterations,
    Work work) {

  /** The parts of table and report, in their order. */
  public enum Section {
    /** Each with all of its curves. */
    NETWORKS("Standard networks", false),
    /** Many alike: in the report a table. */
    FLAVORS("Flavors and settings", true),
    /** What the user brought. */
    MODEL("Saved model", false);

    public final String title;
    public final boolean compact;

    Section(String title, boolean compact) {
      this.title = title;
      this.compact = compact;
    }
  }

  /** Makes a comparison. */
  public interface Work {
    /**
     * Makes it.
     *
     * @param progress to be called after each iteration
     */
    Comparison compare(Runnable progress);
  }
}
