package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks by chance train with {@link OnePass} to the bits that they have without it, while their
 * users do by chance what users do; and with {@link TrainedModels} to those of never having been
 * swapped. How many: {@code -Drandom.networks=1000}; {@code -Drandom.networks.from=} chooses the
 * first seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomNetworksTest {
  private static final int ITERATIONS = 12;

  /** How many there are by default; of fewer, most may be of the kind that is left out. */
  private static final int MANY = 40;

  private static final String BUILT_IN = "\"org.nd4j.linalg.learning.config.RmsProp\"";

  /** What is done to a network between two iterations. */
  private enum Event {
    SET_LEARNING_RATE,
    SET_LEARNING_RATE_OF_A_LAYER,
    SET_PARAMETERS,
    NEW_UPDATER,
    LISTEN,
    SAVE_AND_LOAD,
    CLEAR,
    CLONE,
    ENABLE,
    DISABLE
  }

  @TempDir private Path folder;
  private int steps;
  private int networks;
  private int swaps;
  private int swapped;

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    long from = Long.getLong("random.networks.from", 0);
    for (long i = 0; i < Integer.getInteger("random.networks", MANY); i++) {
      seeds.add(from + i);
    }
    return seeds;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void trainInOnePassToTheSameBits(long seed) throws IOException {
    Random random = new Random(seed);
    NeuralNetwork expected = RandomNetworks.network(seed);
    NeuralNetwork actual = RandomNetworks.network(seed);
    boolean keep = random.nextInt(4) == 0;
    enable(actual, keep);
    networks++;
    List<String> history = new ArrayList<>();
    for (int i = 0; i < ITERATIONS; i++) {
      if (random.nextBoolean()) {
        Event event = Event.values()[random.nextInt(Event.values().length)];
        long chance = random.nextLong();
        history.add(event.toString());
        try {
          expected = after(event, expected, false, chance);
        } catch (NullPointerException e) {
          return; // Deeplearning4j's, for a new rate beside an updater without state
        }
        actual = after(event, actual, true, chance);
        if (event == Event.ENABLE || event == Event.CLEAR && random.nextBoolean()) {
          enable(actual, keep);
        }
      }
      String did = history + ", then iteration " + i;
      long batch = random.nextLong();
      assertEquals(fit(expected, seed, batch), fit(actual, seed, batch), did);
      Bits.assertSame(expected.params(), actual.params(), "parameters after " + did);
      if (expected.updaterState() != null) {
        Bits.assertSame(expected.updaterState(), actual.updaterState(), "state after " + did);
      }
      steps++;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void trainOnAfterASwapToTheSameBits(long seed) throws IOException {
    NeuralNetwork expected = RandomNetworks.network(seed);
    swaps++;
    Random random = new Random(seed);
    train(List.of(expected), seed, random, "before");
    Path file = folder.resolve("built-in.zip");
    Path converted = folder.resolve("converted.zip");
    save(expected, file);
    if (!configuration(expected).contains(BUILT_IN)) {
      assertThrows(IllegalArgumentException.class, () -> fromBuiltIn(expected));
      assertThrows(
          IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(file, converted));
      return;
    }
    NeuralNetwork inMemory = fromBuiltIn(expected);
    TrainedModels.fromBuiltIn(file, converted);
    List<NeuralNetwork> all = new ArrayList<>(List.of(expected, inMemory));
    if (!(expected instanceof MultiLayerNetwork network
        && new Network.Layers(network).trainsBeforeFrozenLayer())) {
      all.add(load(converted, expected)); // else its next gradient is its last update: not saved
    }
    train(all, seed, random, "after");
    swapped++;
  }

  private static void train(List<NeuralNetwork> networks, long seed, Random random, String when) {
    for (int i = 0; i < 4; i++) {
      long batch = random.nextLong();
      NeuralNetwork first = networks.get(0);
      String outcome = fit(first, seed, batch);
      for (NeuralNetwork network : networks.subList(1, networks.size())) {
        assertEquals(outcome, fit(network, seed, batch));
        String what = " of network " + networks.indexOf(network) + ", iteration " + i + " " + when;
        Bits.assertSame(first.params(), network.params(), "parameters" + what);
        Bits.assertSame(first.updaterState(), network.updaterState(), "state" + what);
      }
    }
  }

  @AfterAll
  void mostWereTrained() {
    assertTrue(
        networks < MANY || steps > networks * ITERATIONS / 2,
        steps + " steps of " + networks + " networks");
    assertTrue(swaps < MANY || swapped > swaps / 5, swapped + " of " + swaps + " swapped");
  }

  /** {@return what it threw, or ""} */
  private static String fit(NeuralNetwork network, long seed, long batch) {
    Nd4j.getRandom().setSeed(batch); // for drop-out
    try {
      network.fit(RandomNetworks.batch(seed, batch));
      return "";
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private static void enable(NeuralNetwork network, boolean keepUpdate) {
    OnePass.Builder builder = OnePass.builder().keepUpdate(keepUpdate);
    if (network instanceof ComputationGraph graph) {
      builder.enable(graph);
    } else {
      builder.enable((MultiLayerNetwork) network);
    }
  }

  private NeuralNetwork after(Event event, NeuralNetwork network, boolean onePass, long chance)
      throws IOException {
    Random random = new Random(chance);
    return network instanceof ComputationGraph graph
        ? after(event, graph, onePass, random)
        : after(event, (MultiLayerNetwork) network, onePass, random);
  }

  private NeuralNetwork after(
      Event event, MultiLayerNetwork network, boolean onePass, Random random) throws IOException {
    switch (event) {
      case SET_LEARNING_RATE -> network.setLearningRate(random.nextDouble() / 50);
      case SET_LEARNING_RATE_OF_A_LAYER ->
          network.setLearningRate(random.nextInt(network.getnLayers()), 0.007);
      case SET_PARAMETERS -> network.setParams(network.params().mul(0.9));
      case NEW_UPDATER -> network.setUpdater(null);
      case LISTEN -> network.setListeners(new Listener());
      case CLEAR -> network.clear();
      case SAVE_AND_LOAD -> {
        return savedAndLoaded(network, onePass);
      }
      case CLONE -> {
        // With one, a clone of Deeplearning4j's is frozen twice and refuses a new learning rate.
        boolean frozen = Arrays.stream(network.getLayers()).anyMatch(FrozenLayer.class::isInstance);
        return frozen ? network : network.clone();
      }
      case ENABLE -> {} // of one of the two only
      case DISABLE -> OnePass.disable(network);
    }
    return network;
  }

  private NeuralNetwork after(Event event, ComputationGraph network, boolean onePass, Random random)
      throws IOException {
    switch (event) {
      case SET_LEARNING_RATE, SET_LEARNING_RATE_OF_A_LAYER ->
          network.setLearningRate(random.nextDouble() / 50);
      case SET_PARAMETERS -> network.setParams(network.params().mul(0.9));
      case LISTEN -> network.setListeners(new Listener());
      case SAVE_AND_LOAD -> {
        return savedAndLoaded(network, onePass);
      }
      case CLONE -> {
        return network.clone();
      }
      case DISABLE -> OnePass.disable(network);
      case NEW_UPDATER, CLEAR, ENABLE -> {} // a graph has not the first two
    }
    return network;
  }

  private NeuralNetwork savedAndLoaded(NeuralNetwork network, boolean onePass) throws IOException {
    Path file = folder.resolve("network" + onePass + ".zip");
    save(network, file);
    return load(file, network);
  }

  private static void save(NeuralNetwork network, Path file) throws IOException {
    if (network instanceof ComputationGraph graph) {
      graph.save(file.toFile(), true);
    } else {
      ((MultiLayerNetwork) network).save(file.toFile(), true);
    }
  }

  private static NeuralNetwork load(Path file, NeuralNetwork like) throws IOException {
    return like instanceof ComputationGraph
        ? ComputationGraph.load(file.toFile(), true)
        : MultiLayerNetwork.load(file.toFile(), true);
  }

  private static String configuration(NeuralNetwork network) {
    return network instanceof ComputationGraph graph
        ? graph.getConfiguration().toJson()
        : ((MultiLayerNetwork) network).getLayerWiseConfigurations().toJson();
  }

  private static NeuralNetwork fromBuiltIn(NeuralNetwork network) {
    return network instanceof ComputationGraph graph
        ? TrainedModels.fromBuiltIn(graph)
        : TrainedModels.fromBuiltIn((MultiLayerNetwork) network);
  }

  /** Of a kind that may read the update. */
  private static final class Listener extends BaseTrainingListener {
    @Override
    public void iterationDone(Model model, int iteration, int epoch) {}
  }
}
