package io.github.rmsprop4j.dl4j;

import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Trained models on their way from the built-in RMSprop ({@code
 * org.nd4j.linalg.learning.config.RmsProp}) to this library's and back, and from one setting of
 * this library's to another, with their updater state and their iteration and epoch counts.
 *
 * <p>A model that was brought over with {@code fromBuiltIn} or {@code toBuiltIn} trains on to the
 * bits of one that stayed. Every updater of the kind is replaced, wherever the configuration holds
 * it: rates of single layers, bias updaters, schedules, layers inside of wrappers such as {@code
 * Bidirectional}, vertices. Other updaters stay as they are. Each method either does all of it or
 * throws and has changed nothing; that there was nothing to replace is an error too.
 *
 * <p>Other ways, which do not fail, train something else: {@code setIUpdater} alone changes what is
 * saved, not what trains; {@code setUpdater(null)} after it loses the state; {@code
 * FineTuneConfiguration} loses the state and starts again at iteration 0.
 *
 * <p>Networks are returned as new ones that share nothing with the given one but the listeners: the
 * configuration takes the way of saving and loading, so it must be one that Deeplearning4j can
 * save. What saving would not keep is not kept here: the memory of {@code rnnTimeStep}, a gradient
 * accumulator, {@code OnePass}. A {@link SameDiff} is changed in place.
 */
public final class TrainedModels {
  private TrainedModels() {}

  /**
   * A network like the given one, with this library's updater.
   *
   * @param network initialized, with at least one built-in RMSprop updater; not changed
   * @return a new network
   * @throws IllegalArgumentException if it has no such updater, if a setting is one that {@link
   *     RmsProp} refuses, or if the configuration cannot be saved and loaded
   */
  public static MultiLayerNetwork fromBuiltIn(MultiLayerNetwork network) {
    return swapped(network, UpdaterSwap.FROM_BUILT_IN);
  }

  /**
   * The same for a graph.
   *
   * @param graph as {@link #fromBuiltIn(MultiLayerNetwork)} takes it
   * @return a new graph
   * @throws IllegalArgumentException as {@link #fromBuiltIn(MultiLayerNetwork)}
   */
  public static ComputationGraph fromBuiltIn(ComputationGraph graph) {
    return swapped(graph, UpdaterSwap.FROM_BUILT_IN);
  }

  /**
   * Gives a SameDiff model this library's updater, in place.
   *
   * @param model with a training configuration whose updater is the built-in RMSprop, trained or
   *     not
   * @throws IllegalArgumentException if it has another updater or none, if it trains with another
   *     than its training configuration has, or if a setting is one that {@link RmsProp} refuses
   */
  public static void fromBuiltIn(SameDiff model) {
    swap(model, UpdaterSwap.FROM_BUILT_IN);
  }

  /**
   * Writes a saved model again, with this library's updater.
   *
   * <table>
   * <caption>What can be given</caption>
   * <tr><th>{@code in}</th><th>{@code out}</th></tr>
   * <tr><td>a zip that Deeplearning4j saved, of a network or a graph, with or without updater
   *     state</td><td>the same zip with another {@code configuration.json}; the content of every
   *     other entry is copied byte for byte, normalizers and whatever else is in it</td></tr>
   * <tr><td>a file that SameDiff saved</td><td>the model as SameDiff loads it, saved
   *     again</td></tr>
   * <tr><td>a folder, such as that of a {@code LocalFileModelSaver} or a {@code
   *     CheckpointListener}</td><td>a new folder with all its files: the zips that hold a {@code
   *     configuration.json} as above, at least one and each with an updater to replace, the others
   *     copied</td></tr>
   * </table>
   *
   * <p>Layers' classes need not be on the class path for a zip, only those of schedules.
   *
   * @param in the model; only read
   * @param out where to write, in a folder that exists; appears when it is complete, and replaces a
   *     file of that name. A folder must not be there yet
   * @throws IllegalArgumentException if there is no built-in RMSprop in it, if a setting is one
   *     that {@link RmsProp} refuses, or if both paths are the same file; the message names the
   *     file
   * @throws IOException if {@code in} is no such model or damaged, if its configuration.json has
   *     more than 67,108,864 bytes (64 MiB) or is nested more than 500 deep, or if reading or
   *     writing fails; the message names the file
   */
  public static void fromBuiltIn(Path in, Path out) throws IOException {
    ModelFiles.convert(in, out, stateKept -> UpdaterSwap.FROM_BUILT_IN);
  }

