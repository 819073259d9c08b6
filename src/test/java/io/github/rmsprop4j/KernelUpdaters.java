package io.github.rmsprop4j;

import io.github.rmsprop4j.kernel.Kernels;

/** This project's updater in kernels other than that of this JVM. */
public final class KernelUpdaters {
  private KernelUpdaters() {}

  /**
   * Makes an updater that has no state yet.
   *
   * @param config the settings
   * @param kernel {@code simd}, {@code plain} or {@code nd4j}
   * @throws IllegalStateException if the kernel cannot be had, with the reason
   */
  public static RmsPropUpdater in(String kernel, RmsProp config) {
    return in(kernel, config, Runtime.getRuntime().availableProcessors());
  }

  /** The same on a given number of threads at most. */
  public static RmsPropUpdater in(String kernel, RmsProp config, int threads) {
    return new RmsPropUpdater(config, Kernels.named(kernel, threads));
  }
}
