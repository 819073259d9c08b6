package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** When another pass is asked for, and what is said of it; the others are plain ones here. */
class FastestKernelTest {
  /** Floats of two arrays, in steps that are not small. */
  private static final long WORTH = (1L << 29) / 8;

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final PrintStream err = System.err;

  /** Kernels made so far. */
  private final AtomicInteger made = new AtomicInteger();

  /** Passes that are still to fail. */
  private final AtomicInteger failures = new AtomicInteger();

  /** Forms that vectors were asked for. */
  private final List<Form> forms = new CopyOnWriteArrayList<>();

  private final HostKernel other =
      new HostKernel(1, false, HostKernel.Limits.USUAL) {
        @Override
        public String name() {
          return "simd";
        }

        @Override
        public String toString() {
          return "simd, made up";
        }

        @Override
        Pass pass(Form form, boolean wide) {
          if (failures.getAndDecrement() > 0) {
            throw new IllegalStateException("made to fail");
          }
          forms.add(form);
          return (step, arrays, from, to) -> {};
        }
      };

  private final FastestKernel kernel = kernel(Subnormals.areSlow());

  private FastestKernel kernel(boolean plainSearches) {
    return new FastestKernel(
        () -> {
          made.incrementAndGet();
          return other;
        },
        1,
        plainSearches);
  }

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setErr(err);
  }

  private Route route(int form, boolean wide) {
    return new Route(Form.at(form), wide, kernel.pass(Form.at(form), wide));
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "in vain");
      Thread.yield();
    }
  }

  private long times(String text) {
    return log.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains(text)).count();
  }

  @Test
  void vectorsAreAskedForWhenSoMuchWasSteppedAndTakenOnce() {
    Route route = route(0, false);
    Pass plain = route.ways().pass();
    assertEquals("simd, plain until it is compiled", kernel.toString());
    assertEquals("simd", kernel.name());
    kernel.beforeStep(route, WORTH - 1);
    assertFalse(route.asked.get());
    kernel.beforeStep(route, 4);
    assertTrue(route.asked.get());
    await(() -> route.ways().pass() != plain);
    await(() -> kernel.toString().equals("simd, made up"));
    assertNotSame(plain, route.ways().pass());
    assertEquals("simd", kernel.name());

    Pass taken = route.ways().pass();
    kernel.beforeStep(route, 10 * WORTH);
    Route another = route(1, true);
    Pass first = another.ways().pass(); // before it is asked for: the warm-up may be quick
    kernel.beforeStep(another, WORTH);
    await(() -> another.ways().pass() != first);
    assertSame(taken, route.ways().pass());
    assertEquals(1, made.get(), "kernels of vectors");
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, 8", // g, v
    "0, true, 16",
    "1, false, 12", // and m
    "2, false, 12", // and b
    "131, true, 40", // and both and p
  })
  void allBytesOfAParameterCount(int form, boolean wide, int bytes) {
    Route route = route(form, wide);
    long worth = ((1L << 29) + bytes - 1) / bytes;
    kernel.beforeStep(route, worth - 1);
    assertFalse(route.asked.get());
    kernel.beforeStep(route, 4);
    assertTrue(route.asked.get());
  }

  /** A byte of an array of 2^19 elements counts as four. */
  @ParameterizedTest
  @CsvSource({"524287, 513", "524288, 128"})
  void smallStepsAreWorthLess(long length, int steps) {
    Route route = route(0, false);
    for (int i = 1; i < steps; i++) {
      kernel.beforeStep(route, length);
    }
    assertFalse(route.asked.get());
    kernel.beforeStep(route, length);
    assertTrue(route.asked.get());
  }

  /** Where plain does not search for dead weights, they slow vectors down all the same. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deadWeightsAskForVectorsOfTheirOwn(boolean plainSearches) {
    FastestKernel kernel = kernel(plainSearches);
    Step step = Form.at(0).example();
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, 1 << 19);
    State state = new State(Nd4j.zeros(DataType.FLOAT, 1 << 19).addi(1e-40), null, null);
    AtomicInteger others = new AtomicInteger();
    kernel
        .route(Form.index(step, state, null), false)
        .change((s, arrays, from, to) -> others.incrementAndGet());
    kernel.step(step, gradient, state, null);
    assertEquals(plainSearches ? 0 : 1, others.get(), "steps by the pass of other weights");
    for (int i = 1; i < 128; i++) {
      kernel.step(step, gradient, state, null);
    }
    await(() -> !forms.isEmpty());
    assertTrue(forms.get(0).setsAside());
  }

  /** Of small arrays: a byte counts as four only where plain searches. */
  @ParameterizedTest
  @CsvSource({"true, 129", "false, 513"})
  void deadWeightsAreWorthMoreWherePlainSearchesForThem(boolean plainSearches, int steps) {
    FastestKernel kernel = kernel(plainSearches);
    Route route = route(Form.SETS_ASIDE, false);
    int length = (1 << 19) - 1;
    for (int i = 1; i < steps; i++) {
      kernel.beforeStep(route, length);
    }
    assertFalse(route.asked.get());
    kernel.beforeStep(route, length);
    assertTrue(route.asked.get());
  }

  @Test
  void whatWasRefusedIsAskedForAgainLaterAndToldOnce() {
    Route route = route(0, false);
    Pass plain = route.ways().pass();
    failures.set(2);
    kernel.beforeStep(route, WORTH);
    await(() -> kernel.name().equals("plain"));
    assertEquals("plain, as simd with made up did not become faster", kernel.toString());
    await(() -> !route.asked.get());
    assertEquals(1, times("The step stays with its first kernel"));
    kernel.beforeStep(route, 3 * WORTH - 1);
    assertFalse(route.asked.get(), "four times as much in all");
    kernel.beforeStep(route, 4);
    await(() -> failures.get() == 0);
    await(() -> !route.asked.get());
    assertSame(plain, route.ways().pass());
    kernel.beforeStep(route, 12 * WORTH);
    await(() -> route.ways().pass() != plain);
    await(() -> kernel.toString().equals("simd, made up"));
    assertEquals("simd", kernel.name());
    assertEquals(1, times("The step stays with its first kernel"));
  }

  @Test
  void formsDiffer() {
    Route good = route(0, false);
    Route bad = route(1, false);
    Pass first = good.ways().pass();
    kernel.beforeStep(good, WORTH);
    await(() -> good.ways().pass() != first);
    failures.set(1);
    kernel.beforeStep(bad, WORTH);
    await(() -> kernel.toString().equals("simd, made up, in 1 of 2 forms of the step"));
    assertEquals("simd", kernel.name());
  }
}
