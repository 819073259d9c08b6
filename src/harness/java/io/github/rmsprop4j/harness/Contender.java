package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import io.github.rmsprop4j.dl4j.OnePass;
import io.github.rmsprop4j.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Who makes the updates in one of the networks that are trained side by side.
 *
 * @param name short, for tables
 * @param maker makes its updater; null if it has the whole network
 * @param whole null if it has updaters only
 */
public record Contender(String name, Maker maker, Consumer<NeuralNetwork> whole) {
  /** One of updaters. */
  public Contender(String name, Maker maker) {
    this(name, maker, null);
  }

  /**
   * One that takes a whole network, whose RMSprop updaters are this project's, into its hands: no
   * calls of updaters can be watched there, and only parameters and state are compared.
   *
   * @param whole is given the copied network before it is trained
   */
  public static Contender ofWhole(String name, Consumer<NeuralNetwork> whole) {
    return new Contender(name, null, whole);
  }

  /** Names of the kernels, the fastest first. */
  public static final List<String> KERNELS = List.of("simd", "plain", "nd4j");

  /** How a contender makes its updater. */
  public interface Maker {
    /**
     * Makes it.
     *
     * @param settings what the network was configured with
     * @param view the state, as {@link RmsProp#stateSize} has it
     * @param initialize whether to write the initial state
     */
    GradientUpdater<?> instantiate(RmsProp settings, INDArray view, boolean initialize);
  }

  /** DL4J's own updater. */
  static final Contender BUILT_IN =
      new Contender(
          "built-in",
          (settings, view, initialize) -> builtIn(settings).instantiate(view, initialize));

  /** This project's with division by the batch and change of the parameters in the same pass. */
  public static final Contender ONE_PASS =
      ofWhole(
          "one pass",
          network -> {
            if (network instanceof ComputationGraph graph) {
              OnePass.enable(graph);
            } else {
              OnePass.enable((MultiLayerNetwork) network);
            }
          });

  /** Names of all of this project, in the order of tables. */
  public static final List<String> COMPARED =
      Stream.concat(KERNELS.stream(), Stream.of(ONE_PASS.name)).toList();

  /** The formula in double. */
  public static final Contender REFERENCE =
      new Contender(
          "reference",
          (settings, view, initialize) -> {
            ReferenceUpdater updater = new ReferenceUpdater(settings);
            updater.setStateViewArray(view, shape(settings, view), 'c', initialize);
            return updater;
          });

  /** {@return all that can take part, those to compare with first} */
  public static List<Contender> of(Subject subject) {
    List<Contender> contenders = new ArrayList<>();
    if (subject.settings().stream().allMatch(Contender::isBuiltIn)) {
      contenders.add(BUILT_IN);
    }
    contenders.add(ours());
    contenders.addAll(otherKernels(subject.settings(), subject.dataType()));
    if (subject.isLayered()) {
      contenders.add(ONE_PASS);
    }
    contenders.add(REFERENCE);
    return contenders;
  }

  /** This project's updater, as a user gets it in this JVM. */
  public static Contender ours() {
    return new Contender(Kernels.ofThisJvm().name(), RmsProp::instantiate);
  }

  /**
   * This project's updater in every other kernel that can be had.
   *
   * @param settings of all updaters of the network
   * @param type of its parameters
   */
  static List<Contender> otherKernels(List<RmsProp> settings, DataType type) {
    List<Contender> others = new ArrayList<>();
    for (String kernel : KERNELS) {
      boolean can = !kernel.equals("nd4j") || settings.stream().allMatch(s -> nd4jCan(s, type));
      if (can && !kernel.equals(Kernels.ofThisJvm().name()) && canBeHad(kernel)) {
        others.add(
            new Contender(
                kernel,
                (config, view, initialize) -> {
                  GradientUpdater<?> updater =
                      new RmsPropUpdater(
                          config,
                          Kernels.named(kernel, Runtime.getRuntime().availableProcessors()));
                  updater.setStateViewArray(view, shape(config, view), 'c', initialize);
                  return updater;
                }));
      }
    }
    return others;
  }

  /** ND4J's operations fuse nothing, so where DL4J's flavor fuses only the built-in's own does. */
  private static boolean nd4jCan(RmsProp settings, DataType type) {
    boolean fused = settings.getFlavor() == Flavor.DL4J && Kernels.fuses(type);
    return !fused
        || (settings.stateSize(1) == 1
            && !settings.isBiasCorrection()
            && !settings.isEpsilonInsideSqrt());
  }

  private static boolean canBeHad(String kernel) {
    try {
      Kernels.named(kernel, 1);
      return true;
    } catch (IllegalStateException e) {
      return false; // such as simd without the vector module
    }
  }

  /** Whether the built-in updater has all of these settings. */
  static boolean isBuiltIn(RmsProp settings) {
    return settings.equals(
        RmsProp.builder(Flavor.DL4J)
            .learningRateSchedule(settings.getLearningRateSchedule())
            .learningRate(settings.getLearningRate()) // NaN beside a schedule
            .rmsDecay(settings.getRmsDecay())
            .epsilon(settings.getEpsilon())
            .build());
  }

  private static org.nd4j.linalg.learning.config.RmsProp builtIn(RmsProp settings) {
    org.nd4j.linalg.learning.config.RmsProp config =
        new org.nd4j.linalg.learning.config.RmsProp(
            settings.getLearningRate(), settings.getRmsDecay(), settings.getEpsilon());
    config.setLearningRateSchedule(settings.getLearningRateSchedule());
    return config;
  }

  private static long[] shape(RmsProp settings, INDArray view) {
    return new long[] {view.length() / settings.stateSize(1)};
  }
}
