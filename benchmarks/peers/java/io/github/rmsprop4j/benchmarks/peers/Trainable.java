package io.github.rmsprop4j.benchmarks.peers;

/** Parameters, a gradient and one library's RMSprop over them. */
interface Trainable extends AutoCloseable {
  /**
   * Puts a gradient where the library expects one. Not timed.
   *
   * @param gradient as many values as there are parameters
   */
  void handOver(float[] gradient);

  /** The timed part: one step from the gradient to changed parameters. */
  void step();

  /** {@return a copy of the parameters} */
  float[] parameters();

  /** Frees what the JVM does not. */
  @Override
  void close();
}
