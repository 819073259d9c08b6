package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Which arrays are stepped where they lie, and what was found out about large ones. */
class HostKernelTest {
  private static final HostKernel KERNEL = new PlainKernel(1);
  private static final INDArray C = array('c', 4, 5);

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
    assertTakes(true, C, array('c', 4, 5));
    assertTakes(true, C, array('c', 20));
    assertTakes(true, array('f', 4, 5), array('f', 4, 5));
    assertTakes(true, array('f', 2, 3, 4), array('f', 2, 3, 4));
    assertTakes(false, C, array('f', 4, 5));
    assertTakes(false, array('f', 4, 5), array('f', 5, 4));
    assertTakes(
        false, C, array('c', 4, 10).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2, 10)));
    assertTakes(false, C, array('c', 4, 6).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 5)));
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

  private static int trial(HostKernel kernel, int length) {
    return Chooser.TURNS * Arrays.stream(kernel.turns(length)).sum();
  }

  @Test
  void sharedStepsAreTimedForAWhile() {
    HostKernel two = new PlainKernel(2, false, HostKernel.Limits.USUAL);
    assertArrayEquals(new int[] {4, 4, 128, 32}, two.turns(1 << 19));
    assertArrayEquals(new int[] {4, 4, 83, 20}, two.turns(800_000));
    assertArrayEquals(new int[] {4, 4, 10, 4}, two.turns(6_400_000));
    assertArrayEquals(new int[] {4, 4, 4, 4}, two.turns(50_000_000));
    assertArrayEquals(new int[] {4, 4, 4, 4}, two.turns(1L << 40));
    assertArrayEquals(new int[] {4, 4, 128, 32}, two.turns(1000));
    HostKernel one = new PlainKernel(1, false, HostKernel.Limits.USUAL);
    assertArrayEquals(new int[] {4, 4}, one.turns(800_000));
  }

  /** As many as a choice takes. */
  private static void steps(HostKernel kernel, DataType type, int length) {
    INDArray gradient = Nd4j.ones(type, length);
    State state = new State(Nd4j.ones(type, length), null, null);
    for (int i = 0; i < trial(kernel, length); i++) {
      kernel.step(Form.at(0).example(), gradient, state, null);
    }
  }

  /** Where some v are subnormal, steps that leave a dead weight alone have a form of their own. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT, 0.95, 1e-8, 1e-40, true",
    "FLOAT, 0.5, 1e-8, 1e-40, true",
    "FLOAT, 0.95, 1e-8, 2e-38, false",
    "FLOAT, 0.95, 1e-8, 0, false",
    "FLOAT, 0.49, 1e-8, 1e-40, false",
    "FLOAT, 0.95, 0, 1e-40, false",
    "DOUBLE, 0.95, 1e-8, 1e-320, false",
  })
  void deadWeightsAreAFormOfTheirOwn(
      DataType type, double decay, double epsilon, double meanSquare, boolean aside) {
    Step step = Step.builder().decay(decay).epsilonOutside(epsilon).build();
    INDArray gradient = Nd4j.zeros(type, 2000);
    INDArray v = Nd4j.ones(type, 2000);
    State state = new State(v, null, null);
    Form form = Form.at(Form.index(step, state, null));
    Form dead = Form.at(Form.index(step, state, null) | Form.SETS_ASIDE);
    assertTrue(dead.setsAside() && !form.setsAside());
    for (boolean setsAside : new boolean[] {true, false}) {
      List<Form> made = new ArrayList<>();
      HostKernel kernel =
          new HostKernel(1, setsAside, HostKernel.Limits.USUAL) {
            @Override
            public String name() {
              return "noting";
            }

            @Override
            Pass pass(Form form, boolean wide) {
              made.add(form);
              return (s, arrays, from, to) -> {};
            }
          };
      v.assign(1);
      kernel.step(step, gradient, state, null);
      for (int i = 0; i < 2000; i += 20) {
        v.putScalar(i, meanSquare);
      }
      kernel.step(step, gradient, state, null);
      kernel.step(step, gradient, state, null);
      assertEquals(setsAside && aside ? List.of(form, dead) : List.of(form), made);
    }
  }

  /** A kernel that notes which elements are stepped, and where they lie. */
  private static final class Noting extends HostKernel {
    final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    final List<String> made = new ArrayList<>();
    final List<Long> lengths = new ArrayList<>();
    long start;

    Noting(int threads, Limits limits) {
      super(threads, true, limits);
    }

    @Override
    public String name() {
      return "noting";
    }

    @Override
    Pass pass(Form form, boolean wide) {
      made.add(form + " " + wide);
      return (step, arrays, from, to) -> {
        assertEquals(arrays.gAt, arrays.vAt, "both were moved on");
        long piece = arrays.g.address(arrays.gAt) - start;
        ran.add((piece == 0 ? "" : piece + ": ") + from + "-" + to);
      };
    }

    @Override
    void beforeStep(Route route, long length) {
      lengths.add(length);
    }

    /** {@return what was stepped, in the order of the elements} */
    String step(DataType type, int length) {
      try (INDArray array = Nd4j.createUninitialized(type, length)) {
        start = array.data().address();
        ran.clear();
        step(Form.at(0).example(), array, new State(array, null, null), null);
        ran.sort(Comparator.comparingInt(text -> Integer.parseInt(text.split("-")[0])));
        return String.join(" ", ran);
      }
    }
  }

  @Test
  void piecesAreWhatAWindowSpans() {
    Noting kernel = new Noting(1, new HostKernel.Limits(64, 1000, 1000, 100));
    try (INDArray array = Nd4j.createUninitialized(DataType.FLOAT, 41)) {
      kernel.start = array.data().address();
      Step step = Form.at(0).example();
      kernel.step(step, array, new State(array, null, null), null);
      assertEquals(List.of("0-16", "64: 0-16", "128: 0-9"), kernel.ran);
      kernel.ran.clear();
      INDArray whole = array.get(NDArrayIndex.interval(1, 33));
      kernel.step(step, whole, new State(whole, null, null), null);
      assertEquals(List.of("4: 0-16", "68: 0-16"), kernel.ran);
    }
    assertEquals("0-8", kernel.step(DataType.DOUBLE, 8));
  }

  @Test
  void aPassIsMadeOnceForAFormAndType() {
    Noting kernel = new Noting(1, HostKernel.Limits.USUAL);
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT)) {
      kernel.step(type, 10);
      kernel.step(type, 20);
    }
    assertEquals(List.of(10L, 20L, 10L, 20L, 10L, 20L), kernel.lengths);
    Form form = Form.at(Form.index(Form.at(0).example(), new State(C, null, null), null));
    assertEquals(List.of(form + " false", form + " true"), kernel.made);
  }

  @Test
  void aStepIsSharedFromItsLengthOnIfThereIsAThread() {
    HostKernel.Limits limits = new HostKernel.Limits(1 << 20, 10_000, 100, 60);
    assertEquals("0-99", new Noting(2, limits).step(DataType.FLOAT, 99));
    assertEquals("0-60 60-100", new Noting(2, limits).step(DataType.FLOAT, 100));
    assertEquals("0-100", new Noting(1, limits).step(DataType.FLOAT, 100));
  }

  /** The way that the next step takes is the one that is told. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void allWaysAreTriedFromALengthOnAndTheChosenOneIsTold(int threads) {
    Map<String, String> ways = new TreeMap<>();
    ways.put("0-3000", "1 thread");
    ways.put("0-1024 1024-2048 2048-3000", "1 thread, reading ahead");
    if (threads == 2) {
      ways.put("0-1500 1500-3000", "2 threads");
      ways.put("0-1024 1024-1500 1500-2524 2524-3000", "2 threads, reading ahead");
    }
    Noting kernel = new Noting(threads, new HostKernel.Limits(1 << 20, 3000, 4000, 1500));
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < trial(kernel, 3000); i++) {
      assertEquals("0-2999", kernel.step(DataType.FLOAT, 2999));
      assertEquals("", kernel.choices());
      seen.add(kernel.step(DataType.FLOAT, 3000));
    }
    assertEquals(ways.keySet(), seen);
    String chosen = kernel.step(DataType.FLOAT, 3000);
    assertEquals("FLOAT from 2^11: " + ways.get(chosen), kernel.choices());
  }

  @Test
  void whatIsNotFiniteIsFoundInAView() {
    HostKernel kernel = new PlainKernel(1, false, new HostKernel.Limits(64, 1000, 1000, 100));
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      INDArray array = Nd4j.ones(type, 50);
      INDArray view = array.get(NDArrayIndex.interval(3, 50));
      array.putScalar(2, Double.NaN);
      assertEquals(-1, kernel.firstNonFinite(view));
      array.putScalar(40, Double.POSITIVE_INFINITY);
      assertEquals(37, kernel.firstNonFinite(view));
      array.putScalar(3, Double.NaN);
      assertEquals(0, kernel.firstNonFinite(view));
    }
  }
}
