package io.github.rmsprop4j;

import java.util.List;

/**
 * An optimizer of another framework, in Deeplearning4j's terms: what the updater does, and what is
 * left for the network. Nothing that changes training is dropped on the way.
 *
 * <pre>{@code
 * Migration keras = RmsProp.fromKeras(json);
 * keras.remaining().forEach(System.out::println); // do these first
 * new NeuralNetConfiguration.Builder().updater(keras.config()) ...
 * }</pre>
 *
 * @param config the updater's configuration; {@link RmsProp#getFlavor} tells whose arithmetic it is
 * @param remaining what an updater cannot do and you must add, such as weight decay and clipping:
 *     an entry and its value, then how, with the line of code where there is one. Empty if there is
 *     nothing to add
 */
public record Migration(RmsProp config, List<String> remaining) {
  /**
   * Copies the list.
   *
   * @param config what the updater does
   * @param remaining what you must add
   */
  public Migration {
    remaining = List.copyOf(remaining);
  }

  /** {@return whose arithmetic the configuration has} */
  public Flavor flavor() {
    return config.getFlavor();
  }
}
