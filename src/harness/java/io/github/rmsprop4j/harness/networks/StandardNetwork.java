package io.github.rmsprop4j.harness.networks;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Subject;
import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A network of the catalogue with data for it. Equal calls give equal networks and equal data.
 *
 * @param name short, for tables and to choose it by
 * @param description structure, data, and what it is there for, in one sentence
 * @param network makes it
 * @param data makes the mini-batches of one epoch
 */
public record StandardNetwork(
    String name, String description, Factory network, Function<DataType, List<MultiDataSet>> data) {

  /** Makes a network. */
  public interface Factory {
    /**
     * Makes it anew.
     *
     * @param type FLOAT or DOUBLE
     * @param settings what its RMSprop updaters are configured with
     */
    Subject create(DataType type, RmsProp settings);
  }

  @Override
  public String toString() {
    return name;
  }
}
