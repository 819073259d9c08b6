package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.ReferenceMath;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which kernel is picked, and that each run of the suite has the one it is meant to test. */
class KernelsTest {
  @Test
  void theBuildTestsTheKernelThatItMeansTo() {
    String expected = System.getProperty("rmsprop4j.expectKernel");
    assertNotNull(
        expected, "run the tests with -Drmsprop4j.expectKernel=simd (or plain), as the POM does");
    assertEquals(expected, Kernels.name(), Kernels.describe());
  }

  @Test
  void saysWhatWasPickedAndWhy() {
    String expected =
        Kernels.name().equals("simd")
            ? "RMSprop kernel: (simd, plain until it is compiled|simd, \\d+-bit vectors.*)"
                + " \\(the vector module is readable\\);.*"
            : "RMSprop kernel: plain \\(for the faster simd kernel start Java with"
                + " --add-modules jdk\\.incubator\\.vector\\);.*";
    assertTrue(Kernels.describe().matches(expected), Kernels.describe());
  }

  @Test
  void namesAWayOfWaitingThatIsKnownToHurt() {
    boolean several = Runtime.getRuntime().availableProcessors() > 1;
    assertEquals(several, Options.waitsBySpinning(Map.of(), "Linux"));
    assertEquals(
        several,
        Options.waitsBySpinning(
            Map.of("OMP_NUM_THREADS", "2", "OMP_WAIT_POLICY", "active"), "Linux"));
    assertFalse(Options.waitsBySpinning(Map.of(), "Windows 11"));
    for (Map.Entry<String, String> variable :
        Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", "1000")
            .entrySet()) {
      assertFalse(Options.waitsBySpinning(Map.ofEntries(variable), "Linux"), variable.toString());
    }
  }

  @Test
  @Tag("fork")
  void saysSoOnce() throws IOException, InterruptedException {
    String hint = "ND4J's threads spin while they wait";
    for (String policy : List.of("active", "passive")) {
      String output =
          KernelProcess.run(
              Map.of("OMP_WAIT_POLICY", policy),
              List.of("-Dorg.slf4j.simpleLogger.log.io.github.rmsprop4j=info"));
      assertEquals(
          policy.equals("active") && Runtime.getRuntime().availableProcessors() > 1 ? 1 : 0,
          output.lines().filter(line -> line.contains(hint)).count(),
          output);
    }
  }

  @Test
  void otherBackendsGetTheNd4jKernel() {
    assertEquals("nd4j", KernelChoice.of(null, 1, false).kernel().name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "nd4j"})
  void aForcedKernelIsTaken(String name) {
    assertEquals(name, KernelChoice.of(name, 1, true).kernel().name());
  }

  @Test
  void theSimdKernelIsTakenWhereThereAreVectors() {
    if (Kernels.name().equals("simd")) {
      assertTrue(KernelChoice.of("simd", 1, true).kernel() instanceof HostKernel);
      assertEquals("simd", KernelChoice.of("simd", 1, true).kernel().name());
      assertEquals("simd", KernelChoice.of(null, 1, true).kernel().name());
    } else {
      Exception e =
          assertThrows(IllegalStateException.class, () -> KernelChoice.of("simd", 1, true));
      assertEquals(
          "rmsprop4j.kernel=simd cannot be used: for the faster simd kernel start Java with"
              + " --add-modules jdk.incubator.vector",
          e.getMessage());
      assertEquals("plain", KernelChoice.of(null, 1, true).kernel().name());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "auto, true, on (as the built-in updater)",
    "auto, false, off (as the built-in updater)",
    "on, true, on (-Drmsprop4j.fma)",
    "off, false, off (-Drmsprop4j.fma)",
  })
  void theSetupIsDescribedInOneLine(String fma, boolean fuses, String said) {
    HostKernel kernel = new PlainKernel(1, false, new HostKernel.Limits(1 << 20, 8, 8, 8));
    Kernels.Setup setup = new Kernels.Setup(new KernelChoice(kernel, "why"), fma, fuses);
    assertEquals(
        "RMSprop kernel: " + kernel + " (why); fused multiply-add: " + said, setup.toString());
    assertEquals(fuses, setup.fuses(DataType.FLOAT));
    assertEquals(Kernels.fuses(fma, DataType.DOUBLE), setup.fuses(DataType.DOUBLE));
    INDArray g = Nd4j.ones(DataType.FLOAT, 8);
    for (int i = 0; i < Chooser.TURNS * Arrays.stream(kernel.turns(8)).sum(); i++) {
      kernel.step(StepCase.dl4j(false).step(), g, new State(g.dup(), null, null), null);
    }
    assertTrue(setup.toString().contains("; FLOAT from 2^3: 1 thread"), setup.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "plain"})
  void aForcedKernelThatCannotBeHadIsRefused(String name) {
    Exception e = assertThrows(IllegalStateException.class, () -> KernelChoice.of(name, 1, false));
    assertEquals(
        "rmsprop4j.kernel="
            + name
            + " cannot be used: the ND4J backend keeps its arrays off the host",
        e.getMessage());
  }

