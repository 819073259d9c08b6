package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Which arrays are stepped where they lie, and what was found out about large ones. */
class HostKernelTest {
  private static final HostKernel KERNEL = new PlainKernel(1);

  private static INDArray array(char order, long... shape) {
    return Nd4j.createUninitialized(DataType.FLOAT, shape, order).assign(1);
  }

  /**
   * Whether it takes the array as gradient, and as each of the others beside one like {@code a}.
   */
  private static void assertTakes(boolean taken, INDArray a, INDArray b) {
    assertEquals(taken, KERNEL.takes(a, new State(b, null, null), null), "mean square");
    assertEquals(taken, KERNEL.takes(b, new State(a, null, null), null), "gradient");
    assertEquals(taken, KERNEL.takes(a, new State(a, b, null), null), "mean");
    assertEquals(taken, KERNEL.takes(a, new State(a, null, b), null), "momentum buffer");
    assertEquals(taken, KERNEL.takes(a, new State(a, a, a), b), "parameters");
    assertTrue(KERNEL.takes(a, new State(a, a, a), a));
  }

  @Test
  void denseArraysWhoseElementsPairUpAreTaken() {
    INDArray c = array('c', 4, 5);
    assertTakes(true, c, array('c', 4, 5));
    assertTakes(true, c, array('c', 20));
    assertTakes(true, array('f', 4, 5), array('f', 4, 5));
    assertTakes(true, array('f', 2, 3, 4), array('f', 2, 3, 4));
    assertTakes(false, c, array('f', 4, 5));
    assertTakes(false, array('f', 4, 5), array('f', 5, 4));
    assertTakes(
        false, c, array('c', 4, 10).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2, 10)));
    assertTakes(false, c, array('c', 4, 6).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 5)));
    assertTakes(true, array('c', 1, 5), array('f', 1, 5)); // in one row both lie alike
  }

  @ParameterizedTest
  @CsvSource({"FLOAT, true", "DOUBLE, true", "HALF, false", "BFLOAT16, false"})
  void typesOfTheProcessorAreTaken(DataType type, boolean taken) {
    INDArray array = Nd4j.ones(type, 6);
    assertEquals(taken, KERNEL.takes(array, new State(array, null, null), null));
  }

  /** No view of Java sees every byte of it as the first of a float. */
  @Test
  void whatLiesAcrossIsNot() {
    BytePointer memory = new BytePointer(Float.BYTES * 8);
    for (int shift = 0; shift < Float.BYTES; shift++) {
      FloatPointer floats = new FloatPointer(memory.getPointer(shift));
      floats.capacity(6).limit(6);
      INDArray array =
          Nd4j.create(
              Nd4j.createBuffer(floats, DataType.FLOAT, 6, FloatIndexer.create(floats)), 1, 6);
      INDArray whole = array('c', 1, 6);
      assertEquals(shift == 0, KERNEL.takes(array, new State(whole, null, null), null));
      assertEquals(shift == 0, KERNEL.takes(whole, new State(array, null, null), null));
    }
    memory.close();
  }

  @Test
  void choicesAreTold() {
    HostKernel kernel =
        new PlainKernel(3, false, new HostKernel.Limits(1 << 20, 1000, 1000, 1 << 8));
    steps(kernel, DataType.FLOAT, 999);
    assertEquals("", kernel.choices(), "too short");
    steps(kernel, DataType.FLOAT, 5000);
    String way = "(1 thread|3 threads)(, reading ahead)?";
    assertTrue(kernel.choices().matches("FLOAT from 2\\^12: " + way), kernel.choices());
    steps(kernel, DataType.DOUBLE, 1024);
    assertTrue(
        kernel.choices().matches("DOUBLE from 2\\^10: " + way + "; FLOAT from 2\\^12: " + way),
        kernel.choices());
  }

  /** As many as a choice takes; each is one of four ways. */
  private static void steps(HostKernel kernel, DataType type, int length) {
    INDArray gradient = Nd4j.ones(type, length);
    State state = new State(Nd4j.ones(type, length), null, null);
    for (int i = 0; i < 4 * Chooser.TIMES; i++) {
      kernel.step(Form.at(0).example(), gradient, state, null);
    }
  }
}
