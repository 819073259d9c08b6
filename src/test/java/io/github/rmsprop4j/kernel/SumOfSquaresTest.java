package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SumOfSquaresTest {
  private static final List<DataType> TYPES =
      List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16);

  @Test
  void addsUpTheSquares() {
    for (DataType type : TYPES) {
      for (int n : new int[] {1, 2, 3, 4, 5, 7, 8, 1001}) {
        INDArray whole = random(type, n + 3);
        check(whole);
        check(whole.get(NDArrayIndex.interval(3, n + 3)));
      }
      check(random(type, 30).reshape(5, 6));
      check(random(type, 30).reshape(5, 6).transpose());
      check(random(type, 30).reshape(5, 6).getColumn(2));
    }
  }

  private static INDArray random(DataType type, int n) {
    Random random = new Random(n);
    INDArray array = Nd4j.create(DataType.DOUBLE, n);
    for (int i = 0; i < n; i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array.castTo(type);
  }

  private static void check(INDArray array) {
    double expected = 0;
    for (double x : array.castTo(DataType.DOUBLE).dup('c').data().asDouble()) {
      expected += x * x;
    }
    assertEquals(expected, SumOfSquares.of(array), 1e-13 * expected);
    for (long span : new long[] {Double.BYTES, 64, 1 << 12}) {
      assertEquals(expected, SumOfSquares.of(array, span), 1e-13 * expected, "in pieces");
    }
  }

  @Test
  void tellsWhatIsNotFinite() {
    for (DataType type : TYPES) {
      for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        for (int i = 0; i < 7; i++) {
          INDArray array = random(type, 7);
          array.putScalar(i, bad);
          assertFalse(Double.isFinite(SumOfSquares.of(array)), type + " " + bad + " at " + i);
        }
      }
    }
  }

  @Test
  void doesNotOverflow() {
    INDArray array = Nd4j.valueArrayOf(new long[] {100}, Float.MAX_VALUE, DataType.FLOAT);
    assertEquals(100.0 * Float.MAX_VALUE * Float.MAX_VALUE, SumOfSquares.of(array), 1e65);
  }
}
