package io.github.rmsprop4j.kernel;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A large step in chunks, which are taken from a counter by whoever runs, the caller first. So the
 * caller never waits for a thread that has not begun: only for chunks that another has in hand.
 */
final class SharedStep implements Runnable {
  private static final int SPINS = 2000;

  private final Pass pass;
  private final Step step;
  private final Operands arrays;
  private final int length;
  private final int chunk;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger open;
  private final AtomicInteger waiting; // helpers that were asked for and have not begun
  private final Thread caller = Thread.currentThread();
  private volatile Throwable failure;

  private SharedStep(
      Pass pass, Step step, Operands arrays, int length, int chunk, AtomicInteger waiting) {
    this.pass = pass;
    this.step = step;
    this.arrays = arrays;
    this.length = length;
    this.chunk = chunk;
    this.waiting = waiting;
    open = new AtomicInteger((length + chunk - 1) / chunk);
  }

  /**
   * Steps elements 0 to {@code length} and returns when all are done.
   *
   * @param helpers at most how many others to ask
   * @param pool where the others are
   * @param waiting of this pool; as long as the helpers of earlier steps have not begun, no more
   *     are asked for, so nothing piles up in a pool that is busy
   */
  static void run(
      Pass pass,
      Step step,
      Operands arrays,
      int length,
      int chunk,
      int helpers,
      Executor pool,
      AtomicInteger waiting) {
    SharedStep shared = new SharedStep(pass, step, arrays, length, chunk, waiting);
    int wanted = Math.min(helpers, shared.open.get() - 1);
    while (wanted-- > 0 && waiting.get() < helpers) {
      waiting.incrementAndGet();
      try {
        pool.execute(shared);
      } catch (RejectedExecutionException e) { // shut down, or full: the caller does it all
        waiting.decrementAndGet();
        break;
      }
    }
    shared.takeChunks();
    shared.awaitOthers();
  }

  /** A helper begins. */
  @Override
  public void run() {
    waiting.decrementAndGet();
    takeChunks();
  }

  private void takeChunks() {
    int chunks = (length + chunk - 1) / chunk;
    for (int i = next.getAndIncrement(); i < chunks; i = next.getAndIncrement()) {
      try {
        if (failure == null) {
          pass.run(step, arrays, i * chunk, Math.min(length, (i + 1) * chunk));
        }
      } catch (Throwable e) {
        failure = e;
      } finally {
        if (open.decrementAndGet() == 0) {
          LockSupport.unpark(caller);
        }
      }
    }
  }

  private void awaitOthers() {
    boolean interrupted = false;
    for (int i = 0; open.get() > 0; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted(); // or park would return at once from now on
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure; // a pass declares no other
    }
  }
}
