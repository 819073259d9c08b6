package io.github.rmsprop4j.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One way to compute the {@link Step}. Kernels are stateless, safe for any number of threads, and
 * agree with each other bit for bit: the step is elementwise, and {@code + − * /}, the square root
 * and the fused multiply-add are correctly rounded in all of them.
 */
public interface StepKernel {
  /** {@return the name that {@code -Drmsprop4j.kernel} knows} */
  String name();

  /**
   * Whether this kernel can work on these arrays as they lie in memory.
   *
   * @param gradient FLOAT, DOUBLE, HALF or BFLOAT16
   * @param state of the gradient's type and length
   * @return false if they must be copied to dense FLOAT or DOUBLE arrays first
   */
  boolean takes(INDArray gradient, State state);

  /**
   * Steps in place.
   *
   * @param step the scalars
   * @param gradient overwritten with the update; {@link #takes} holds
   * @param state moved on
   */
  void step(Step step, INDArray gradient, State state);

  /**
   * Looks for a NaN or an infinity.
   *
   * @param gradient in c order; {@link #takes} holds
   * @return its first index, or −1
   */
  long firstNonFinite(INDArray gradient);
}
