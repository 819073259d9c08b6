package io.github.rmsprop4j.kernel;

import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/** A JVM of its own, for what can be seen only once in each or needs other flags. */
final class KernelProcess {
  private static final int LENGTH = 20_000;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

  private KernelProcess() {}

  /**
   * Runs {@link #main} on the class path of this JVM.
   *
   * @return its output
   */
  static String run(List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    return run(Map.of(), flags, arguments);
  }

  /**
   * The same.
   *
   * @param variables what the environment says of ND4J's threads
   */
  static String run(Map<String, String> variables, List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(KernelProcess.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeAll(List.of("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return output;
  }

  /**
   * Steps until a kernel is settled, or with {@code simd} that one; with {@code retry} the first
   * use fails for its property, with {@code exhausted} for want of memory beside the arrays'.
   */
  public static void main(String[] arguments) {
    if (List.of(arguments).contains("exhausted")) {
      GradientUpdater<?> updater = new RmsProp(0.1).instantiate(Nd4j.create(1, LENGTH), true);
      INDArray gradient = Nd4j.ones(1, LENGTH);
      List<Pointer> taken = takeAllMemory();
      try {
        updater.applyUpdater(gradient, 0, 0);
        System.out.println("first: done");
      } catch (OutOfMemoryError e) {
        System.out.println("first: " + e.getMessage());
      }
      taken.forEach(Pointer::close);
      System.out.println("unchanged: " + gradient.equals(Nd4j.ones(1, LENGTH)));
    }
    if (List.of(arguments).contains("retry")) {
      System.setProperty("rmsprop4j.kernel", "scalar");
      try {
        new RmsProp(0.1)
            .instantiate(Nd4j.create(1, LENGTH), true)
            .applyUpdater(Nd4j.ones(1, LENGTH), 0, 0);
      } catch (IllegalArgumentException e) {
        System.out.println("first: " + e.getMessage());
      }
      System.clearProperty("rmsprop4j.kernel");
    }
    GradientUpdater<?> updater = new RmsProp(0.1).instantiate(Nd4j.create(1, LENGTH), true);
    INDArray gradient = Nd4j.ones(1, LENGTH); // one, as arrays are freed only some time later
    updater.applyUpdater(gradient, 0, 0);
    System.out.println("at first: " + Kernels.describe());
    long end = System.nanoTime() + PATIENCE;
    String settled =
        List.of(arguments).contains("simd")
            ? "RMSprop kernel: simd, \\d+-bit.*" // also if a busy machine made it refuse at first
            : "(?!.*until it is compiled).*";
    while (!Kernels.describe().matches(settled) && System.nanoTime() < end) {
      updater.applyUpdater(gradient, 0, 0);
    }
    System.out.println("at last: " + Kernels.describe());
    System.out.println("name: " + Kernels.name());
    boolean ended = false;
    while (!ended && System.nanoTime() < end) {
      ended = Thread.getAllStackTraces().keySet().stream().noneMatch(KernelProcess::isWarmUp);
    }
    System.out.println("threads left: " + !ended);
  }

  /** What {@code org.bytedeco.javacpp.maxbytes} leaves, to the last bytes. */
  private static List<Pointer> takeAllMemory() {
    List<Pointer> taken = new ArrayList<>();
    for (long size = Pointer.maxBytes(); size > 0; size /= 2) {
      while (Pointer.totalBytes() + size <= Pointer.maxBytes()) {
        taken.add(new BytePointer(size));
      }
    }
    return taken;
  }

  private static boolean isWarmUp(Thread thread) {
    return thread.getName().startsWith("rmsprop4j");
  }
}
