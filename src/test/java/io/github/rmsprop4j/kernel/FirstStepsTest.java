package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is used from the first step to the last, in JVMs of their own. */
@Tag("fork")
@EnabledIfSystemProperty(
    named = "rmsprop4j.expectKernel",
    matches = "simd",
    disabledReason = "plain needs no warm-up")
class FirstStepsTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  private static void assertSays(String output, String... expressions) {
    for (String expression : expressions) {
      assertTrue(
          output.lines().anyMatch(line -> line.matches(expression)),
          () -> "no line " + expression + " in\n" + output);
    }
  }

  @Test
  void plainUntilSimdIsCompiled() throws IOException, InterruptedException {
    String output =
        KernelProcess.run(
            List.of(MODULE, "-Dorg.slf4j.simpleLogger.log.io.github.rmsprop4j=info"), "simd");
    assertSays(
        output,
        "at first: RMSprop kernel: simd, plain until it is compiled \\(the vector module is readable\\).*",
        "at last: RMSprop kernel: simd, \\d+-bit vectors \\(the vector module is readable\\).*",
        "name: simd",
        "threads left: false");
    long told = output.lines().filter(line -> line.contains("RMSprop kernel: now simd, ")).count();
    assertEquals(1, told, output);
  }

  @Test
  void plainWhereTheVectorsNeverBecomeFaster() throws IOException, InterruptedException {
    String excluded = "-XX:CompileCommand=exclude,io/github/rmsprop4j/kernel/FloatPass*.*";
    assertSays(
        KernelProcess.run(List.of(MODULE, excluded)),
        "at last: RMSprop kernel: plain, as simd with \\d+-bit vectors did not become faster .*",
        "name: plain",
        "threads left: false");
  }

  /** Vectors of 16 bytes were slower on one processor and may be faster on another. */
  @Test
  void narrowVectorsAreMeasured() throws IOException, InterruptedException {
    assertSays(
        KernelProcess.run(List.of(MODULE, "-XX:MaxVectorSize=16")),
        "at first: RMSprop kernel: simd, plain until it is compiled .*",
        "at last: RMSprop kernel: (simd, 128-bit|plain, as simd with 128-bit).*",
        "threads left: false");
  }

  @Test
  void aFirstUseThatFailedIsTriedAgain() throws IOException, InterruptedException {
    assertSays(
        KernelProcess.run(List.of(MODULE), "retry", "simd"),
        "first: rmsprop4j.kernel must be simd, plain or nd4j, got scalar",
        "name: simd");
  }

  /** As {@code NoClassDefFoundError} at every later step, if it were in a class initialiser. */
  @Test
  void aFirstStepWithoutMemoryIsTriedAgain() throws IOException, InterruptedException {
    assertSays(
        withoutMemory("-Drmsprop4j.kernel=nd4j", "exhausted"),
        "first: Cannot allocate new .*",
        "unchanged: true",
        "name: nd4j");
  }

  @Test
  void aFirstStepNeedsNoMemory() throws IOException, InterruptedException {
    String first = BuiltInRounding.mayFuse() ? "Cannot allocate new .*" : "done"; // see there
    assertSays(withoutMemory(MODULE, "exhausted", "simd"), "first: " + first, "name: simd");
  }

  private static String withoutMemory(String flag, String... arguments)
      throws IOException, InterruptedException {
    List<String> flags =
        List.of(
            flag,
            "-Dorg.bytedeco.javacpp.maxbytes=1M",
            "-Dorg.bytedeco.javacpp.maxretries=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    return KernelProcess.run(flags, arguments);
  }
}
