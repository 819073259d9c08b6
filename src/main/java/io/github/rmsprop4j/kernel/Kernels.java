package io.github.rmsprop4j.kernel;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel of this JVM, and steps on it.
 *
 * <table>
 * <caption>System properties, read once</caption>
 * <tr><th>property</th><th>values</th><th>default</th></tr>
 * <tr><td>{@code rmsprop4j.kernel}</td><td>{@code simd}, {@code plain} or {@code nd4j}, from the
 *     first step on; fails if it cannot be used</td><td>the fastest at every moment</td></tr>
 * <tr><td>{@code rmsprop4j.fma}</td><td>{@code auto}, {@code on} or {@code off}: whether v takes a
 *     fused multiply-add</td><td>{@code auto}: as the loaded natives do in the built-in updater</td></tr>
 * <tr><td>{@code rmsprop4j.threads}</td><td>at most how many threads share a large step, &gt;= 1</td>
 *     <td>the common pool's</td></tr>
 * <tr><td>{@code rmsprop4j.choose}</td><td>{@code on} or {@code off}: whether the first large steps
 *     of a size are timed on one thread and on several, reading ahead and not, and later ones done
 *     in the way that was fastest</td><td>{@code on}</td></tr>
 * </table>
 *
 * <p>INFO lines of the logger {@code io.github.rmsprop4j} say what is used and why, and when that
 * changes.
 */
public final class Kernels {
  /** Those of {@code rmsprop4j.kernel}, the fastest first. */
  public static final List<String> NAMES = List.of("simd", "plain", "nd4j");

  static final Logger LOG = LoggerFactory.getLogger("io.github.rmsprop4j");

  private static volatile Setup setup;

  private Kernels() {}

  /** What the properties and the machine come to. */
  record Setup(KernelChoice choice, String fma, boolean floatFuses) {
    static Setup read() {
      Options options = Options.read();
      return new Setup(
          KernelChoice.of(options.kernel(), options.threads(), onHost()),
          options.fma(),
          Kernels.fuses(options.fma(), DataType.FLOAT));
    }

    boolean fuses(DataType type) {
      return type == DataType.DOUBLE ? Kernels.fuses(fma, type) : floatFuses;
    }

    @Override
    public String toString() {
      return "RMSprop kernel: "
          + choice.kernel()
          + " ("
          + choice.reason()
          + "); fused multiply-add: "
          + (floatFuses ? "on" : "off")
          + (fma.equals("auto") ? " (as the built-in updater)" : " (-Drmsprop4j.fma)")
          + choices();
    }

    private String choices() {
      String choices = choice.kernel() instanceof HostKernel host ? host.choices() : "";
      return choices.isEmpty() ? "" : "; " + choices;
    }
  }

  /**
   * At the first step, so that naming {@link Kernels} alone starts no native code. Not in a class
   * initialiser: if it fails, for want of memory for one, the next step tries again.
   */
  private static Setup setup() {
    Setup known = setup;
    return known == null ? setUp() : known;
  }

  private static synchronized Setup setUp() {
    if (setup == null) {
      setup = Setup.read();
      LOG.info("{}", setup);
      if (Options.waitsBySpinning(System.getenv(), System.getProperty("os.name"))) {
        LOG.info(
            "ND4J's threads spin while they wait, which may take more time than the updater: try"
                + " OMP_WAIT_POLICY=passive in the environment, see docs/speed.md");
      }
    }
    return setup;
  }

  /** {@return the kernel of this JVM, picked at the first call} */
  public static StepKernel ofThisJvm() {
    return setup().choice.kernel();
  }

  /**
   * A kernel of its own, used from its first step on, to compare one with another.
   *
   * @param name {@code simd}, {@code plain} or {@code nd4j}
   * @param threads at most how many threads share a large step, &gt;= 1
   * @return the kernel
   * @throws IllegalArgumentException if there is no such kernel
   * @throws IllegalStateException if it cannot be used here, with the reason
   */
  public static StepKernel named(String name, int threads) {
    return KernelChoice.of(name, threads, onHost()).kernel();
  }

