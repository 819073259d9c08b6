package io.github.rmsprop4j.kernel;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ForkJoinPool;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks the kernel, once per JVM, and runs steps on it.
 *
 * <table>
 * <caption>System properties, read once</caption>
 * <tr><th>property</th><th>values</th><th>default</th></tr>
 * <tr><td>{@code rmsprop4j.kernel}</td><td>{@code simd}, {@code plain} or {@code nd4j}; fails if it
 *     cannot be had</td><td>the first of them that can</td></tr>
 * <tr><td>{@code rmsprop4j.fma}</td><td>{@code auto}, {@code on} or {@code off}: whether v takes a
 *     fused multiply-add</td><td>{@code auto}: as the loaded natives do in the built-in updater</td></tr>
 * <tr><td>{@code rmsprop4j.threads}</td><td>at most how many threads share a large step, &gt;= 1</td>
 *     <td>the common pool's</td></tr>
 * </table>
 *
 * <p>One INFO line of the logger {@code io.github.rmsprop4j} says what was picked and why.
 */
public final class Kernels {
  static final Logger LOG = LoggerFactory.getLogger("io.github.rmsprop4j");

  private static final String MODULE = "jdk.incubator.vector";

  private Kernels() {}

  /** A kernel and the reason for it. */
  record Choice(StepKernel kernel, String reason) {}

  /** What the properties and the machine come to. */
  private record Setup(Choice choice, String fma, boolean floatFuses, boolean doubleFuses) {
    static Setup read() {
      Choice choice =
          choose(
              System.getProperty("rmsprop4j.kernel"),
              threads(System.getProperty("rmsprop4j.threads")),
              Nd4j.getEnvironment().isCPU());
      String fma = System.getProperty("rmsprop4j.fma", "auto");
      return new Setup(choice, fma, fuses(fma, DataType.FLOAT), fuses(fma, DataType.DOUBLE));
    }

    @Override
    public String toString() {
      return "RMSprop kernel: "
          + choice.kernel
          + " ("
          + choice.reason
          + "); fused multiply-add: "
          + (floatFuses ? "on" : "off")
          + (floatFuses == doubleFuses ? "" : doubleFuses ? ", DOUBLE on" : ", DOUBLE off")
          + (fma.equals("auto") ? " (as the built-in updater)" : " (-Drmsprop4j.fma)");
    }
  }

  /** Set up at the first step, so that naming {@link Kernels} alone starts no native code. */
  private static final class Holder {
    static final Setup SETUP;
    static final RuntimeException REFUSED; // kept, or later steps would fail without the reason

    static {
      Setup setup = null;
      RuntimeException refused = null;
      try {
        setup = Setup.read();
        LOG.info("{}", setup);
      } catch (IllegalArgumentException | IllegalStateException e) {
        refused = e;
      }
      SETUP = setup;
      REFUSED = refused;
    }
  }

  private static Setup setup() {
    if (Holder.REFUSED != null) {
      throw Holder.REFUSED;
    }
    return Holder.SETUP;
  }

  /** {@return the kernel of this JVM, picked at the first call} */
  public static StepKernel ofThisJvm() {
    return setup().choice.kernel;
  }

  /**
   * Another kernel than that of this JVM, to compare with it.
   *
   * @param name {@code simd}, {@code plain} or {@code nd4j}
   * @param threads at most how many threads share a large step, &gt;= 1
   * @return the kernel
   * @throws IllegalStateException if it cannot be had, with the reason
   */
  public static StepKernel named(String name, int threads) {
    return choose(name, threads, Nd4j.getEnvironment().isCPU()).kernel;
  }

  /**
   * Steps in place, and changes the parameters with the update if they are given. Bits are those of
   * ND4J's {@code gradient.divi(divisor)}, the step, and {@code parameters.subi(gradient)}.
   *
   * @param kernel that does it; arrays that it does not take go through dense copies
   * @param step the settings
   * @param gradient FLOAT, DOUBLE, HALF or BFLOAT16, any shape and strides; overwritten with the
   *     update, or with something undefined if parameters are given and the step need not keep it
   * @param state of the gradient's type and length; moved on
   * @param parameters of the gradient's type and length, or null; the update is subtracted
   */
  public static void step(
      StepKernel kernel, Step step, INDArray gradient, State state, INDArray parameters) {
    if (gradient.isEmpty()) {
      return;
    }
    if (step.divisor() != 1) {
      gradient.divi(step.divisor());
    }
    if (kernel.takes(gradient, state)) {
      kernel.step(step, gradient, state);
    } else {
      stepCopies(kernel, step, gradient, state);
    }
    if (parameters != null) {
      parameters.subi(gradient.reshape(gradient.ordering(), parameters.shape()));
    }
  }

  /**
   * Looks for a NaN or an infinity.
   *
   * @param kernel that does it
   * @param gradient FLOAT, DOUBLE, HALF or BFLOAT16, any shape and strides
   * @return the index of the first, in c order, or −1
   */
  public static long firstNonFinite(StepKernel kernel, INDArray gradient) {
    if (gradient.isEmpty()) {
      return -1;
    }
    if (gradient.ordering() == 'c' && kernel.takes(gradient, new State(gradient, null, null))) {
      return kernel.firstNonFinite(gradient);
    }
    try (INDArray copy = dense(gradient)) {
      return kernel.firstNonFinite(copy);
    }
  }

