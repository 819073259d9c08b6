package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.ReferenceMath;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Kernels x lengths x offsets x types, update and state, by bits. */
class DenseStepTest {
  /** Nothing, around the vector widths, primes, around a tile, and enough to split over threads. */
  private static final int[] LENGTHS = {
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    15,
    16,
    17,
    31,
    35,
    61,
    100,
    127,
    1021,
    1024,
    1025,
    4095,
    4096,
    4097,
    2 * HostKernel.MIN_PART - 1,
    2 * HostKernel.MIN_PART,
    3 * HostKernel.MIN_PART + 4099
  };

  private static final int[] OFFSETS = {0, 1, 13};
  private static final int STEPS = 3;
  private static final int GUARD = 19;
  private static final double RATE = 0.1;
  private static final double DECAY = 0.95;
  private static final double EPSILON = 1e-8;

  static Stream<Arguments> cases() {
    return KernelsUnderTest.all().stream()
        .flatMap(
            kernel ->
                Stream.of(DataType.FLOAT, DataType.DOUBLE)
                    .flatMap(
                        type ->
                            Stream.of(false, true)
                                .filter(fused -> !fused || KernelsUnderTest.canFuse(kernel, type))
                                .map(fused -> arguments(kernel, type, fused))));
  }

  @ParameterizedTest(name = "{0}, {1}, fused: {2}")
  @MethodSource("cases")
  void agreesWithReferenceMath(StepKernel kernel, DataType type, boolean fused) {
    for (int length : LENGTHS) {
      for (int offset : OFFSETS) {
        check(kernel, type, fused, length, offset);
      }
    }
  }

  private static void check(
      StepKernel kernel, DataType type, boolean fused, int length, int offset) {
    String what = kernel + " " + type + " length " + length + " offset " + offset;
    Random random = new Random(31L * length + offset);
    INDArray gradients = Nd4j.createUninitializedDetached(type, offset + length + GUARD);
    INDArray state = Nd4j.createUninitializedDetached(type, 2 * offset + length + GUARD);
    fill(gradients, random);
    fill(state, random);
    INDArray g = gradients.get(NDArrayIndex.interval(offset, offset + length));
    INDArray v = state.get(NDArrayIndex.interval(2 * offset, 2 * offset + length));
    v.assign(EPSILON);
    INDArray expectedGradients = gradients.dup();
    INDArray expectedState = state.dup();
    INDArray expectedG = expectedGradients.get(NDArrayIndex.interval(offset, offset + length));
    INDArray expectedV = expectedState.get(NDArrayIndex.interval(2 * offset, 2 * offset + length));
    for (int t = 0; t < STEPS; t++) {
      fill(g, random);
      expectedG.assign(g);
      kernel.step(KernelsUnderTest.dl4j(RATE, DECAY, EPSILON, fused), g, new State(v, null, null));
      reference(expectedG, expectedV, fused);
      // The whole buffers: nothing outside the views may change.
      Bits.assertSame(expectedGradients, gradients, what + " step " + t + " update");
      Bits.assertSame(expectedState, state, what + " step " + t + " state");
    }
    Stream.of(gradients, state, expectedGradients, expectedState).forEach(INDArray::close);
  }

  private static void reference(INDArray g, INDArray v, boolean fused) {
    if (g.dataType() == DataType.DOUBLE) {
      double[] gs = g.dup().data().asDouble();
      double[] vs = v.dup().data().asDouble();
      ReferenceMath.step(gs, vs, RATE, DECAY, EPSILON, fused);
      g.assign(Nd4j.createFromArray(gs));
      v.assign(Nd4j.createFromArray(vs));
    } else {
      float[] gs = g.dup().data().asFloat();
      float[] vs = v.dup().data().asFloat();
      ReferenceMath.step(gs, vs, RATE, DECAY, EPSILON, fused);
      g.assign(Nd4j.createFromArray(gs));
      v.assign(Nd4j.createFromArray(vs));
    }
  }

  private static void fill(INDArray array, Random random) {
    int n = (int) array.length();
    if (array.dataType() == DataType.DOUBLE) {
      double[] values = new double[n];
      for (int i = 0; i < n; i++) {
        values[i] = Values.nextDouble(random);
      }
      array.assign(Nd4j.createFromArray(values));
    } else {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = Values.nextFloat(random);
      }
      array.assign(Nd4j.createFromArray(values));
    }
  }
}
