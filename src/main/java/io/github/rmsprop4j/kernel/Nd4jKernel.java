package io.github.rmsprop4j.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.RmsPropUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * In-place ND4J operations, for backends whose memory Java cannot reach. Where the built-in
 * operation rounds as the step asks, it is the step; otherwise the step is put together from
 * elementwise operations, with one detached temporary array.
 */
final class Nd4jKernel implements StepKernel {
  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  public boolean takes(INDArray gradient, INDArray meanSquare) {
    DataType type = gradient.dataType();
    // ND4J's elementwise operations want equal shapes, in any strides.
    return (type == DataType.FLOAT || type == DataType.DOUBLE)
        && Arrays.equals(gradient.shape(), meanSquare.shape());
  }

  @Override
  public void step(Step step, INDArray gradient, INDArray meanSquare) {
    if (step.fused() == BuiltInRounding.fuses(gradient.dataType())) {
      Nd4j.exec(
          new RmsPropUpdater(
              gradient, meanSquare, step.learningRate(), step.decay(), step.epsilon()));
    } else if (step.fused()) {
      throw new IllegalStateException(
          "-Drmsprop4j.fma=on: the nd4j kernel cannot fuse with natives that do not;"
              + " use the simd or plain kernel");
    } else {
      separately(step, gradient, meanSquare);
    }
  }

  private static void separately(Step step, INDArray g, INDArray v) {
    INDArray work = Nd4j.createUninitializedDetached(g.dataType(), g.ordering(), g.shape());
    work.assign(g).muli(g).muli(rest(step, g.dataType()));
    v.muli(step.decay()).addi(work);
    work.assign(v);
    Transforms.sqrt(work, false).addi(step.epsilon());
    g.muli(step.learningRate()).divi(work);
    work.close();
  }

  private static Number rest(Step step, DataType type) {
    return type == DataType.DOUBLE
        ? (Number) (1 - step.decay())
        : (Number) (1 - (float) step.decay());
  }
}