  /**
   * Whether a step of {@code Flavor.DL4J} fuses the multiply-add in v.
   *
   * @param type the arrays' type; HALF and BFLOAT16 are computed in float
   * @return true if so
   */
  public static boolean fuses(DataType type) {
    return type == DataType.DOUBLE ? setup().doubleFuses : setup().floatFuses;
  }

  /**
   * {@return one line on the kernel of this JVM and the reason for it, for logs and bug reports}
   */
  public static String describe() {
    return setup().toString();
  }

  /** {@return {@code simd}, {@code plain} or {@code nd4j}} */
  public static String name() {
    return setup().choice.kernel.name();
  }

  /**
   * Through dense copies in c order: of HALF and BFLOAT16 in float, of others in their own type.
   */
  private static void stepCopies(StepKernel kernel, Step step, INDArray gradient, State state) {
    INDArray g = dense(gradient);
    State copy = state.map(Kernels::dense);
    try {
      kernel.step(step, g, copy);
      moveBack(g, gradient);
      moveBack(copy.meanSquare(), state.meanSquare());
      moveBack(copy.mean(), state.mean());
      moveBack(copy.momentum(), state.momentum());
    } finally {
      g.close();
      copy.map(
          array -> {
            array.close();
            return array;
          });
    }
  }

  private static INDArray dense(INDArray array) {
    DataType type = array.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
    INDArray copy = Nd4j.createUninitializedDetached(type, array.length());
    copy.reshape('c', array.shape()).assign(array);
    return copy;
  }

  private static void moveBack(INDArray dense, INDArray array) {
    if (array != null) {
      array.assign(dense.reshape('c', array.shape()));
    }
  }

  /**
   * Picks a kernel.
   *
   * @param forced the kernel that must be had, or null for the fastest that can
   * @param threads at most how many threads share a large step
   * @param cpu whether ND4J's arrays lie in host memory
   */
  static Choice choose(String forced, int threads, boolean cpu) {
    String whyNotHost = cpu ? null : "the ND4J backend keeps its arrays off the host";
    String whyNotSimd = cpu ? whyNotSimd() : whyNotHost;
    if (forced == null) {
      if (whyNotSimd == null) {
        return new Choice(simd(threads), "the vector module is readable");
      }
      return whyNotHost == null
          ? new Choice(new PlainKernel(threads), whyNotSimd)
          : new Choice(new Nd4jKernel(), whyNotHost);
    }
    String reason = "-Drmsprop4j.kernel";
    return switch (forced) {
      case "simd" -> {
        refuse(forced, whyNotSimd);
        yield new Choice(simd(threads), reason);
      }
      case "plain" -> {
        refuse(forced, whyNotHost);
        yield new Choice(new PlainKernel(threads), reason);
      }
      case "nd4j" -> new Choice(new Nd4jKernel(), reason);
      default ->
          throw new IllegalArgumentException(
              "rmsprop4j.kernel must be simd, plain or nd4j, got " + forced);
    };
  }

  private static void refuse(String forced, String why) {
    if (why != null) {
      throw new IllegalStateException("rmsprop4j.kernel=" + forced + " cannot be had: " + why);
    }
  }

  private static String whyNotSimd() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "for the faster simd kernel start Java with --add-modules " + MODULE;
    }
    // Without C2, vectors are boxed objects and crawl, though the API claims full-width species.
    String mode = System.getProperty("java.vm.info", "");
    if (mode.startsWith("interpreted") || mode.contains("emulated-client")) {
      return "this JVM runs without C2: " + mode;
    }
    try {
      simd(1);
      return null;
    } catch (UnsupportedOperationException e) {
      return e.getMessage();
    }
  }

  /** By name, so that a JVM without the module never links the class. */
  private static StepKernel simd(int threads) {
    try {
      return (StepKernel)
          Class.forName("io.github.rmsprop4j.kernel.SimdKernel")
              .getDeclaredConstructor(int.class)
              .newInstance(threads);
    } catch (InvocationTargetException | ExceptionInInitializerError e) {
      if (e.getCause() instanceof UnsupportedOperationException unsupported) {
        throw unsupported;
      }
      throw new LinkageError("the simd kernel failed to start", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the simd kernel is missing from the rmsprop4j jar", e);
    }
  }

  static int threads(String property) {
    if (property == null) {
      return ForkJoinPool.getCommonPoolParallelism() + 1; // the caller works too
    }
    try {
      int threads = Integer.parseInt(property);
      if (threads >= 1) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "rmsprop4j.threads must be a whole number >= 1, got " + property);
  }

  static boolean fuses(String property, DataType type) {
    return switch (property) {
      case "auto" -> BuiltInRounding.fuses(type);
      case "on" -> true;
      case "off" -> false;
      default ->
          throw new IllegalArgumentException(
              "rmsprop4j.fma must be auto, on or off, got " + property);
    };
  }
}
