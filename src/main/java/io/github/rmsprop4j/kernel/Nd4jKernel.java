package io.github.rmsprop4j.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.RmsPropUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * In-place ND4J operations, for backends whose memory Java cannot reach. Where the built-in
 * operation is the step that is asked for, it does it; otherwise the step is put together from
 * elementwise operations, with two detached temporary arrays.
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
  public boolean takes(INDArray gradient, State state, INDArray parameters) {
    DataType type = gradient.dataType();
    // ND4J's elementwise operations want equal shapes, in any strides.
    return (type == DataType.FLOAT || type == DataType.DOUBLE)
        && sameShape(gradient, state.meanSquare())
        && sameShape(gradient, state.mean())
        && sameShape(gradient, state.momentum())
        && sameShape(gradient, parameters);
  }

  private static boolean sameShape(INDArray gradient, INDArray other) {
    return other == null || Arrays.equals(gradient.shape(), other.shape());
  }

  @Override
  public void step(Step step, INDArray gradient, State state, INDArray parameters) {
    boolean builtIn = isBuiltIn(step, gradient.dataType(), state);
    if (step.fused() && !builtIn) {
      throw new IllegalStateException(
          "the nd4j kernel can fuse v only where the built-in updater does, and without centering,"
              + " momentum and bias correction; use -Drmsprop4j.fma=off or another kernel");
    }
    if (step.divisor() != 1) {
      gradient.divi(step.divisor());
    }
    Kernels.addParameters(step.parameterDecay().l2(), parameters, gradient);
    if (builtIn) {
      Nd4j.exec(
          new RmsPropUpdater(
              gradient, state.meanSquare(), step.rateIn(), step.decay(), step.epsilonOutside()));
    } else {
      compose(step, gradient, state);
    }
    if (parameters != null) {
      Kernels.change(step.parameterDecay(), parameters, gradient);
    }
  }

  private static boolean isBuiltIn(Step step, DataType type, State state) {
    return step.fused() == BuiltInRounding.fuses(type)
        && !step.difference()
        && !(step.restInDouble() && type == DataType.FLOAT)
        && step.correction() == 1
        && step.epsilonInside() == 0
        && state.mean() == null
        && state.momentum() == null;
  }

  private static void compose(Step step, INDArray g, State state) {
    try (INDArray u = like(g);
        INDArray work = like(g)) {
      INDArray v = state.meanSquare();
      move(step, v, u.assign(g).muli(g), work);
      INDArray d = u.assign(v).muli(step.correction());
      INDArray m = state.mean();
      if (m != null) {
        try (INDArray mean = like(g)) {
          move(step, m, mean.assign(g), work);
          mean.assign(m).muli(step.correction());
          d.subi(mean.muli(mean));
          // Not Transforms.max, which makes zero of NaN.
          BooleanIndexing.replaceWhere(d, 0, Conditions.lessThan(0));
        }
      }
      Transforms.sqrt(d.addi(step.epsilonInside()), false).addi(step.epsilonOutside());
      g.muli(step.rateIn()).divi(d);
      INDArray b = state.momentum();
      if (b != null) {
        b.muli(step.momentum()).addi(g);
        if (step.nesterov()) {
          g.addi(work.assign(b).muli(step.momentum()));
        } else {
          g.assign(b);
        }
        g.muli(step.rateOut());
      }
    }
  }

  /** Moves a mean towards x, which is overwritten. */
  private static void move(Step step, INDArray mean, INDArray x, INDArray work) {
    Number rest =
        x.dataType() == DataType.DOUBLE ? step.oneMinusDecay() : (Number) step.floatOneMinusDecay();
    if (step.difference()) {
      mean.addi(x.subi(mean).muli(rest));
    } else {
      mean.muli(step.decay()).addi(x.muli(rest));
    }
  }

  private static INDArray like(INDArray array) {
    return Nd4j.createUninitializedDetached(array.dataType(), array.ordering(), array.shape());
  }

  /** On the host: ND4J's natives do not know {@code Conditions.notFinite()}. */
  @Override
  public long firstNonFinite(INDArray gradient) {
    double[] values = gradient.dup('c').data().asDouble();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }
}
