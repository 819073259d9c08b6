package io.github.rmsprop4j.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;

/**
 * Runs passes on memory of its own until C2 has compiled them, on a thread that ends when there is
 * nothing left to do. Whatever goes wrong here, steps go on as before.
 */
final class WarmUp implements Runnable {
  /** How often one pass is run before it is the other's turn. */
  private static final int RUNS = 20;

  /** A pass that has not become faster for so long, nor is fast enough, will not be. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

  /** The same while vectors are still objects: on a busy machine C2 has to wait for its turn. */
  private static final long PATIENCE_WITH_C2 = TimeUnit.SECONDS.toNanos(10);

  /** A pass that takes more, in percent of the one in use, is not compiled yet. */
  private static final int COMPILED = 400;

  /**
   * A pass that takes no more is used. Where it is as fast as the other it will be faster: beside a
   * busy neighbour vectors of JDK 17 take 0.43 instead of 0.25 ns, the plain pass 0.44 always.
   */
  private static final int AS_FAST = 110;

  /** For one part of the time that it takes, this thread leaves so many to steps and compilers. */
  private static final int REST = 4;

  private static final int REST_ALONE = 9; // on one processor

  private static final long REST_EVERY = TimeUnit.MICROSECONDS.toNanos(500);

  /**
   * What of a run counts at most. A longer one waited for a processor, which others had then, or is
   * the first, which links vectors for 150 ms: its rest of 600 ms was a third of a warm-up beside a
   * training (JDK 25, a Xeon).
   */
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(2);

  private final BiConsumer<Route, Pass> result;
  private final Clock clock;
  private final Deque<Job> jobs = new ArrayDeque<>();
  private boolean running;

  /** What time it is, and waiting for a later one. */
  static class Clock {
    long nanos() {
      return System.nanoTime();
    }

