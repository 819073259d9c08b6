package io.github.rmsprop4j.harness;

import org.nd4j.linalg.learning.GradientUpdater;

/** Who looks at the updaters of a copied network. */
public interface Observer {
  /**
   * Stands between the network and an updater.
   *
   * @param config what the network is to see as its configuration
   * @param updater who does the work
   */
  GradientUpdater<?> around(ContenderConfig config, GradientUpdater<?> updater);
}
