package io.github.rmsprop4j.benchmarks.step;

import io.github.rmsprop4j.RmsProp;

/** Settings of this project's updater. */
public enum Form {
  /** As the built-in updater: v. */
  PLAIN(RmsProp.builder()),

  /** v and b. */
  MOMENTUM(RmsProp.builder().momentum(0.9)),

  /** v and m. */
  CENTERED(RmsProp.builder().centered(true)),

  /** v, m and b. */
  CENTERED_MOMENTUM(RmsProp.builder().centered(true).momentum(0.9));

  /** Learning rate of all contenders. */
  static final double RATE = 1e-3;

  final RmsProp config;

  Form(RmsProp.Builder builder) {
    config = builder.learningRate(RATE).build();
  }

  int stateArrays() {
    return (int) config.stateSize(1);
  }
}
