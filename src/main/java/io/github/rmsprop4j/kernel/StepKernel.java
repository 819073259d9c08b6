package io.github.rmsprop4j.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One way to compute the {@link Step}. Kernels are stateless, safe for any number of threads, and
 * agree with each other bit for bit: the step is elementwise, and {@code + − * /}, the square root
 * and the fused multiply-add are correctly rounded in all of them.
 */
interface StepKernel {
  /** {@return the name that {@code -Drmsprop4j.kernel} knows} */
  String name();

  /**
   * Whether this kernel can work on these arrays as they lie in memory.
   *
   * @param gradient FLOAT, DOUBLE, HALF or BFLOAT16
   * @param meanSquare of the gradient's type and length
   * @return false if they must be copied to dense FLOAT or DOUBLE arrays first
   */
  boolean takes(INDArray gradient, INDArray meanSquare);

  /**
   * Steps in place.
   *
   * @param step the scalars
   * @param gradient overwritten with the update; {@link #takes} holds
   * @param meanSquare v, moved on
   */
  void step(Step step, INDArray gradient, INDArray meanSquare);
}
