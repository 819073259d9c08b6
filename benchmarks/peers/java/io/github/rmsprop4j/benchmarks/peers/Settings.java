package io.github.rmsprop4j.benchmarks.peers;

/**
 * What every library is given; no momentum, not centered.
 *
 * @param rate η
 * @param decay ρ
 * @param epsilon ε, which each library puts where it does
 */
record Settings(double rate, double decay, double epsilon) {
  /**
   * Those of the benchmark. With a rate of 1, ±1 is a fixed point of gradient and update, so what a
   * step leaves in place of its gradient never comes near the denormals, which would be slow.
   */
  static final Settings TIMED = new Settings(1, 0.95, 1e-8);
}
