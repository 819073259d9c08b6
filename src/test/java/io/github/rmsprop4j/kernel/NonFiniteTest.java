package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The first NaN or infinity, wherever it lies in the pieces that are addressed at once. */
class NonFiniteTest {
  private static final int PIECE = 16;
  private static final int LENGTH = 3 * PIECE + 5;

  private static long first(INDArray array) {
    int width = array.dataType().width();
    return NonFinite.first(
        array.data().address() + array.offset() * width,
        array.length(),
        array.dataType() == DataType.DOUBLE,
        (long) PIECE * width);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void everyPlace(DataType type) {
    INDArray array = Nd4j.rand(type, LENGTH);
    assertEquals(-1, first(array));
    double largest = type == DataType.FLOAT ? Float.MAX_VALUE : Double.MAX_VALUE;
    array.putScalar(0, largest).putScalar(LENGTH - 1, -largest);
    assertEquals(-1, first(array));
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1 / 0.0}) {
      for (int i = 0; i < LENGTH; i++) {
        double old = array.getDouble(i);
        array.putScalar(i, bad);
        assertEquals(i, first(array), bad + " at " + i);
        array.putScalar(i, old);
      }
    }
    array.putScalar(PIECE + 3, Double.NaN).putScalar(PIECE - 1, Double.NaN);
    assertEquals(PIECE - 1, first(array));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void whatLiesAroundIsNotLookedAt(DataType type) {
    INDArray around = Nd4j.rand(type, LENGTH + 2);
    around.putScalar(0, Double.NaN).putScalar(LENGTH + 1, Double.NaN);
    for (int length = 1; length <= LENGTH; length++) { // whole pieces too, and none behind them
      INDArray array = around.get(NDArrayIndex.interval(LENGTH + 1 - length, LENGTH + 1));
      assertEquals(-1, first(array), "length " + length);
    }
    assertEquals(LENGTH, first(around.get(NDArrayIndex.interval(1, LENGTH + 2))));
  }

  /** In c order, wherever the elements lie. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void everyKernelFindsTheFirst(DataType type) {
    for (StepKernel kernel : KernelsUnderTest.all()) {
      for (char order : new char[] {'c', 'f'}) {
        INDArray array = Nd4j.ones(type, 4, 5).dup(order);
        assertEquals(-1, Kernels.firstNonFinite(kernel, array), kernel.toString());
        array.putScalar(new int[] {3, 0}, Double.NaN);
        assertEquals(15, Kernels.firstNonFinite(kernel, array), kernel.toString());
        array.putScalar(new int[] {1, 4}, Double.POSITIVE_INFINITY);
        assertEquals(9, Kernels.firstNonFinite(kernel, array), kernel.toString());
        array.putScalar(new int[] {0, 0}, Double.NEGATIVE_INFINITY);
        assertEquals(0, Kernels.firstNonFinite(kernel, array), kernel.toString());
      }
      assertEquals(-1, Kernels.firstNonFinite(kernel, Nd4j.empty(type)), kernel.toString());
    }
  }
}
