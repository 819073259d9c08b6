package io.github.rmsprop4j.benchmarks.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.benchmarks.step.StepBenchmark.Work;
import io.github.rmsprop4j.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The benchmark's body computes what it says, on values that stay out of the denormals. */
class StepBenchmarkTest {
  private static final int PARAMETERS = 1000;
  private static final int BLOCKS = 10;

  /** A contender with one of the forms that it has. */
  record Cell(StepContender contender, Form form) {
    StepBenchmark benchmark(DataType type, Work mode, int blocks) {
      StepBenchmark benchmark = new StepBenchmark();
      benchmark.updater = contender;
      benchmark.form = form;
      benchmark.type = type;
      benchmark.mode = mode;
      benchmark.parameters = PARAMETERS;
      benchmark.blocks = blocks;
      benchmark.threads = "1";
      benchmark.setUp();
      return benchmark;
    }
  }

  /** What this JVM can run: without the vector module some contenders refuse. */
  static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (StepContender contender : StepContender.values()) {
      for (Form form : Form.values()) {
        if (has(contender, form) && (!needsVectors(contender) || vectors())) {
          cells.add(new Cell(contender, form));
        }
      }
    }
    return cells;
  }

  private static boolean has(StepContender contender, Form form) {
    // Beside natives that fuse, ND4J's operations have the built-in form only, and say so.
    boolean fused = Kernels.fuses(DataType.FLOAT);
    return form == Form.PLAIN
        || switch (contender) {
          case SIMD, PLAIN, COPY, STREAM -> true;
          case ND4J -> !fused;
          default -> false;
        };
  }

  private static boolean needsVectors(StepContender contender) {
    return contender == StepContender.SIMD || contender == StepContender.STREAM;
  }

  private static boolean vectors() {
    return System.getProperty("rmsprop4j.expectKernel").equals("simd");
  }

  /** The update of one gradient in double, from the publications and DL4J's defaults. */
  private static double update(Cell cell, double g, double[] s, int iteration) {
    double rate = 1e-3;
    switch (cell.contender) {
      case COPY -> {
        return g;
      }
      case STREAM -> {
        return s[0] = 0.5 * s[0] + g;
      }
      case SGD -> {
        return rate * g;
      }
      case ADAGRAD -> {
        s[0] += g * g;
        return rate * g / (Math.sqrt(s[0]) + 1e-6);
      }
      case NESTEROVS -> {
        double before = s[0];
        s[0] = 0.9 * before - rate * g;
        return 0.9 * before - 1.9 * s[0];
      }
      case ADAM -> {
        s[0] = 0.9 * s[0] + 0.1 * g;
        s[1] = 0.999 * s[1] + 0.001 * g * g;
        double t = iteration + 1;
        double corrected = rate * Math.sqrt(1 - Math.pow(0.999, t)) / (1 - Math.pow(0.9, t));
        return corrected * s[0] / (Math.sqrt(s[1]) + 1e-8);
      }
      default -> {
        return rmsProp(cell.form, g, s);
      }
    }
  }

  private static double rmsProp(Form form, double g, double[] s) {
    boolean centered = form == Form.CENTERED || form == Form.CENTERED_MOMENTUM;
    boolean momentum = form == Form.MOMENTUM || form == Form.CENTERED_MOMENTUM;
    s[0] = 0.95 * s[0] + 0.05 * g * g;
    double variance = s[0];
    if (centered) {
      s[1] = 0.95 * s[1] + 0.05 * g;
      variance -= s[1] * s[1];
    }
    double update = 1e-3 * g / (Math.sqrt(variance) + 1e-8);
    if (momentum) {
      s[2] = 0.9 * s[2] + update;
      update = s[2];
    }
    return update;
  }

  private static double initialState(StepContender contender) {
    return switch (contender) {
      case SIMD, PLAIN, ND4J, BUILT_IN -> 1e-8;
      case ADAGRAD -> 1e-6;
      default -> 0;
    };
  }

  @ParameterizedTest
  @MethodSource("cells")
  void anInvocationIsTheFormula(Cell cell) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      for (int blocks : new int[] {1, BLOCKS}) {
        compare(cell, cell.benchmark(type, Work.CHANGE, blocks), type + ", blocks " + blocks);
      }
    }
  }

  private static void compare(Cell cell, StepBenchmark benchmark, String what) {
    double[] gradients = benchmark.gradients.toDoubleVector();
    benchmark.step();
    double[] updates = benchmark.gradients.toDoubleVector();
    double[] values = benchmark.values.toDoubleVector();
    benchmark.close();
    int ring = StepBenchmark.ring(PARAMETERS);
    assertEquals(ring * PARAMETERS, gradients.length, "elements of the ring");
    for (int i = 0; i < PARAMETERS; i++) {
      double[] state = {initialState(cell.contender), 0, 0};
      double value = 1;
      for (int k = 0; k < ring; k++) {
        int at = k * PARAMETERS + i;
        float mean = (float) (gradients[at] / StepBenchmark.BATCH); // a power of 2: exact
        double update = update(cell, mean, state, k);
        // Measured, in FLOAT: 6e-5 of a centered update, whose variance cancels, and 2e-8 in a
        // momentum buffer that passes zero; 6e-6 in a parameter after 65 steps.
        assertEquals(update, updates[at], 1e-4 * Math.abs(update) + 5e-8, what + ": " + at);
        value -= update;
      }
      assertEquals(value, values[i], 2e-5, what + ": parameter " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void thisProjectsKernelsAgreeByBits(Form form) {
    INDArray expected = stepped(new Cell(StepContender.PLAIN, form));
    for (Cell cell : cells()) {
      boolean same = cell.contender == StepContender.SIMD || cell.contender == StepContender.ND4J;
      if (cell.form == form && (same || cell.contender == StepContender.BUILT_IN)) {
        Bits.assertSame(expected, stepped(cell), cell.toString());
      }
    }
  }

  private static INDArray stepped(Cell cell) {
    StepBenchmark benchmark = cell.benchmark(DataType.FLOAT, Work.STEP, 1);
    benchmark.step();
    INDArray updates = benchmark.gradients.dup();
    benchmark.close();
    return updates;
  }

  @ParameterizedTest
  @MethodSource("cells")
  void valuesStayOrdinaryNumbers(Cell cell) {
    StepBenchmark benchmark = cell.benchmark(DataType.FLOAT, Work.CHANGE, 1);
    for (int i = 0; i < 100; i++) { // 6500 steps
      benchmark.restore();
      benchmark.step();
    }
    assertOrdinary(cell + ": updates", benchmark.gradients);
    assertOrdinary(cell + ": parameters", benchmark.values);
    if (benchmark.state != null) {
      assertOrdinary(cell + ": state", benchmark.state);
    }
    benchmark.close();
  }

  private static void assertOrdinary(String what, INDArray array) {
    for (float x : array.toFloatVector()) {
      boolean ordinary = Math.abs(x) >= Float.MIN_NORMAL && Math.abs(x) < 1e6;
      assertTrue(x == 0 || ordinary, what + ": " + x);
    }
  }

  @Test
  void gradientsAreRestoredAndDifferFromTheLast() {
    StepBenchmark benchmark =
        new Cell(StepContender.PLAIN, Form.PLAIN).benchmark(DataType.FLOAT, Work.STEP, 1);
    float[] first = benchmark.gradients.toFloatVector();
    for (int i = 0; i < 16; i++) {
      benchmark.step();
      benchmark.restore();
      assertEquals(i == 15, first[0] == benchmark.gradients.getFloat(0), "restore " + i);
    }
    Bits.assertSame(first, benchmark.gradients.toFloatVector(), "after 16");
    benchmark.close();
  }

  @Test
  void whatCannotBeHadIsRefused() {
    for (StepContender contender : StepContender.values()) {
      if (contender != StepContender.ND4J && !has(contender, Form.MOMENTUM)) {
        Cell cell = new Cell(contender, Form.MOMENTUM);
        String message =
            assertThrows(
                    IllegalArgumentException.class,
                    () -> cell.benchmark(DataType.FLOAT, Work.STEP, 1))
                .getMessage();
        assertEquals("the form of " + contender + " must be PLAIN, got MOMENTUM", message);
      }
      if (needsVectors(contender) && !vectors()) {
        Cell cell = new Cell(contender, Form.PLAIN);
        assertThrows(Throwable.class, () -> cell.benchmark(DataType.FLOAT, Work.STEP, 1));
      }
    }
    Cell cell = new Cell(StepContender.PLAIN, Form.PLAIN);
    assertThrows(
        IllegalArgumentException.class, () -> cell.benchmark(DataType.FLOAT, Work.STEP, 3));
  }

  @Test
  void anInvocationIsLongEnoughToBeTimed() {
    assertEquals(200, StepBenchmark.ring(100));
    assertEquals(65, StepBenchmark.ring(1000));
    assertEquals(6, StepBenchmark.ring(10_000));
    assertEquals(1, StepBenchmark.ring(100_000));
    assertEquals(1, StepBenchmark.ring(100_000_000));
  }

  /** One pass leaves the parameters that division, step and change leave. */
  @ParameterizedTest
  @EnumSource(
      value = StepContender.class,
      names = {"PLAIN", "ND4J"})
  void onePassChangesTheParametersAsThreeDo(StepContender contender) {
    StepBenchmark two = new Cell(contender, Form.PLAIN).benchmark(DataType.FLOAT, Work.CHANGE, 10);
    StepBenchmark one =
        new Cell(contender, Form.PLAIN).benchmark(DataType.FLOAT, Work.ONE_PASS, 10);
    two.step();
    one.step();
    Bits.assertSame(two.values, one.values, "parameters");
    Bits.assertSame(two.state, one.state, "state");
    two.close();
    one.close();
  }

  /** Deeplearning4j's updaters have no one pass: there they divide, step and change. */
  @Test
  void onePassOfOthersIsOneAfterTheOther() {
    StepBenchmark asked =
        new Cell(StepContender.BUILT_IN, Form.PLAIN).benchmark(DataType.FLOAT, Work.ONE_PASS, 10);
    StepBenchmark two =
        new Cell(StepContender.BUILT_IN, Form.PLAIN).benchmark(DataType.FLOAT, Work.CHANGE, 10);
    asked.step();
    two.step();
    Bits.assertSame(two.values, asked.values, "parameters");
    assertNotEquals(1, asked.values.getFloat(0));
    asked.close();
    two.close();
  }
}