  /**
   * A network like the given one, with the built-in RMSprop.
   *
   * <p>The built-in one knows {@code learningRate}, {@code learningRateSchedule}, {@code rmsDecay}
   * and {@code epsilon}, computed as {@code Flavor.DL4J} does. A setting that changes training and
   * that it does not know is refused. {@code initialMeanSquare} is not, since a trained v replaces
   * it; but where v is started anew (pretraining of a layer, transfer learning) it starts at ε.
   *
   * @param network initialized, with at least one updater of this library; not changed
   * @return a new network
   * @throws IllegalArgumentException if it has no such updater, if a setting has no counterpart
   *     (the message names it), or if the configuration cannot be saved and loaded
   */
  public static MultiLayerNetwork toBuiltIn(MultiLayerNetwork network) {
    return swapped(network, UpdaterSwap.toBuiltIn(true));
  }

  /**
   * The same for a graph.
   *
   * @param graph as {@link #toBuiltIn(MultiLayerNetwork)} takes it
   * @return a new graph
   * @throws IllegalArgumentException as {@link #toBuiltIn(MultiLayerNetwork)}
   */
  public static ComputationGraph toBuiltIn(ComputationGraph graph) {
    return swapped(graph, UpdaterSwap.toBuiltIn(true));
  }

  /**
   * Gives a SameDiff model the built-in RMSprop, in place.
   *
   * @param model with a training configuration whose updater is this library's; if it was not
   *     trained yet, {@code initialMeanSquare} must be ε
   * @throws IllegalArgumentException if it has another updater or none, or if a setting has no
   *     counterpart; the message names it
   */
  public static void toBuiltIn(SameDiff model) {
    swap(model, UpdaterSwap.toBuiltIn(model.getUpdaterMap() != null));
  }

  /**
   * Writes a saved model again, with the built-in RMSprop; files as {@link #fromBuiltIn(Path,
   * Path)} takes them.
   *
   * @param in the model; only read. In a file without updater state, {@code initialMeanSquare} must
   *     be ε
   * @param out where to write
   * @throws IllegalArgumentException if there is no updater of this library in it, if a setting has
   *     no counterpart (the message names it), or if both paths are the same file; the message
   *     names the file
   * @throws IOException as {@link #fromBuiltIn(Path, Path)}
   */
  public static void toBuiltIn(Path in, Path out) throws IOException {
    ModelFiles.convert(in, out, UpdaterSwap::toBuiltIn);
  }

  /**
   * A network like the given one, with other settings of this library's updater, such as momentum
   * or centering on a trained model.
   *
   * <p>The state is taken over parameter by parameter, also where layers have updaters of their
   * own: v always, m and b where both settings have them. An m or b that is new starts at zero, one
   * that is no longer used is dropped. Every updater of this library in the network gets the
   * settings, bias updaters and those of single layers too; see {@link
   * #withUpdater(MultiLayerNetwork, UnaryOperator)} to keep what differs between layers.
   *
   * <p>With {@code biasCorrection} the iteration that was reached counts on, as the state does.
   *
   * @param network initialized, with at least one updater of this library; not changed
   * @param settings not null; copied
   * @return a new network
   * @throws IllegalArgumentException if it has no such updater ({@link #fromBuiltIn} gives it one),
   *     if a setting is invalid, or if the configuration cannot be saved and loaded
   */
  public static MultiLayerNetwork withUpdater(MultiLayerNetwork network, RmsProp settings) {
    return swapped(network, UpdaterSwap.to(settings));
  }

  /**
   * The same with settings that follow from those that each layer has.
   *
   * @param network as {@link #withUpdater(MultiLayerNetwork, RmsProp)} takes it
   * @param change from the settings of an updater to its new ones; is given a copy, gives what is
   *     not null, and equal settings for equal ones
   * @return a new network
   * @throws IllegalArgumentException as {@link #withUpdater(MultiLayerNetwork, RmsProp)}
   */
  public static MultiLayerNetwork withUpdater(
      MultiLayerNetwork network, UnaryOperator<RmsProp> change) {
    return swapped(network, UpdaterSwap.by(change));
  }

  /**
   * The same for a graph.
   *
   * @param graph as {@link #withUpdater(MultiLayerNetwork, RmsProp)} takes a network
   * @param settings not null; copied
   * @return a new graph
   * @throws IllegalArgumentException as {@link #withUpdater(MultiLayerNetwork, RmsProp)}
   */
  public static ComputationGraph withUpdater(ComputationGraph graph, RmsProp settings) {
    return swapped(graph, UpdaterSwap.to(settings));
  }

