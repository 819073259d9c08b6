package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies are dense, in a type that kernels take, and freed in the end. */
class DenseCopiesTest {
  @ParameterizedTest
  @CsvSource({"FLOAT, FLOAT", "DOUBLE, DOUBLE", "HALF, FLOAT", "BFLOAT16, FLOAT"})
  void copiesAreFreed(DataType type, DataType expected) {
    INDArray array =
        Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}}).castTo(type).transpose();
    List<INDArray> all = new ArrayList<>();
    try (DenseCopies copies = new DenseCopies()) {
      for (int i = 0; i < 3; i++) {
        INDArray copy = copies.of(array);
        all.add(copy);
        assertEquals(expected, copy.dataType());
        Bits.assertSame(new double[] {1, 4, 2, 5, 3, 6}, copy.toDoubleVector(), "in c order");
        assertFalse(copy.wasClosed());
      }
    }
    all.forEach(copy -> assertTrue(copy.wasClosed()));
  }
}
