package io.github.rmsprop4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The benchmark's bodies compute what they say, on values that stay out of the denormals. */
class StepBenchmarkTest {
  private static INDArray run(
      StepBenchmark.Form form, Consumer<StepBenchmark> body, int repetitions) {
    StepBenchmark benchmark = new StepBenchmark();
    benchmark.parameters = 1000;
    benchmark.type = DataType.FLOAT;
    benchmark.form = form;
    benchmark.setUp();
    for (int i = 0; i < repetitions; i++) {
      body.accept(benchmark);
    }
    INDArray result = benchmark.gradient.dup();
    benchmark.close();
    return result;
  }

  @Test
  void allContendersDoTheSameWork() {
    INDArray expected = run(StepBenchmark.Form.PLAIN, StepBenchmark::builtIn, 3);
    Bits.assertSame(expected, run(StepBenchmark.Form.PLAIN, StepBenchmark::simd, 3), "simd");
    Bits.assertSame(
        expected, run(StepBenchmark.Form.PLAIN, StepBenchmark::simdTwoThreads, 3), "two threads");
    Bits.assertSame(expected, run(StepBenchmark.Form.PLAIN, StepBenchmark::plain, 3), "plain");
    Bits.assertSame(
        expected, run(StepBenchmark.Form.PLAIN, StepBenchmark::plainTwoThreads, 3), "two threads");
    Bits.assertSame(expected, run(StepBenchmark.Form.PLAIN, StepBenchmark::nd4j, 3), "nd4j");
  }

  @ParameterizedTest
  @EnumSource(StepBenchmark.Form.class)
  void gradientsStayOrdinaryNumbers(StepBenchmark.Form form) {
    for (float g : run(form, StepBenchmark::simd, 20_000).toFloatVector()) {
      assertTrue(Math.abs(g) > 1e-6 && Math.abs(g) < 1e6, form + ": " + g);
    }
  }
}
