package io.github.rmsprop4j.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One way to compute the {@link Step}. Kernels are safe for any number of threads, and agree with
 * each other bit for bit: the step is elementwise, and {@code + − * /}, the square root and the
 * fused multiply-add are correctly rounded in all of them.
 */
public interface StepKernel {
  /** {@return the name that {@code -Drmsprop4j.kernel} knows} */
  String name();

  /**
   * Whether this kernel can work on these arrays as they lie in memory.
   *
   * @param gradient FLOAT, DOUBLE, HALF or BFLOAT16
   * @param state of the gradient's type and length
   * @param parameters of the gradient's type and length, or null
   * @return false if they must be copied to dense FLOAT or DOUBLE arrays first
   */
  boolean takes(INDArray gradient, State state, INDArray parameters);

  /**
   * Steps in place; {@link #takes} holds.
   *
   * @param step the settings
   * @param gradient overwritten with the update, or with something undefined if there are
   *     parameters and the step need not keep it
   * @param state moved on
   * @param parameters the update is subtracted; or null
   */
  void step(Step step, INDArray gradient, State state, INDArray parameters);

  /**
   * Looks for a NaN or an infinity.
   *
   * @param gradient in c order; {@link #takes} holds
   * @return its first index, or −1
   */
  long firstNonFinite(INDArray gradient);
}
