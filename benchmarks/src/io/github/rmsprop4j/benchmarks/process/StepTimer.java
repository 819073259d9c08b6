package io.github.rmsprop4j.benchmarks.process;

import com.sun.management.ThreadMXBean;
import io.github.rmsprop4j.benchmarks.results.Spread;
import io.github.rmsprop4j.kernel.Roofs;
import io.github.rmsprop4j.kernel.State;
import io.github.rmsprop4j.kernel.Step;
import io.github.rmsprop4j.kernel.StepKernel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Times single steps in the order in which a process does them: the gradient is written anew before
 * each one, as backpropagation writes it, outside the timed part.
 */
final class StepTimer {
  /** One step; the gradient becomes the update. */
  interface Stepper {
    void step(INDArray gradient, int iteration);
  }

  /** How many steps in a row, before another timer has its turn. */
  private static final int TURN = 10;

  /** Enough to choose a way of the largest steps; of smaller ones the warm-up has more. */
  private static final int WARM_UP_STEPS = 60;

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final int SHIFTS = 16;
  private static final int LINE = 16;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final INDArray[] sources = new INDArray[SHIFTS];
  private final INDArray gradient;
  private final Stepper stepper;
  private final Runnable before;
  private final List<Long> times = new ArrayList<>();
  private long bytes;
  private int iteration;

  /**
   * A timer.
   *
   * @param source normal numbers from {@link #source}
   * @param gradient from {@link #gradient}; timers that have it in common see the same memory
   * @param before runs before each step
   */
  StepTimer(INDArray source, INDArray gradient, Stepper stepper, Runnable before) {
    long parameters = gradient.length();
    for (int i = 0; i < SHIFTS; i++) { // or centered forms would see no variance
      sources[i] = source.get(NDArrayIndex.interval(i * LINE, i * LINE + parameters));
    }
    this.gradient = gradient;
    this.stepper = stepper;
    this.before = before;
  }

  /** {@return what the gradients of so many parameters are read from} */
  static INDArray source(DataType type, long parameters) {
    return Nd4j.randn(type, parameters + SHIFTS * LINE);
  }

  /** {@return an array for the gradients from a source} */
  static INDArray gradient(INDArray source) {
    return Nd4j.create(source.dataType(), source.length() - SHIFTS * LINE);
  }

  /** {@return the state of a roof} */
  static State state(DataType type, long parameters, int stateArrays) {
    INDArray[] parts = new INDArray[3];
    for (int i = 0; i < stateArrays; i++) {
      parts[i] = Nd4j.create(type, parameters);
    }
    return new State(parts[0], parts[1], parts[2]);
  }

  /** {@return the roof: one vectorised multiply-add for each array} */
  static Stepper roof(State state, int threads) {
    StepKernel stream = Roofs.stream(threads);
    Step none = Step.builder().build(); // it reads nothing of it
    return (gradient, iteration) -> stream.step(none, gradient, state, null);
  }

  /**
   * Lets some step in turn, until the kernels' own warm-up has ended and then for a while, and then
   * times them, still in turn.
   */
  static void measure(List<StepTimer> timers, int warmUpMillis, int steps) {
    long start = System.nanoTime();
    long compiled = start;
    int since = 0; // steps since nothing was compiled
    while (since < WARM_UP_STEPS
        || System.nanoTime() - compiled
            < TimeUnit.MILLISECONDS.toNanos(warmUpMillis) * timers.size()) {
      timers.forEach(timer -> timer.steps(TURN));
      since += TURN;
      if (isWarmingUp(start)) {
        compiled = System.nanoTime();
        since = 0;
      }
    }
    timers.forEach(StepTimer::forget);
    for (int done = 0; done < steps; done += TURN) {
      int turn = Math.min(TURN, steps - done);
      timers.forEach(timer -> timer.steps(turn));
    }
  }

  private static boolean isWarmingUp(long start) {
    return System.nanoTime() - start < PATIENCE
        && Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().startsWith("rmsprop4j"));
  }

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      step();
    }
  }

  private void step() {
    gradient.assign(sources[iteration % SHIFTS]);
    before.run();
    long thread = Thread.currentThread().getId();
    long allocated = THREADS.getThreadAllocatedBytes(thread);
    long start = System.nanoTime();
    stepper.step(gradient, iteration);
    long time = System.nanoTime() - start;
    bytes += THREADS.getThreadAllocatedBytes(thread) - allocated;
    times.add(time);
    iteration++;
  }

  private void forget() {
    times.clear();
    bytes = 0;
  }

  /** Tells the parent the median of the steps in ns, and bytes a step. */
  void tell(String label) {
    FreshJvm.tell(
        label, Spread.of(times, Long::doubleValue).median(), (double) bytes / times.size());
  }
}
