package io.github.rmsprop4j.harness.app;

import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.Race;
import io.github.rmsprop4j.harness.Subject;
import io.github.rmsprop4j.harness.report.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A network that Deeplearning4j has saved.
 *
 * @param file from which; it is only read
 * @param network with its updater state
 */
record SavedModel(Path file, NeuralNetwork network) {
  /**
   * Loads it.
   *
   * @throws IllegalArgumentException if the file is no such model
   */
  static SavedModel read(Path file) {
    try {
      return new SavedModel(
          file,
          isGraph(file)
              ? ComputationGraph.load(file.toFile(), true)
              : MultiLayerNetwork.load(file.toFile(), true));
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "--model must be a zip written by Deeplearning4j's ModelSerializer, got "
              + file
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static boolean isGraph(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry configuration = zip.getEntry(ModelSerializer.CONFIGURATION_JSON);
      if (configuration == null) {
        throw new IOException("there is no " + ModelSerializer.CONFIGURATION_JSON + " in it");
      }
      return NeuralNetConfiguration.mapper()
          .readTree(zip.getInputStream(configuration))
          .has("vertices");
    }
  }

  /**
   * {@return the comparison on this model}
   *
   * @param batches mini-batches of an epoch
   * @throws IllegalArgumentException if it has no RMSprop updater
   */
  Item item(
      List<MultiDataSet> batches, int iterations, Function<Subject, List<Contender>> contenders) {
    Subject subject = Subject.of(network);
    String name = file.getFileName().toString();
    return new Item(
        Item.Section.MODEL,
        name,
        name,
        description(),
        subject.dataType(),
        iterations,
        progress -> {
          Race race = new Race(subject, contenders.apply(subject));
          race.run(batches, iterations, progress);
          return race.result(name, false);
        });
  }

  private String description() {
    int layers;
    int iteration;
    if (network instanceof ComputationGraph graph) {
      layers = graph.getNumLayers();
      iteration = graph.getConfiguration().getIterationCount();
    } else {
      MultiLayerNetwork sequence = (MultiLayerNetwork) network;
      layers = sequence.getnLayers();
      iteration = sequence.getIterationCount();
    }
    return String.format(
        Locale.ROOT,
        "%s of %d layers, goes on from iteration %,d",
        network.getClass().getSimpleName(),
        layers,
        iteration);
  }
}
