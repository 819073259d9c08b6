package io.github.rmsprop4j.benchmarks.peers;

import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * RMSprop of other Java libraries beside this project's, from the gradient to changed parameters,
 * one thread. {@code mvn -Ppeers} runs it.
 *
 * <p>DL4J and Tribuo overwrite the gradient, and the next step works on what the last one left; see
 * {@link Settings#TIMED}. Every iteration starts from the same gradient.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 2,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Drmsprop4j.kernel=simd",
      "-Drmsprop4j.threads=1"
    })
public class PeersBenchmark {
  /** Whose RMSprop. */
  @Param public Peer contender;

  /** Number of parameters: 40 kB to 200 MB of each FLOAT array. */
  @Param({"10000", "1000000", "10000000", "50000000"})
  public int parameters;

  private float[] gradient;
  Trainable trainable;

  /** Makes the arrays. */
  @Setup(Level.Trial)
  public void setUp() {
    gradient = new float[parameters];
    Random random = new Random(1);
    for (int i = 0; i < parameters; i++) {
      gradient[i] = (float) random.nextGaussian();
    }
    trainable = contender.make(new float[parameters], Settings.TIMED);
  }

  /** The same gradient for every iteration. */
  @Setup(Level.Iteration)
  public void handOver() {
    trainable.handOver(gradient);
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    trainable.close();
  }

  /** One step. */
  @Benchmark
  public void step() {
    trainable.step();
  }
}
