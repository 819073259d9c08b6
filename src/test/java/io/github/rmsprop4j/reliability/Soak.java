package io.github.rmsprop4j.reliability;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.cli.UsageErrors;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.deallocation.DeallocatorService;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Long runs that must leave nothing behind. {@code mvn -Psoak} does all of them at full length;
 * {@link SoakTest} a hundredth of the steps.
 */
@Command(
    name = "mvn -Psoak",
    customSynopsis = "mvn -Psoak [-Dargs=\"[--help] [DIVISOR]\"]",
    synopsisHeading = "Usage: ",
    description = "Long runs that must leave nothing behind: heap, off-heap memory and threads.")
public final class Soak implements Runnable {
  private static final int N = 1_000;
  private static final int THREADS = 16;
  private static final int COLLECTIONS = 300;

  /** What the JVM's own doings come to, such as classes that a later branch loads, in bytes. */
  private static final long HEAP = 2L << 20;

  /** Of off-heap arrays and workspaces: constants that ND4J makes when they are first needed. */
  private static final int ARRAYS = 16;

  /** How many networks are made before ND4J is given the time to free them. */
  private static final int PORTION = 40;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIVISOR",
      defaultValue = "1",
      description = "Do a part of it only: 10 is a tenth (default: all, in five minutes).")
  private int divisor;

  @Mixin private HelpOption help;

  @Spec private CommandSpec spec;

  private Soak() {}

  /**
   * What a process holds after a collection.
   *
   * @param arrays how many arrays and workspaces off the heap ND4J has not freed: what {@code
   *     Pointer.totalBytes()} counts has none of them in it, nor has {@code AllocationsTracker}
   */
  private record Held(long heap, int arrays, Set<Thread> threads) {
    /** So many collections in a row that free no array: what is pending is done. */
    private static final int SETTLED = 10;

    private static final String WARM_UP = "rmsprop4j warm-up";
    private static final Duration WARM_UP_ENDS = Duration.ofMinutes(1);

    static Held now() {
      awaitWarmUp();
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return new Held(runtime.totalMemory() - runtime.freeMemory(), notFreed(), otherThreads());
    }

    /** ND4J 1.0.0-M2.1 has no method that tells. */
    private static int notFreed() {
      try {
        Field map = DeallocatorService.class.getDeclaredField("referenceMap");
        map.setAccessible(true);
        return ((Map<?, ?>) map.get(Nd4j.getDeallocatorService())).size();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    static Held settled() {
      Held least = now();
      for (int idle = 0; idle < SETTLED; idle++) {
        Held now = now();
        if (now.arrays < least.arrays) {
          idle = 0;
        }
        least = now.arrays <= least.arrays ? now : least;
      }
      return least;
    }

    /**
     * The warm-up's thread ends by itself; one that is still there after so long is left behind.
     */
    private static void awaitWarmUp() {
      try {
        for (Thread thread : allThreads().filter(t -> t.getName().equals(WARM_UP)).toList()) {
          thread.join(WARM_UP_ENDS.toMillis());
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Stream<Thread> allThreads() {
      Thread[] all = new Thread[2 * Thread.activeCount() + 16];
      return Arrays.stream(all, 0, Thread.enumerate(all));
    }

    /** All but those of the common pool, whose number the JDK limits. */
    private static Set<Thread> otherThreads() {
      return allThreads()
          .filter(thread -> !thread.getName().startsWith("ForkJoinPool.commonPool-worker-"))
          .collect(Collectors.toSet());
    }

    boolean holds(Held after) {
      return after.heap - heap <= HEAP
          && after.arrays - arrays <= ARRAYS
          && threads.containsAll(after.threads);
    }

    @Override
    public String toString() {
      return "heap %,d kB, %,d arrays off it, %d threads"
          .formatted(heap / 1000, arrays, threads.size());
    }
  }

  /**
   * Runs a part of it to warm up, and all of it, and fails if there is more afterwards.
   *
   * <p>What is unreachable ND4J frees on daemon threads of its own, any time after the collection:
   * networks with its own updater hold as much for as long. So what is left is looked at until it
   * is little enough, and has failed if so many collections were not enough.
   */
  private static void flat(String what, int times, IntConsumer run) {
    run.accept(Math.max(1, times / 10));
    Held before = Held.settled();
    run.accept(times);
    Held after = Held.now();
    for (int i = 0; i < COLLECTIONS && !before.holds(after); i++) {
      after = Held.now();
    }
    if (!before.holds(after)) {
      Set<Thread> left = new HashSet<>(after.threads);
      left.removeAll(before.threads);
      throw new AssertionError(
          what + " must leave nothing behind: " + before + " -> " + after + ", new ones " + left);
    }
    System.out.println("soak: " + what + ", " + times + " times: " + before + " -> " + after);
  }

  /** One updater, steps without end, of every form and policy. */
  static void steps(int times) {
    for (Flavor flavor : List.of(Flavor.DL4J, Flavor.GRAVES, Flavor.PYTORCH)) {
      for (NonFinitePolicy policy :
          List.of(NonFinitePolicy.PROPAGATE, NonFinitePolicy.ZERO_ELEMENT)) {
        RmsProp config = RmsProp.builder(flavor).momentum(0.5).nonFinite(policy).build();
        RmsPropUpdater updater =
            config.instantiate(Nd4j.create(DataType.FLOAT, config.stateSize(N)), true);
        INDArray gradient = Nd4j.ones(DataType.FLOAT, N);
        flat("steps of " + flavor + ", " + policy, times / 6, n -> step(updater, gradient, n));
      }
    }
  }

  private static void step(RmsPropUpdater updater, INDArray gradient, int times) {
    for (int i = 0; i < times; i++) {
      updater.applyUpdater(gradient, i, 0);
    }
  }

  /**
   * Networks that are made, trained for two iterations, and dropped. In portions: arrays that wait
   * to be freed by the million grow ND4J's table of them, with the built-in updater too, and a
   * table of that kind never shrinks.
   */
  static void networks(int times) {
    RmsProp shared = RmsProp.builder().learningRate(0.01).momentum(0.9).centered(true).build();
    flat(
        "networks",
        times,
        n -> {
          for (int i = 0; i < n; i++) {
            train(shared, 2);
            if (i % PORTION == PORTION - 1) {
              Held.settled();
            }
          }
        });
  }

  private static INDArray train(RmsProp config, int iterations) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(config)
                .list()
                .layer(new DenseLayer.Builder().nIn(8).nOut(16).activation(Activation.TANH).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(16)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    network.init();
    INDArray x = Nd4j.linspace(DataType.FLOAT, -1.0, 0.05, 32).reshape(4, 8);
    INDArray y = Nd4j.linspace(DataType.FLOAT, 0.0, 0.1, 8).reshape(4, 2);
    for (int i = 0; i < iterations; i++) {
      network.fit(x, y);
    }
    return network.params();
  }

  /**
   * 16 networks at once that share one configuration end as one that is alone. On the same threads
   * in all rounds: four workspaces of each that has ended stay in ND4J's table, with the built-in
   * updater too.
   */
  static void together(int rounds) {
    RmsProp shared = RmsProp.builder().learningRate(0.01).momentum(0.9).centered(true).build();
    INDArray alone = train(shared, 20);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      flat(
          "rounds of 16 networks at once",
          rounds,
          n -> {
            for (int i = 0; i < n; i++) {
              for (INDArray parameters : atOnce(threads, () -> train(shared, 20).dup())) {
                if (!parameters.equalsWithEps(alone, 0)) {
                  throw new AssertionError("trained beside others, a network must be the same");
                }
              }
              Held.settled();
            }
          });
    } finally {
      threads.shutdown();
    }
  }

  /** A thread that is interrupted steps on, to the same bits, and stays interrupted. */
  static void interrupted(int rounds) {
    int large = 1 << 20; // which several threads share
    RmsProp config = new RmsProp();
    INDArray expected = interruptible(config, large, false);
    flat(
        "rounds of interrupted steps",
        rounds,
        n -> {
          for (int i = 0; i < n; i++) {
            INDArray actual = interruptible(config, large, true);
            boolean same = actual.equalsWithEps(expected, 0);
            actual.close();
            if (!same) {
              throw new AssertionError("an interrupt must not change a step");
            }
          }
        });
  }

  private static INDArray interruptible(RmsProp config, int length, boolean interrupt) {
    try (INDArray state = Nd4j.create(DataType.FLOAT, config.stateSize(length))) {
      INDArray gradient = Nd4j.linspace(DataType.FLOAT, -1.0, 1e-6, length);
      RmsPropUpdater updater = config.instantiate(state, true);
      for (int i = 0; i < 4; i++) {
        if (interrupt) {
          Thread.currentThread().interrupt();
        }
        updater.applyUpdater(gradient, i, 0);
        if (Thread.interrupted() != interrupt) {
          throw new AssertionError("a step must leave a thread's interrupt as it was");
        }
      }
      return gradient;
    }
  }

  private static List<INDArray> atOnce(ExecutorService threads, Callable<INDArray> task) {
    List<INDArray> results = new ArrayList<>();
    try {
      for (Future<INDArray> future : threads.invokeAll(Collections.nCopies(THREADS, task))) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All of them; the argument divides their lengths, which are 10^7 steps and 10^4 networks. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Soak()).setParameterExceptionHandler(new UsageErrors()).execute(args));
  }

  @Override
  public void run() {
    if (divisor < 1 || divisor > 100) {
      throw new ParameterException(
          spec.commandLine(), "DIVISOR must be in [1, 100], got " + divisor);
    }
    steps(10_000_000 / divisor);
    networks(10_000 / divisor);
    together(200 / divisor);
    interrupted(500 / divisor);
    System.out.println("soak: nothing left behind");
  }
}
