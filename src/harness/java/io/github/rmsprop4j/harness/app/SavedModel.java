package io.github.rmsprop4j.harness.app;

import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.Race;
import io.github.rmsprop4j.harness.Subject;
import io.github.rmsprop4j.harness.report.Item;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
  /** Bytes of a configuration; that of a network of 1,000 layers has about two million. */
  private static final long MAX_CONFIGURATION = 1 << 26;

  private static final Set<String> ARRAYS =
      Set.of(ModelSerializer.COEFFICIENTS_BIN, ModelSerializer.UPDATER_BIN);

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
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw new IllegalArgumentException(
          "--model must be a zip written by Deeplearning4j's ModelSerializer, got "
              + file
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Looks at the zip before it is loaded, which takes all of its entries into memory. */
  private static boolean isGraph(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry configuration = zip.getEntry(ModelSerializer.CONFIGURATION_JSON);
      if (configuration == null) {
        throw new IOException("there is no " + ModelSerializer.CONFIGURATION_JSON + " in it");
      }
      long left = Runtime.getRuntime().maxMemory();
      for (ZipEntry entry : Collections.list(zip.entries())) {
        long limit = entry.getName().endsWith(".json") ? MAX_CONFIGURATION : left;
        long size = size(zip, entry, limit);
        left -= size;
        if (ARRAYS.contains(entry.getName())) {
          try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
            new ArrayHeaders(in, size).check();
          }
        }
      }
      return NeuralNetConfiguration.mapper()
          .readTree(zip.getInputStream(configuration))
          .has("vertices");
    }
  }

  /** How many bytes an entry really has, whatever the zip says. */
  private static long size(ZipFile zip, ZipEntry entry, long limit) throws IOException {
    long size = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = zip.getInputStream(entry)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        size += n;
        if (size > limit) {
          throw new IOException(
              "%s in it has more than %,d bytes".formatted(entry.getName(), limit));
        }
      }
    }
    return size;
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
