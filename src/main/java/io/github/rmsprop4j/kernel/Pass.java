package io.github.rmsprop4j.kernel;

/** One way through the arrays of a step: a kernel's inner loop. */
interface Pass {
  /**
   * Steps some elements.
   *
   * @param step its form is the one that this pass was made for
   * @param arrays of the type that this pass was made for
   * @param from index of the first element
   * @param to index behind the last
   */
  void run(Step step, Operands arrays, int from, int to);
}
