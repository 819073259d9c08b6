package io.github.rmsprop4j.benchmarks.step;

import io.github.rmsprop4j.benchmarks.step.StepContender.Stepper;
import io.github.rmsprop4j.kernel.StepKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Steps through the public API: gradient in, update out, in place. Run it with {@code mvn -Pbench};
 * a part of it with, say, {@code -Dargs="-p updater=SIMD,BUILT_IN -p parameters=10000"}.
 *
 * <p>A step overwrites its gradient, and a gradient that is stepped again and again ends in the
 * denormals. So gradients are restored before each invocation, outside the timed part, and state
 * and parameters before each iteration. Two clock readings take about 50 ns, which is not little
 * beside a small step: then an invocation steps {@link #ring} gradients, one after the other. JMH's
 * table has the time of an invocation, the rows of {@link StepRows} that of a step.
 *
 * <p>What the caches hold: gradients are written by copying the same 65,536 random values again and
 * again, as backpropagation writes them, so they are as near as they can be: in the second level
 * for a ring and up to 10^5 parameters, beyond that in the third or in memory. State and parameters
 * are where the step before left them. The source moves on by a cache line each time, so that
 * centered forms see a variance.
 *
 * <p>{@link Level#Invocation} is safe here: there is one caller, and a ring of the smallest size
 * takes about 20 µs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 3,
    jvmArgsPrepend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class StepBenchmark {
  private static final int RING_ELEMENTS = 1 << 16;
  private static final int MAX_RING = 200;
  private static final int SHIFTS = 16;
  private static final int LINE = 64;

  /** What gradients are divided by where parameters change, as Deeplearning4j does first. */
  static final int BATCH = 32;

  /** Number of parameters in all blocks: 800 B to 800 MB of gradient and mean square in FLOAT. */
  @Param({"100", "1000", "10000", "100000", "1000000", "10000000", "50000000", "100000000"})
  public int parameters;

  /** Number of updaters that share them, called in turn. */
  @Param("1")
  public int blocks;

  /** Type of gradient, state and parameters: FLOAT or DOUBLE. */
  @Param("FLOAT")
  public DataType type;

  /** Settings of this project's updater, and the arrays that the roofs pass over. */
  @Param("PLAIN")
  public Form form;

  /** Whether the parameters change too. */
  @Param("STEP")
  public Work mode;

  /** At most how many threads share a step: a number, or {@code all}. */
  @Param("1")
  public String threads;

  /**
   * Who steps. JMH takes parameters by name, the last in turn first: so those that are compared run
   * one after the other, and not an hour apart.
   */
  @Param public StepContender updater;

  /** What an invocation does with a gradient. */
  public enum Work {
    /** Gradient in, update out. */
    STEP("step"),
    /**
     * ND4J divides the gradient by the batch size before, and subtracts the update from the
     * parameters after, as DL4J has it done.
     */
    CHANGE("division+step+change"),
    /** All of it in the pass that makes the update, which is left nowhere. */
    ONE_PASS("one pass");

    final String label;

    Work(String label) {
      this.label = label;
    }

    /** What a contender makes of it: Deeplearning4j's own have no one pass, but two. */
    Work of(StepContender contender) {
      return this == ONE_PASS && !contender.isOurs() ? CHANGE : this;
    }
  }

  INDArray gradients;
  INDArray state;
  INDArray values;
  private INDArray[] wholes;
  private INDArray[][] parts;
  private StepKernel kernel;
  private Stepper[] steppers;
  private ByteBuffer source;
  private ByteBuffer target;
  private int shift;
  private int iteration;
  private boolean changes;

  /**
   * How many gradients an invocation steps: as many as make 65,536 elements, but at most 200.
   *
   * @param parameters of one gradient
   */
  static int ring(int parameters) {
    return Math.max(1, Math.min(MAX_RING, RING_ELEMENTS / parameters));
  }

  static int threads(String threads) {
    return threads.equals("all")
        ? Runtime.getRuntime().availableProcessors()
        : Integer.parseInt(threads);
  }

  /** Makes the arrays and says what this fork really has. */
  @Setup(Level.Trial)
  public void setUp() {
    kernel = updater.kernel(threads(threads));
    System.out.println("# " + updater.describe(kernel));
    if (parameters % blocks != 0) {
      throw new IllegalArgumentException(
          "parameters must be a multiple of blocks, " + blocks + ", got " + parameters);
    }
    // ND4J takes only fewer than OMP_NUM_THREADS, so that must not be lower already.
    Nd4j.getEnvironment().setMaxMasterThreads(threads(threads));
    long stateSize = (long) updater.stateArrays(form) * parameters;
    gradients = Nd4j.createUninitializedDetached(type, (long) ring(parameters) * parameters);
    state = stateSize == 0 ? null : Nd4j.createUninitializedDetached(type, stateSize);
    values = mode != Work.STEP ? Nd4j.createUninitializedDetached(type, parameters) : null;
    target = gradients.data().pointer().asByteBuffer();
    source = random(type);
    cut();
    begin();
    restore();
  }

  private void cut() {
    int ring = ring(parameters);
    long length = parameters / blocks;
    wholes = new INDArray[ring];
    parts = new INDArray[ring][blocks];
    for (int k = 0; k < ring; k++) {
      wholes[k] = interval(gradients, k, parameters);
      for (int b = 0; b < blocks; b++) {
        parts[k][b] = interval(wholes[k], b, length);
      }
    }
  }

  private static INDArray interval(INDArray array, long index, long length) {
    return array.get(NDArrayIndex.interval(index * length, (index + 1) * length));
  }

  private static ByteBuffer random(DataType type) {
    int length = RING_ELEMENTS + SHIFTS * LINE / type.width();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(length * type.width()).order(ByteOrder.nativeOrder());
    Random random = new Random(1);
    for (int i = 0; i < length; i++) {
      if (type == DataType.DOUBLE) {
        buffer.putDouble(random.nextGaussian());
      } else {
        buffer.putFloat((float) random.nextGaussian());
      }
    }
    return buffer;
  }

  /** Fresh state and parameters. */
  @Setup(Level.Iteration)
  public void begin() {
    steppers = new Stepper[blocks];
    for (int b = 0; b < blocks; b++) {
      INDArray part = state == null ? null : interval(state, b, state.length() / blocks);
      INDArray changed =
          mode.of(updater) == Work.ONE_PASS ? interval(values, b, parameters / blocks) : null;
      steppers[b] = updater.stepper(form, part, kernel, changed);
    }
    if (values != null) {
      values.assign(1);
    }
    changes = mode.of(updater) == Work.CHANGE;
    iteration = 0;
  }

  /** Fresh gradients, without garbage that would be counted as the step's. */
  @Setup(Level.Invocation)
  public void restore() {
    int tile = RING_ELEMENTS * type.width();
    shift = (shift + 1) % SHIFTS;
    for (int at = 0; at < target.capacity(); at += tile) {
      target.put(at, source, shift * LINE, Math.min(tile, target.capacity() - at));
    }
  }

  /** Frees the arrays. */
  @TearDown(Level.Trial)
  public void close() {
    gradients.close();
    if (state != null) {
      state.close();
    }
    if (values != null) {
      values.close();
    }
  }

  /** Steps each gradient of the ring once, block after block, with all that the mode asks for. */
  @Benchmark
  public void step() {
    for (int k = 0; k < wholes.length; k++) {
      if (changes) {
        wholes[k].divi(BATCH);
      }
      for (int b = 0; b < blocks; b++) {
        steppers[b].step(parts[k][b], iteration);
      }
      if (changes) {
        values.subi(wholes[k]);
      }
      iteration++;
    }
  }
}