  @Test
  void anUnknownKernelIsRefused() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> KernelChoice.of("scalar", 1, true));
    assertEquals("rmsprop4j.kernel must be simd, plain or nd4j, got scalar", e.getMessage());
  }

  @Test
  void threadsDefaultToTheCommonPoolAndItsCaller() {
    assertEquals(
        Math.min(
            ForkJoinPool.getCommonPoolParallelism() + 1,
            Runtime.getRuntime().availableProcessors()),
        Options.threads(null));
    assertEquals(7, Options.threads("7"));
    assertEquals(1, Options.threads("1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-2", "many", ""})
  void badThreadsAreRefused(String threads) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Options.threads(threads));
    assertEquals("rmsprop4j.threads must be a whole number >= 1, got " + threads, e.getMessage());
  }

  @Test
  void fusingCanBeForced() {
    assertEquals(BuiltInRounding.fuses(DataType.FLOAT), Kernels.fuses("auto", DataType.FLOAT));
    assertEquals(true, Kernels.fuses("on", DataType.FLOAT));
    assertEquals(false, Kernels.fuses("off", DataType.DOUBLE));
    Exception e = assertThrows(IllegalArgumentException.class, () -> Options.fma("maybe"));
    assertEquals("rmsprop4j.fma must be auto, on or off, got maybe", e.getMessage());
    for (String accepted : List.of("auto", "on", "off")) {
      assertEquals(accepted, Options.fma(accepted));
    }
  }

  @Test
  void optionsAreThoseOfTheProperties() {
    String kernel = System.getProperty("rmsprop4j.kernel");
    String threads = System.getProperty("rmsprop4j.threads");
    String fma = System.getProperty("rmsprop4j.fma", "auto");
    assertEquals(new Options(kernel, Options.threads(threads), fma), Options.read());
    assertNull(Options.kernel(null));
    for (String accepted : Kernels.NAMES) {
      assertEquals(accepted, Options.kernel(accepted));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void whatIsTakenForGrantedOfTheNativesIsWhatTheyDo(DataType type) {
    assertEquals(BuiltInRounding.probeUpdater(type).fuses(), BuiltInRounding.fuses(type));
    assertEquals(BuiltInRounding.probeAxpy(type), BuiltInRounding.ofAxpy(type));
    assertTrue(Kernels.canDecay(type));
  }

  /** Natives that round in either way, and in a third. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void howNativesRoundIsSeenByTheirResults(DataType type) {
    assertTrue(BuiltInRounding.probe(type, rounding(type, 1)).fuses());
    assertFalse(BuiltInRounding.probe(type, rounding(type, 0)).fuses());
    assertTrue(
        BuiltInRounding.probe(type, rounding(type, 0.75)).fuses(), "the more frequent of the two");
    assertFalse(BuiltInRounding.probe(type, rounding(type, 0.25)).fuses());
    assertFalse(
        BuiltInRounding.probe(type, (any, g, v) -> new double[g.length]).fuses(), "neither");
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void aThirdWayToRoundIsSeen(DataType type) {
    assertTrue(BuiltInRounding.probe(type, rounding(type, 1)).isPlain());
    assertTrue(BuiltInRounding.probe(type, rounding(type, 0)).isPlain());
    assertFalse(BuiltInRounding.probe(type, rounding(type, 0.98)).isPlain());
  }

  /** Natives that fuse a share of all elements. */
  private static BuiltInRounding.Operation rounding(DataType type, double fused) {
    return (asked, g, v) -> {
      assertEquals(type, asked);
      double[] result = new double[v.length];
      for (int i = 0; i < v.length; i++) {
        double[] one = {v[i]};
        float[] oneFloat = {(float) v[i]};
        Step step = Step.builder().rateIn(0.1).decay(0.95).fused(i < fused * v.length).build();
        ReferenceMath.step(step, new double[] {g[i]}, one, null, null);
        ReferenceMath.step(step, new float[] {(float) g[i]}, oneFloat, null, null);
        result[i] = type == DataType.DOUBLE ? one[0] : oneFloat[0];
      }
      return result;
    };
  }

  @Test
  void theNd4jKernelTakesEqualShapesOnly() {
    INDArray a = Nd4j.ones(DataType.FLOAT, 2, 3);
    INDArray b = Nd4j.ones(DataType.FLOAT, 6);
    Nd4jKernel kernel = new Nd4jKernel();
    assertTrue(kernel.takes(a, new State(a, a, a), a));
    assertTrue(kernel.takes(a, new State(a, null, null), null));
    assertFalse(kernel.takes(a, new State(b, a, a), a));
    assertFalse(kernel.takes(a, new State(a, b, a), a));
    assertFalse(kernel.takes(a, new State(a, a, b), a));
    assertFalse(kernel.takes(a, new State(a, a, a), b));
    INDArray half = a.castTo(DataType.HALF);
    assertFalse(kernel.takes(half, new State(half, null, null), null));
  }

  @Test
  void theNd4jKernelRefusesToFuseWhereItCannot() {
    INDArray g = Nd4j.ones(DataType.FLOAT, 3);
    INDArray v = Nd4j.ones(DataType.FLOAT, 3);
    Step fused = StepCase.dl4j(true).step();
    if (BuiltInRounding.fuses(DataType.FLOAT)) {
      new Nd4jKernel().step(fused, g, new State(v, null, null), null);
    } else {
      assertThrows(
          IllegalStateException.class,
          () -> new Nd4jKernel().step(fused, g, new State(v, null, null), null));
      assertEquals(Nd4j.ones(DataType.FLOAT, 3), g, "a refused step must change nothing");
    }
  }
}
