package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks of a step, done by the caller and by helpers that come early, late or never. */
class SharedStepTest {
  private static final int LENGTH = 1003;
  private static final int CHUNK = 100;

  private final AtomicInteger waiting = new AtomicInteger();

  private void run(Pass pass, int helpers, Executor pool) {
    run(pass, LENGTH, helpers, pool);
  }

  private void run(Pass pass, int length, int helpers, Executor pool) {
    SharedStep.run(pass, null, null, length, CHUNK, helpers, pool, waiting);
  }

  /** A pass that counts how often each element is stepped. */
  private static Pass counting(AtomicIntegerArray counts) {
    return (step, arrays, from, to) -> {
      for (int i = from; i < to; i++) {
        counts.incrementAndGet(i);
      }
    };
  }

  private static void assertEachOnce(AtomicIntegerArray counts) {
    for (int i = 0; i < counts.length(); i++) {
      assertEquals(1, counts.get(i), "element " + i);
    }
  }

  @Test
  void eachElementOnceWithHelpersOfTheirOwn() {
    for (int turn = 0; turn < 200; turn++) {
      AtomicIntegerArray counts = new AtomicIntegerArray(LENGTH);
      run(counting(counts), 3, task -> new Thread(task).start());
      assertEachOnce(counts);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 99, 100, 101, 199, 200, 201, 999, 1000, 1001})
  void chunksEndWhereTheArrayDoes(int length) {
    AtomicIntegerArray counts = new AtomicIntegerArray(length);
    List<Runnable> asked = new ArrayList<>();
    run(counting(counts), length, 20, asked::add);
    assertEachOnce(counts);
    assertEquals((length - 1) / CHUNK, asked.size(), "one for each chunk but the caller's");
  }

  @Test
  void aPoolThatNeverRunsIsAskedOnceAndDoesNotHold() {
    List<Runnable> asked = new ArrayList<>();
    for (int turn = 0; turn < 5; turn++) {
      AtomicIntegerArray counts = new AtomicIntegerArray(LENGTH);
      run(counting(counts), 2, asked::add);
      assertEachOnce(counts);
    }
    assertEquals(2, asked.size(), "helpers of later steps must not pile up");
    AtomicInteger calls = new AtomicInteger();
    asked.forEach(Runnable::run); // too late: the arrays may be gone
    assertEquals(0, calls.get());
    assertEquals(0, waiting.get());
  }

  @Test
  void aPoolThatRefusesIsDoneWithout() {
    AtomicIntegerArray counts = new AtomicIntegerArray(LENGTH);
    run(
        counting(counts),
        2,
        task -> {
          throw new RejectedExecutionException();
        });
    assertEachOnce(counts);
    assertEquals(0, waiting.get());
  }

  @Test
  void theCallerWaitsForAChunkThatAHelperHasBegun() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicIntegerArray counts = new AtomicIntegerArray(LENGTH);
    Pass count = counting(counts);
    Thread caller = Thread.currentThread();
    Pass slow =
        (step, arrays, from, to) -> {
          if (Thread.currentThread() == caller) {
            await(begun); // so that the helper has one
            if (to == LENGTH) {
              go.countDown();
            }
          } else {
            begun.countDown();
            await(go);
          }
          count.run(step, arrays, from, to);
        };
    Thread[] helper = new Thread[1];
    run(
        slow,
        1,
        task -> {
          helper[0] = new Thread(task);
          helper[0].start();
        });
    assertEachOnce(counts);
    helper[0].join();
  }

  @Test
  void anInterruptIsKeptAndHarmless() {
    Thread.currentThread().interrupt();
    AtomicIntegerArray counts = new AtomicIntegerArray(LENGTH);
    Thread caller = Thread.currentThread();
    Pass count = counting(counts);
    Pass slowHelpers =
        (step, arrays, from, to) -> {
          if (Thread.currentThread() != caller) {
            for (int i = 0; i < 100_000; i++) {
              Thread.onSpinWait();
            }
          }
          count.run(step, arrays, from, to);
        };
    run(slowHelpers, 3, task -> new Thread(task).start());
    assertTrue(Thread.interrupted(), "the interrupt must still be there");
    assertEachOnce(counts);
  }

  @Test
  void whatAHelperThrowsReachesTheCaller() {
    IllegalStateException thrown = new IllegalStateException("a helper's");
    CountDownLatch failed = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Pass fails =
        (step, arrays, from, to) -> {
          if (Thread.currentThread() == caller) {
            await(failed);
          } else {
            failed.countDown();
            throw thrown;
          }
        };
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class, () -> run(fails, 1, task -> new Thread(task).start())));
  }

  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
