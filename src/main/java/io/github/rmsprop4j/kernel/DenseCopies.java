package io.github.rmsprop4j.kernel;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Dense copies in c order, for arrays that a kernel does not take: of HALF and BFLOAT16 in float,
 * of others in their own type. Detached, and freed again by {@link #close}.
 */
final class DenseCopies implements AutoCloseable {
  private final List<INDArray> copies = new ArrayList<>();

  /** Steps through copies of the gradient and the state. */
  static void step(StepKernel kernel, Step step, INDArray gradient, State state) {
    try (DenseCopies copies = new DenseCopies()) {
      INDArray g = copies.of(gradient);
      State copied = state.map(copies::of);
      kernel.step(step, g, copied, null);
      moveBack(g, gradient);
      moveBack(copied.meanSquare(), state.meanSquare());
      moveBack(copied.mean(), state.mean());
      moveBack(copied.momentum(), state.momentum());
    }
  }

  INDArray of(INDArray array) {
    DataType type = array.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
    INDArray copy = Nd4j.createUninitializedDetached(type, array.length());
    copies.add(copy);
    copy.reshape('c', array.shape()).assign(array);
    return copy;
  }

  private static void moveBack(INDArray dense, INDArray array) {
    if (array != null) {
      array.assign(dense.reshape('c', array.shape()));
    }
  }

  @Override
  public void close() {
    copies.forEach(INDArray::close);
  }
}