  /**
   * A kernel of its own, as a JVM has it by default: the fastest at every moment.
   *
   * @param threads at most how many threads share a large step, &gt;= 1
   * @return the kernel
   */
  public static StepKernel fastest(int threads) {
    return KernelChoice.of(null, threads, onHost()).kernel();
  }

  /**
   * Steps in place, and changes the parameters with the update if they are given. Bits are those of
   * ND4J's {@code gradient.divi(divisor)}, {@link #addParameters} with {@code l2}, the step, and
   * {@link #change}.
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
    if (kernel.takes(gradient, state, parameters)) {
      kernel.step(step, gradient, state, parameters);
      return;
    }
    if (step.divisor() != 1) {
      gradient.divi(step.divisor());
    }
    addParameters(step.parameterDecay().l2(), parameters, gradient);
    Step rest = step.alone();
    if (kernel.takes(gradient, state, null)) {
      kernel.step(rest, gradient, state, null);
    } else {
      DenseCopies.step(kernel, rest, gradient, state);
    }
    if (parameters != null) {
      change(step.parameterDecay(), parameters, gradient);
    }
  }

  /**
   * Adds parameters to a gradient as Deeplearning4j's L2 and weight decay do.
   *
   * @param factor what they are multiplied by first; 0 for nothing
   * @param parameters of the gradient's type and length
   * @param gradient is changed
   */
  public static void addParameters(double factor, INDArray parameters, INDArray gradient) {
    if (factor != 0) {
      INDArray alike = parameters.reshape('c', gradient.shape());
      Nd4j.exec(new Axpy(alike, gradient, gradient, factor));
    }
  }

  /**
   * Changes parameters by an update.
   *
   * @param decay whose weight decay is added to it first
   * @param parameters are changed
   * @param update of their type and length
   */
  public static void change(ParameterDecay decay, INDArray parameters, INDArray update) {
    addParameters(decay.weightDecay(), parameters, update);
    if (decay.twice()) {
      addParameters(decay.weightDecay(), parameters, update);
    }
    parameters.subi(update.reshape('c', parameters.shape()));
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
    if (gradient.ordering() == 'c'
        && kernel.takes(gradient, new State(gradient, null, null), null)) {
      return kernel.firstNonFinite(gradient);
    }
    try (DenseCopies copies = new DenseCopies()) {
      return kernel.firstNonFinite(copies.of(gradient));
    }
  }

  /**
   * Whether a step of {@code Flavor.DL4J} fuses the multiply-add in v.
   *
   * @param type the arrays' type; HALF and BFLOAT16 are computed in float
   * @return true if so
   */
  public static boolean fuses(DataType type) {
    return setup().fuses(type);
  }

  /**
   * Whether a step can add parameters to the bits of {@link #addParameters}: it has been found out
   * how the loaded natives round that.
   *
   * @param type FLOAT or DOUBLE
   * @return true if so
   */
  public static boolean canDecay(DataType type) {
    return BuiltInRounding.ofAxpy(type).isPlain();
  }

  /**
   * Whether {@link #addParameters} fuses the multiply-add.
   *
   * @param type FLOAT or DOUBLE
   * @return true if so
   */
  public static boolean fusesDecay(DataType type) {
    return BuiltInRounding.ofAxpy(type).fuses();
  }

  /** {@return one line on what this JVM uses at present and why, for logs and bug reports} */
  public static String describe() {
    return setup().toString();
  }

  /** {@return one of {@link #NAMES}: that which does most steps in the end, as far as is known} */
  public static String name() {
    return setup().choice.kernel().name();
  }

  /** Not {@code Nd4j.getEnvironment().isCPU()}, which takes 10 ms at the first call. */
  static boolean onHost() {
    return Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
  }

  static boolean fuses(String property, DataType type) {
    return switch (property) {
      case "auto" -> BuiltInRounding.fuses(type);
      case "on" -> true;
      default -> false;
    };
  }
}
