package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
 * users do by chance what users do. How many: {@code -Drandom.networks=1000}; {@code
 * -Drandom.networks.from=} chooses the first seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomNetworksTest {
  private static final int ITERATIONS = 12;

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

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    long from = Long.getLong("random.networks.from", 0);
    for (long i = 0; i < Integer.getInteger("random.networks", 40); i++) {
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
      if (i > 0 && random.nextBoolean()) {
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

  @AfterAll
  void mostWereTrained() {
    assertTrue(steps > networks * ITERATIONS / 2, steps + " steps of " + networks + " networks");
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
        Path file = folder.resolve("network" + onePass + ".zip");
        network.save(file.toFile(), true);
        return MultiLayerNetwork.load(file.toFile(), true);
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
        Path file = folder.resolve("network" + onePass + ".zip");
        network.save(file.toFile(), true);
        return ComputationGraph.load(file.toFile(), true);
      }
      case CLONE -> {
        return network.clone();
      }
      case DISABLE -> OnePass.disable(network);
      case NEW_UPDATER, CLEAR, ENABLE -> {} // a graph has not the first two
    }
    return network;
  }

  /** Of a kind that may read the update. */
  private static final class Listener extends BaseTrainingListener {
    @Override
    public void iterationDone(Model model, int iteration, int epoch) {}
  }
}