  /**
   * The same for a graph, with settings that follow from those that each layer has.
   *
   * @param graph as {@link #withUpdater(MultiLayerNetwork, RmsProp)} takes a network
   * @param change as {@link #withUpdater(MultiLayerNetwork, UnaryOperator)} takes it
   * @return a new graph
   * @throws IllegalArgumentException as {@link #withUpdater(MultiLayerNetwork, RmsProp)}
   */
  public static ComputationGraph withUpdater(
      ComputationGraph graph, UnaryOperator<RmsProp> change) {
    return swapped(graph, UpdaterSwap.by(change));
  }

  /**
   * Gives a SameDiff model other settings of this library's updater, in place; state as {@link
   * #withUpdater(MultiLayerNetwork, RmsProp)} takes it over. {@code setTrainingConfig} alone is
   * ignored once the model was trained.
   *
   * @param model with a training configuration whose updater is this library's
   * @param settings not null; copied
   * @throws IllegalArgumentException if it has another updater or none, or if a setting is invalid
   */
  public static void withUpdater(SameDiff model, RmsProp settings) {
    swap(model, UpdaterSwap.to(settings));
  }

  private static MultiLayerNetwork swapped(MultiLayerNetwork network, UpdaterSwap<?> swap) {
    if (!network.isInitCalled()) {
      throw new IllegalArgumentException("the network must be initialized: call init()");
    }
    NetworkState state = NetworkState.of(network, network.getUpdater());
    MultiLayerNetwork result =
        new MultiLayerNetwork(
            swap.configuration(
                network.getLayerWiseConfigurations(),
                MultiLayerConfiguration::toJson,
                MultiLayerConfiguration::fromJson));
    result.init(network.params().dup(), false);
    NetworkState.checkSameLayers(network.getLayers(), result.getLayers());
    state.copyTo(result.getUpdater());
    // The next gradient of a layer before a frozen one, see Network.trainsBeforeFrozenLayer.
    result.getFlattenedGradients().assign(network.getFlattenedGradients());
    result.setListeners(network.getListeners());
    return result;
  }

  private static ComputationGraph swapped(ComputationGraph graph, UpdaterSwap<?> swap) {
    if (graph.getVertices() == null) {
      throw new IllegalArgumentException("the network must be initialized: call init()");
    }
    NetworkState state = NetworkState.of(graph, graph.getUpdater());
    ComputationGraph result =
        new ComputationGraph(
            swap.configuration(
                graph.getConfiguration(),
                ComputationGraphConfiguration::toJson,
                ComputationGraphConfiguration::fromJson));
    result.init(graph.params().dup(), false);
    NetworkState.checkSameLayers(graph.getLayers(), result.getLayers());
    state.copyTo(result.getUpdater());
    result.setListeners(graph.getListeners());
    return result;
  }

  static void swap(SameDiff model, UpdaterSwap<?> swap) {
    if (model.getTrainingConfig() == null) {
      throw new IllegalArgumentException(
          "the model must have a training configuration: call setTrainingConfig()");
    }
    IUpdater configured = model.getTrainingConfig().getUpdater();
    @SuppressWarnings("rawtypes") // as SameDiff has it
    Map<String, GradientUpdater> trained = model.getUpdaterMap();
    if (trained != null) {
      trained.forEach(
          (variable, updater) -> checkTrainsAsConfigured(variable, updater, configured));
    }
    IUpdater settings = swap.updater(configured);
    if (trained != null) {
      Map<String, GradientUpdater<?>> updaters = new HashMap<>();
      trained.forEach((variable, updater) -> updaters.put(variable, like(updater, settings)));
      trained.replaceAll((variable, updater) -> updaters.get(variable));
    }
    model.getTrainingConfig().setUpdater(settings);
  }

  private static void checkTrainsAsConfigured(
      String variable, GradientUpdater<?> updater, IUpdater configured) {
    IUpdater trains = updater.getConfig();
    if (trains != configured && !trains.equals(configured)) {
      throw new IllegalArgumentException(
          "the model must train with the updater that its training configuration has, but "
              + variable
              + " trains with "
              + trains
              + " and the configuration has "
              + configured
              + ": setTrainingConfig() is ignored by a model that was trained");
    }
  }

  /** An updater with the arrays of another; what it needs besides is zero, as m and b start. */
  @SuppressWarnings("try") // the scope is closed, not used
  private static GradientUpdater<?> like(GradientUpdater<?> updater, IUpdater settings) {
    Map<String, INDArray> old = updater.getState();
    INDArray v = old.get("G");
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      Map<String, INDArray> state = new LinkedHashMap<>();
      for (String key : UpdaterSwap.stateKeys(settings)) {
        INDArray kept = old.get(key);
        state.put(key, kept == null ? v.ulike().assign(0) : kept);
      }
      return settings.instantiate(state, false);
    }
  }
}
