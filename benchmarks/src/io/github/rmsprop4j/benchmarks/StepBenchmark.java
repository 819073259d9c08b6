package io.github.rmsprop4j.benchmarks;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.kernel.Kernels;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
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
 * One updater step through the public API: gradient in, update out, in place. The contenders are
 * the methods, since what tells them apart is the JVM's flags.
 *
 * <p>Run it with {@code mvn -Pbench -Dargs="StepBenchmark -prof gc"}; a part of it with, say,
 * {@code -Dargs="StepBenchmark.simd$ -p parameters=10000 -prof gc"}.
 *
 * <p>A step overwrites its gradient, and the next one works on what it left. To restore a small
 * gradient would cost more than the step and put it into the cache besides, so the learning rate is
 * 1: then ±1 is a fixed point of gradient and update, and no value ever comes near the denormals,
 * which would be slow. Division and root take the same time for all other values. Arrays are filled
 * anew for every iteration, outside the timed part.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class StepBenchmark {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  /** Settings that move 16, 24, 24 and 32 bytes for each FLOAT parameter. */
  public enum Form {
    /** As the built-in updater: v. */
    PLAIN(RmsProp.builder().learningRate(1)),

    /** v and b. */
    MOMENTUM(RmsProp.builder().learningRate(1).momentum(0.9)),

    /** v and m. A constant gradient has no variance, so a large ε keeps it where it is. */
    CENTERED(
        RmsProp.builder().learningRate(1000).epsilon(1000).initialMeanSquare(0).centered(true)),

    /** v, m and b. */
    CENTERED_MOMENTUM(RmsProp.builder().learningRate(1).centered(true).momentum(0.9).epsilon(1));

    private final RmsProp config;

    Form(RmsProp.Builder builder) {
      config = builder.build();
    }
  }

  /** Number of parameters: 800 B to 400 MB of gradient and mean square in FLOAT. */
  @Param({"100", "10000", "100000", "1000000", "10000000", "50000000"})
  public int parameters;

  /** Type of gradient and state. */
  @Param("FLOAT")
  public DataType type;

  /** Settings of this project's updater; the built-in one has only the first. */
  @Param("PLAIN")
  public Form form;

  INDArray gradient;
  INDArray state;
  private GradientUpdater<?> updater;
  private GradientUpdater<?> builtIn;

  /** Makes the arrays and says which kernel this fork really has. */
  @Setup(Level.Trial)
  public void setUp() {
    System.out.println("# " + Kernels.describe());
    gradient = Nd4j.createUninitializedDetached(type, parameters);
    state = Nd4j.createUninitializedDetached(type, form.config.stateSize(parameters));
    fill();
    updater = instantiate(form.config);
    builtIn =
        form == Form.PLAIN ? instantiate(new org.nd4j.linalg.learning.config.RmsProp(1.0)) : null;
  }

  private GradientUpdater<?> instantiate(IUpdater config) {
    return config.instantiate(state, true);
  }

  /** Random gradients, fresh state. */
  @Setup(Level.Iteration)
  public void fill() {
    Nd4j.getRandom().setSeed(1);
    Nd4j.exec(new GaussianDistribution(gradient, 0, 1));
    form.config.instantiate(state, true);
  }

  /** Frees the arrays. */
  @TearDown(Level.Trial)
  public void close() {
    gradient.close();
    state.close();
  }

  /** DL4J's own updater, one thread; it gains nothing from a second one. */
  @Benchmark
  public void builtIn() {
    builtIn.applyUpdater(gradient, 0, 0);
  }

  /** Vectors straight on off-heap memory. */
  @Benchmark
  @Fork(jvmArgsPrepend = {VECTORS, "-Drmsprop4j.kernel=simd", "-Drmsprop4j.threads=1"})
  public void simd() {
    updater.applyUpdater(gradient, 0, 0);
  }

  /** The same on two threads. */
  @Benchmark
  @Fork(jvmArgsPrepend = {VECTORS, "-Drmsprop4j.kernel=simd", "-Drmsprop4j.threads=2"})
  public void simdTwoThreads() {
    updater.applyUpdater(gradient, 0, 0);
  }

  /** What a user gets who starts Java without the module. */
  @Benchmark
  @Fork(jvmArgsPrepend = {"-Drmsprop4j.kernel=plain", "-Drmsprop4j.threads=1"})
  public void plain() {
    updater.applyUpdater(gradient, 0, 0);
  }

  /** The same on two threads. */
  @Benchmark
  @Fork(jvmArgsPrepend = {"-Drmsprop4j.kernel=plain", "-Drmsprop4j.threads=2"})
  public void plainTwoThreads() {
    updater.applyUpdater(gradient, 0, 0);
  }

  /** ND4J operations, as on backends whose memory Java cannot reach. */
  @Benchmark
  @Fork(jvmArgsPrepend = "-Drmsprop4j.kernel=nd4j")
  public void nd4j() {
    updater.applyUpdater(gradient, 0, 0);
  }
}
