package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.rmsprop4j.Bits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pass inside steps which elements, and what it is given. */
class SimdPassTest {
  private static final int LANES = 8;
  private static final int PAGE = 1024;
  private static final Step STEP = StepCase.dl4j(false).step();

  private final List<String> ran = new ArrayList<>();
  private final Pass first = noting("first");
  private final Pass second = noting("second");
  private final Pass rest = noting("rest");

  @BeforeEach
  void plainHasNone() {
    assumeTrue(Kernels.name().equals("simd"), "there are no vectors in this JVM");
  }

  private Pass noting(String name) {
    return (step, arrays, from, to) -> {
      assertNotNull(arrays.g.memory, "opened before");
      ran.add(name + " " + from + " to " + to);
    };
  }

  private static Operands nowhere() {
    long address = OperandsTest.unseen();
    return new Operands(address, address, Operands.NONE, Operands.NONE, Operands.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 16, 'first 0 to 16'",
    "0, 17, 'first 0 to 16; rest 16 to 17'",
    "3, 22, 'first 3 to 19; rest 19 to 22'",
    "5, 12, 'rest 5 to 12'",
    "5, 13, 'first 5 to 13'",
    "0, 5000, 'first 0 to 5000'",
  })
  void wholeVectorsFirst(int from, int to, String expected) {
    new SimdPass(first, null, null, rest, LANES, PAGE, false).run(STEP, nowhere(), from, to);
    assertEquals(expected, String.join("; ", ran));
  }

  @Test
  void twoPassesTakeTurnsPageByPage() {
    new SimdPass(first, second, null, rest, LANES, PAGE, false).run(STEP, nowhere(), 8, 2063);
    assertEquals(
        List.of(
            "first 8 to 1032",
            "second 8 to 1032",
            "first 1032 to 2056",
            "second 1032 to 2056",
            "rest 2056 to 2063"),
        ran);
  }

  /** Pages of subnormal mean squares are stepped by themselves, what lies between them at once. */
  @Test
  void onlyPagesThatHaveSubnormalNumbersAreTreatedApart() {
    int n = 6 * PAGE + 100;
    int whole = n - n % VectorMemory.FLOATS.length();
    try (FloatPointer g = new FloatPointer((long) n);
        FloatPointer v = new FloatPointer((long) n)) {
      g.put(new float[n], 0, n);
      float[] values = new float[n];
      Arrays.fill(values, 1);
      Arrays.fill(values, 2 * PAGE, 3 * PAGE, Float.MIN_VALUE);
      Arrays.fill(values, 5 * PAGE, 6 * PAGE, Float.MIN_VALUE);
      v.put(values, 0, n);
      Operands arrays =
          new Operands(g.address(), v.address(), Operands.NONE, Operands.NONE, Operands.NONE);
      new SimdPass(first, null, null, rest, VectorMemory.FLOATS.length(), PAGE, true)
          .run(STEP, arrays, 0, whole);
      assertEquals(
          List.of(
              "first 0 to " + 2 * PAGE,
              "first " + 2 * PAGE + " to " + 3 * PAGE,
              "first " + 3 * PAGE + " to " + 5 * PAGE,
              "first " + 5 * PAGE + " to " + 6 * PAGE,
              "first " + 6 * PAGE + " to " + whole),
          ran);
      float[] after = new float[n];
      v.get(after, 0, n);
      Bits.assertSame(values, after, "at rest, and put back");
    }
  }

  /** What the pass inside is given: zeros where v is subnormal and the gradient 0. */
  @Test
  void deadWeightsAreSetAside() {
    int lanes = VectorMemory.FLOATS.length();
    int n = 4 * lanes;
    float[] v = new float[n];
    Arrays.fill(v, Float.MIN_NORMAL / 4);
    v[3] = 1;
    try (FloatPointer g = new FloatPointer(new float[n]);
        FloatPointer vs = new FloatPointer(v)) {
      Operands arrays =
          new Operands(g.address(), vs.address(), Operands.NONE, Operands.NONE, Operands.NONE);
      float[] seen = new float[n];
      Pass inside =
          (step, operands, from, to) -> operands.v.floats.get(operands.vAt / Float.BYTES, seen);
      float[] expected = new float[n];
      expected[3] = 1;
      new SimdPass(inside, null, null, null, lanes, PAGE, true).run(STEP, arrays, 0, n);
      Bits.assertSame(expected, seen, "set aside");
      vs.put(v, 0, n);
      new SimdPass(inside, null, null, null, lanes, PAGE, false).run(STEP, arrays, 0, n);
      Bits.assertSame(v, seen, "not set aside where it costs nothing");
    }
  }
}
