package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes that are made to be fast, slow or broken, and what comes of their warm-up. */
class WarmUpTest {
  /** Ends what hangs. */
  private static final int SECONDS = 60;

  private static final int ALL = Form.COUNT - 1;
  private static final int PLAIN = 1 << 8; // which keeps the update

  private record Told(Route route, Optional<Pass> pass) {}

  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

  /** What the clock says, in nanoseconds; only passes move it. */
  private final AtomicLong now = new AtomicLong();

  private final AtomicLong slept = new AtomicLong();

  private final WarmUp.Clock clock =
      new WarmUp.Clock() {
        @Override
        long nanos() {
          return now.get();
        }

        @Override
        void sleep(long nanos) {
          slept.addAndGet(nanos);
        }
      };

  private final WarmUp warmUp =
      new WarmUp((route, pass) -> told.add(new Told(route, Optional.ofNullable(pass))), clock);

  private Route route(int form, boolean wide) {
    return new Route(Form.at(form), wide, taking(100));
  }

  /** A pass that takes so long and does nothing. */
  private Pass taking(long nanos) {
    return (step, arrays, from, to) -> now.addAndGet(nanos);
  }

  /** A pass that takes so long over few elements, and so long over whole pages. */
  private Pass taking(long few, long pages) {
    return (step, arrays, from, to) -> now.addAndGet(to - from < 100 ? few : pages);
  }

  /** What came of it: the pass, or null if it was refused. */
  private Pass warmed(Route route, Supplier<Pass> pass) throws InterruptedException {
    warmUp.add(route, pass);
    Told outcome = told.poll(SECONDS, TimeUnit.SECONDS);
    assertNotNull(outcome, "no outcome");
    assertSame(route, outcome.route);
    return outcome.pass.orElse(null);
  }

