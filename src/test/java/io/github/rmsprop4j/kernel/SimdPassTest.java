package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pass inside steps which elements, and what it is given. */
class SimdPassTest {
  private static final int LANES = 8;
  private static final Step STEP = StepCase.dl4j(false).step();

  private final List<String> ran = new ArrayList<>();
  private final Pass vectors = noting("vectors");
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
    "0, 16, 'vectors 0 to 16'",
    "0, 17, 'vectors 0 to 16; rest 16 to 17'",
    "3, 22, 'vectors 3 to 19; rest 19 to 22'",
    "5, 12, 'rest 5 to 12'",
    "5, 13, 'vectors 5 to 13'",
    "0, 5000, 'vectors 0 to 5000'",
  })
  void wholeVectorsFirst(int from, int to, String expected) {
    new SimdPass(vectors, rest, LANES).run(STEP, nowhere(), from, to);
    assertEquals(expected, String.join("; ", ran));
  }

  @Test
  void halvesTakeTurnsPageByPage() {
    Operands arrays = nowhere();
    arrays.open();
    new PassInHalves(noting("means"), noting("update"), 1024).run(STEP, arrays, 8, 2056);
    new PassInHalves(noting("means"), noting("update"), 1024).run(STEP, arrays, 8, 20);
    assertEquals(
        List.of(
            "means 8 to 1032",
            "update 8 to 1032",
            "means 1032 to 2056",
            "update 1032 to 2056",
            "means 8 to 20",
            "update 8 to 20"),
        ran);
  }
}