    void sleep(long nanos) throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(nanos);
    }
  }

  /** Passes and who wants them. */
  private record Job(Route route, Supplier<Pass> pass) {}

  /**
   * A warm-up.
   *
   * @param result takes each pass when it has become as fast as its route's, or else null
   */
  WarmUp(BiConsumer<Route, Pass> result) {
    this(result, new Clock());
  }

  /** The same by another clock. */
  WarmUp(BiConsumer<Route, Pass> result, Clock clock) {
    this.result = result;
    this.clock = clock;
  }

  /** Warms a pass up for a route. */
  synchronized void add(Route route, Supplier<Pass> pass) {
    jobs.add(new Job(route, pass));
    if (!running) {
      try {
        Thread thread = new Thread(null, this, "rmsprop4j warm-up", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        running = true;
      } catch (OutOfMemoryError e) { // no more threads; the next form asks again
        Kernels.LOG.debug("No warm-up of {}", route.form, e);
      }
    }
  }

  @Override
  public void run() {
    for (Job job = take(); job != null; job = take()) {
      Pass faster = null;
      try {
        Pass pass = job.pass.get();
        faster = becomesFaster(pass, job.route) ? pass : null;
      } catch (OutOfMemoryError e) { // which may pass: to be asked for again
        Kernels.LOG.debug("No warm-up of {}", job.route.form, e);
        job.route.forget();
        continue;
      } catch (Throwable e) { // or a training would die of a thread that only helps
        if (!job.route.wasRefused()) { // or said already
          Kernels.LOG.warn("The step stays with its first kernel: {}", e.toString(), e);
        }
      }
      result.accept(job.route, faster);
    }
  }

  private synchronized Job take() {
    Job job = jobs.poll();
    running = job != null;
    return job;
  }

  /**
   * First on a few vectors, since a turn that allocates takes a hundred times as long; then on
   * whole pages, to compare.
   */
  private boolean becomesFaster(Pass pass, Route route) throws InterruptedException {
    Scratch scratch = new Scratch(route.form, route.wide, clock);
    Pass current = route.ways().pass();
    return scratch.becomes(pass, COMPILED, current, Scratch.FEW, PATIENCE_WITH_C2)
        && scratch.becomes(pass, AS_FAST, current, scratch.elements, PATIENCE);
  }

  /** Arrays of a few pages, with all that real ones have: a rest, and the form's dead weights. */
  private static final class Scratch {
    static final int FEW = 32;

    /** With it, 600 calls are enough for C2, the least that it asks for (JDK 17 to 25). */
    private static final int IDLE_TURNS = 30;

    private static final int PAGES = 2;
    private static final int REST_OF_VECTOR = 7;
    private static final int ARRAYS = 5;

    // As many as of MNIST's weights, and as there in half of the vectors of 16 floats.
    private static final int DEAD = 4;
    private static final int DEAD_OF = 32;

    private final ByteBuffer memory; // kept, as long as the addresses are used
    private final Clock clock;
    private final Operands arrays;
    private final Step step;
    private final int elements;
    private final int rest = Runtime.getRuntime().availableProcessors() == 1 ? REST_ALONE : REST;
    private long worked;

    Scratch(Form form, boolean wide, Clock clock) {
      this.clock = clock;
      int bytes = (PAGES + 1) * Window.PAGE;
      memory = ByteBuffer.allocateDirect((ARRAYS + 1) * bytes);
      long start = new BytePointer(memory).address();
      start += -start & (Window.PAGE - 1);
      arrays =
          new Operands(
              start,
              start + bytes,
              form.centered() ? start + 2L * bytes : Operands.NONE,
              form.momentum() ? start + 3L * bytes : Operands.NONE,
              form.changes() ? start + 4L * bytes : Operands.NONE);
      arrays.idleTurns = IDLE_TURNS;
      elements = PAGES * Window.PAGE / (wide ? Double.BYTES : Float.BYTES);
      for (int i = 0; i < elements + REST_OF_VECTOR; i++) {
        boolean dead = form.setsAside() && i % DEAD_OF < DEAD;
        double gradient = dead ? 0 : i % 2 - 0.5;
        if (wide) {
          arrays.g.doubles.put(arrays.gAt / Double.BYTES + i, gradient);
          arrays.v.doubles.put(arrays.vAt / Double.BYTES + i, 1);
        } else {
          arrays.g.floats.put(arrays.gAt / Float.BYTES + i, (float) gradient);
          arrays.v.floats.put(arrays.vAt / Float.BYTES + i, dead ? Float.MIN_NORMAL / 2 : 1);
        }
      }
      step = form.example();
    }

    /**
     * Runs a pass and another in turn.
     *
     * @return whether it has come to take at most so many percent; false if patience ended
     */
    boolean becomes(Pass pass, int percent, Pass other, int length, long patience)
        throws InterruptedException {
      long best = Long.MAX_VALUE;
      long gained = clock.nanos();
      while (clock.nanos() - gained <= patience) {
        long toBeat = least(other, length);
        long time = least(pass, length);
        if (100 * time <= percent * toBeat) {
          return true;
        }
        if (time < best - best / 20) {
          best = time;
          gained = clock.nanos();
        }
      }
      return false;
    }

    /** Of a few times the least, since whatever else the machine does makes them longer. */
    private long least(Pass pass, int length) throws InterruptedException {
      long least = Long.MAX_VALUE;
      for (int run = 0; run < RUNS; run++) {
        int tail = run % 2 == 0 ? 0 : REST_OF_VECTOR;
        least = Math.min(least, time(pass, length + tail));
      }
      return least;
    }

    private long time(Pass pass, int length) throws InterruptedException {
      long start = clock.nanos();
      pass.run(step, arrays, 0, length);
      long time = clock.nanos() - start;
      worked += Math.min(time, LONGEST);
      if (worked > REST_EVERY) {
        clock.sleep(worked * rest);
        worked = 0;
      }
      return time;
    }
  }
}
