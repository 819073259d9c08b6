package io.github.rmsprop4j.benchmarks;

import io.github.rmsprop4j.RmsProp;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * One updater step through the public API: gradient in, update out, in place.
 *
 * <p>Run it with {@code mvn -Pbench -Dargs="StepBenchmark -prof gc"}; a part of it with, say,
 * {@code -Dargs="StepBenchmark.simd -p parameters=10000"}.
 *
 * <p>A step overwrites its gradient, and the next one works on what it left. To restore the
 * gradient between two steps would cost more than the step, so the learning rate is 1: then ±1 is a
 * fixed point of gradient and update, and no value ever comes near the denormals. (Time does not
 * depend on the values otherwise.) Arrays are made anew for every iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class StepBenchmark {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  /** Number of parameters: 800 B to 400 MB of gradient and state in FLOAT. */
  @Param({"100", "10000", "100000", "1000000", "10000000", "50000000"})
  public int parameters;

  /** Type of gradient and state. */
  @Param("FLOAT")
  public DataType type;

  private INDArray gradient;
  private GradientUpdater<?> updater;
  private GradientUpdater<?> builtIn;

  /** Fresh arrays, and a line that says which kernel this fork really has. */
  @Setup(Level.Iteration)
  public void setUp() {
    if (gradient != null) {
      gradient.close();
      updater.getState().get("G").close();
      builtIn = null;
    }
    gradient = Nd4j.createUninitializedDetached(type, parameters);
    Nd4j.getRandom().setSeed(1);
    Nd4j.getExecutioner().exec(new GaussianDistribution(gradient, 0, 1));
    INDArray state = Nd4j.createUninitializedDetached(type, parameters);
    updater = instantiate(new RmsProp(1.0), state);
    builtIn = instantiate(new org.nd4j.linalg.learning.config.RmsProp(1.0), state);
  }

  private static GradientUpdater<?> instantiate(IUpdater config, INDArray state) {
    return config.instantiate(state, true);
  }

  /** DL4J's own updater, one thread (it does not scale with more). */
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
