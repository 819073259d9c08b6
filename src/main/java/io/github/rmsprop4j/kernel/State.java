package io.github.rmsprop4j.kernel;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays that a step moves on, all of the gradient's length and type.
 *
 * @param meanSquare v
 * @param mean m, or null if the step is not centered
 * @param momentum b, or null if the step has no momentum
 */
public record State(INDArray meanSquare, INDArray mean, INDArray momentum) {
  /** {@return the same with each array replaced} */
  State map(UnaryOperator<INDArray> replacement) {
    return new State(
        replacement.apply(meanSquare),
        mean == null ? null : replacement.apply(mean),
        momentum == null ? null : replacement.apply(momentum));
  }
}