  @AfterEach
  void noThreadIsLeft() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("rmsprop4j warm-up")) {
        thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
        assertFalse(thread.isAlive(), "the warm-up's thread");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "100, 100, true",
    "50, 50, true",
    "400, 110, true", // on few elements it need only be compiled
    "400, 111, false",
    "401, 50, false",
  })
  void aPassIsTakenThatIsAsFastOnWholePages(long few, long pages, boolean taken)
      throws InterruptedException {
    Pass pass = taking(few, pages);
    assertSame(taken ? pass : null, warmed(route(PLAIN, false), () -> pass));
  }

  /** Whole pages of boxed vectors would take a hundred times as long, and nobody gains by it. */
  @Test
  void aPassThatIsNotCompiledIsSeenOnFewElements() throws InterruptedException {
    AtomicInteger most = new AtomicInteger();
    Pass pass =
        (step, arrays, from, to) -> {
          most.accumulateAndGet(to - from, Math::max);
          now.addAndGet(1_000_000);
        };
    assertNull(warmed(route(PLAIN, false), () -> pass));
    assertEquals(32 + 7, most.get());
    assertEquals(10, TimeUnit.NANOSECONDS.toSeconds(now.get()));
  }

  @Test
  void aPassThatIsCompiledHasThreeSeconds() throws InterruptedException {
    Pass pass = taking(1, 1_000_000);
    assertNull(warmed(route(PLAIN, false), () -> pass));
    assertEquals(3, TimeUnit.NANOSECONDS.toSeconds(now.get()));
    int rest = Runtime.getRuntime().availableProcessors() == 1 ? 9 : 4;
    assertEquals(rest, slept.get() / (double) now.get(), 0.01, "parts left to others");
  }

  /** The first run loads classes, and any may wait for a processor: at most 2 ms of it count. */
  @Test
  void longRunsAreNotRestedFrom() throws InterruptedException {
    Pass pass = taking(10_000_000);
    assertNull(warmed(route(PLAIN, false), () -> pass));
    int rest = Runtime.getRuntime().availableProcessors() == 1 ? 9 : 4;
    assertEquals(rest * 0.2, slept.get() / (double) now.get(), 0.01, "parts left to others");
  }

  /** As long as it gains it is waited for, however long that takes in all. */
  @Test
  void aPassThatBecomesFasterIsWaitedFor() throws InterruptedException {
    AtomicLong time = new AtomicLong(4_000_000);
    AtomicInteger runs = new AtomicInteger();
    Pass pass =
        (step, arrays, from, to) -> {
          if (runs.incrementAndGet() % 400 == 0) {
            time.set(Math.max(100, time.get() * 9 / 10));
          }
          now.addAndGet(time.get());
        };
    assertSame(pass, warmed(route(PLAIN, false), () -> pass));
    assertTrue(TimeUnit.NANOSECONDS.toSeconds(now.get()) > 13, "seconds: " + now.get() / 1e9);
  }

  /** All that real arrays have, so that C2 sees it before it compiles. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPassSeesWholeVectorsRestsAndDeadWeights(boolean wide) throws InterruptedException {
    Set<Integer> lengths = new ConcurrentSkipListSet<>();
    AtomicReference<Operands> seen = new AtomicReference<>();
    Pass pass =
        (step, arrays, from, to) -> {
          seen.set(arrays);
          lengths.add(to - from);
        };
    assertSame(pass, warmed(route(ALL, wide), () -> pass));
    int elements = 2 * Window.PAGE / (wide ? Double.BYTES : Float.BYTES);
    assertEquals(Set.of(32, 32 + 7, elements, elements + 7), lengths);
    Operands arrays = seen.get();
    assertTrue(arrays.m != null && arrays.b != null && arrays.p != null);
    assertTrue(arrays.idleTurns > 0, "or C2 wants many more calls");
    int[] at = {arrays.gAt, arrays.vAt, arrays.mAt, arrays.bAt, arrays.pAt};
    for (int i = 1; i < at.length; i++) { // one behind the other, with room for the rest
      assertEquals(3 * Window.PAGE, at[i] - at[i - 1]);
    }
    assertEquals(0, arrays.g.address(arrays.gAt) % Window.PAGE);
    int[] places = {0, 3, 4, 5, 32, elements + 6};
    double[] gradients = {0, 0, -0.5, 0.5, 0, -0.5};
    double dead = wide ? 1 : Float.MIN_NORMAL / 2; // doubles are never so small
    double[] squares = {dead, dead, 1, 1, dead, 1};
    for (int i = 0; i < places.length; i++) {
      assertEquals(gradients[i], value(arrays.g, arrays.gAt, places[i], wide), "gradient " + i);
      assertEquals(squares[i], value(arrays.v, arrays.vAt, places[i], wide), "mean square " + i);
    }
  }

  private static double value(Window window, int at, int index, boolean wide) {
    return wide
        ? window.doubles.get(at / Double.BYTES + index)
        : window.floats.get(at / Float.BYTES + index);
  }

  @Test
  void whatAFormDoesNotHaveIsNotThere() throws InterruptedException {
    AtomicReference<Operands> seen = new AtomicReference<>();
    warmed(
        route(PLAIN, false),
        () ->
            (step, arrays, from, to) -> {
              seen.set(arrays);
            });
    Operands arrays = seen.get();
    assertTrue(arrays.m == null && arrays.b == null && arrays.p == null);
    assertEquals(-0.5, value(arrays.g, arrays.gAt, 0, false), "no dead weights");
    assertEquals(1, value(arrays.v, arrays.vAt, 0, false), "no dead weights");
  }

  @Test
  void aPassThatFailsIsRefused() throws InterruptedException {
    Route route = route(PLAIN, false);
    assertNull(
        warmed(
            route,
            () -> {
              throw new IllegalStateException("made to fail");
            }));
    assertNull(
        warmed(
            route,
            () ->
                (step, arrays, from, to) -> {
                  throw new LinkageError("made to fail later");
                }));
  }

  /** Nothing is told of it: it is as if nobody had asked, and the next one has its turn. */
  @Test
  void withoutMemoryARouteAsksAgain() throws InterruptedException {
    Route starved = route(PLAIN, false);
    starved.stepped = 5;
    starved.asked.set(true);
    warmUp.add(
        starved,
        () -> {
          throw new OutOfMemoryError("made to fail");
        });
    Pass pass = (step, arrays, from, to) -> {};
    assertSame(pass, warmed(route(PLAIN, false), () -> pass));
    assertFalse(starved.asked.get());
    assertEquals(0, starved.stepped);
    assertTrue(told.isEmpty());
  }

  /** It keeps neither a JVM nor an application's classes alive. */
  @Test
  void theThreadHoldsNothing() throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    AtomicReference<ClassLoader> loader = new AtomicReference<>();
    Pass pass =
        (step, arrays, from, to) -> {
          thread.set(Thread.currentThread());
          loader.set(Thread.currentThread().getContextClassLoader());
        };
    assertSame(pass, warmed(route(PLAIN, false), () -> pass));
    assertTrue(thread.get().isDaemon());
    assertNull(loader.get());
  }

  @Test
  void oneAfterTheOther() throws InterruptedException {
    Pass pass = (step, arrays, from, to) -> {};
    for (int i = 0; i < 3; i++) {
      warmUp.add(route(PLAIN, false), () -> pass);
    }
    for (int i = 0; i < 3; i++) {
      assertNotNull(told.poll(SECONDS, TimeUnit.SECONDS), "outcome " + i);
    }
    noThreadIsLeft(); // and a later one starts another
    assertSame(pass, warmed(route(PLAIN, false), () -> pass));
  }
}
