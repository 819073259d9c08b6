package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.earlystopping.saver.LocalFileGraphSaver;
import org.deeplearning4j.earlystopping.saver.LocalFileModelSaver;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;

/** A saved model trains on to the same bits when its updater was exchanged in the file. */
@Tag("compat")
class TrainedModelsFilesTest {
  private static final DataType TYPE = DataType.FLOAT;
  private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;

  @TempDir Path directory;

  private static void convert(Implementation from, Path in, Path out) throws IOException {
    if (from == Implementation.BUILT_IN) {
      TrainedModels.fromBuiltIn(in, out);
    } else {
      TrainedModels.toBuiltIn(in, out);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aZipTrainsOnToTheSameBits(Implementation from) throws IOException {
    MultiLayerNetwork uninterrupted = Networks.init(TrainedModelsTest.threeBlocks(from));
    List<MultiDataSet> data = Networks.sequences(TYPE, 3);
    History.of(uninterrupted, data, 2);
    Path in = directory.resolve("in.zip");
    ModelSerializer.writeModel(uninterrupted, in.toFile(), true);
    NormalizerStandardize normalizer = new NormalizerStandardize();
    normalizer.fit(new DataSet(Networks.vectors(TYPE).get(0).getFeatures(0), null));
    ModelSerializer.addNormalizerToModel(in.toFile(), normalizer);
    ModelSerializer.addObjectToFile(in.toFile(), "labels", List.of("a", "ü"));

    Path out = directory.resolve("out.zip");
    Map<String, byte[]> before = convertAndCompare(from, in, out);
    assertTrue(before.containsKey(ModelSerializer.NORMALIZER_BIN));
    assertEquals(normalizer, ModelSerializer.restoreNormalizerFromFile(out.toFile()));
    assertEquals(List.of("a", "ü"), ModelSerializer.getObjectFromFile(out.toFile(), "labels"));

    MultiLayerNetwork swapped = MultiLayerNetwork.load(out.toFile(), true);
    TrainedModelsTest.assertUses(Implementation.values()[1 - from.ordinal()], swapped);
    History.assertSame(History.of(uninterrupted, data, 5), History.of(swapped, data, 5));
  }

  /** Converts, and compares all that must be as it was; {@return the content of the input} */
  private Map<String, byte[]> convertAndCompare(Implementation from, Path in, Path out)
      throws IOException {
    byte[] before = Files.readAllBytes(in);
    List<Path> files = files(directory);
    convert(from, in, out);
    assertArrayEquals(before, Files.readAllBytes(in));
    assertEquals(
        Stream.concat(files.stream(), Stream.of(out)).distinct().sorted().toList(),
        files(directory));
    Map<String, byte[]> given = entries(in);
    Map<String, byte[]> written = entries(out);
    assertEquals(List.copyOf(given.keySet()), List.copyOf(written.keySet()));
    given.forEach(
        (name, content) ->
            assertEquals(
                !name.equals(CONFIGURATION),
                Arrays.equals(content, written.get(name)),
                name + " as it was"));
    return given;
  }

  @Test
  void aGraphTrainsOnToTheSameBits() throws IOException {
    ComputationGraph uninterrupted =
        Networks.init(
            Networks.residual(Networks.base(Implementation.BUILT_IN.rmsProp(0.01), TYPE)));
    List<MultiDataSet> data = Networks.vectors(TYPE);
    History.of(uninterrupted, data, 2);
    Path in = save(uninterrupted, "in.zip", true);
    Path out = directory.resolve("out.zip");
    convertAndCompare(Implementation.BUILT_IN, in, out);
    ComputationGraph swapped = ComputationGraph.load(out.toFile(), true);
    TrainedModelsTest.assertUses(Implementation.OURS, swapped);
    History.assertSame(History.of(uninterrupted, data, 2), History.of(swapped, data, 2));
  }

  /** Saved by the built-in updater of older releases. */
  @ParameterizedTest
  @ValueSource(strings = {"builtin-M1.1.zip", "builtin-M2.zip"})
  void aZipOfAnOlderReleaseTrainsOnToTheSameBits(String name) throws IOException {
    Path in = directory.resolve(name);
    try (InputStream resource = getClass().getResourceAsStream("/models/" + name)) {
      Files.copy(resource, in);
    }
    Path out = directory.resolve("out.zip");
    convertAndCompare(Implementation.BUILT_IN, in, out);
    MultiLayerNetwork builtIn = MultiLayerNetwork.load(in.toFile(), true);
    MultiLayerNetwork ours = MultiLayerNetwork.load(out.toFile(), true);
    TrainedModelsTest.assertUses(Implementation.OURS, ours);
    assertEquals(3, ours.getEpochCount());
    int inputs = (int) builtIn.layerInputSize(0);
    int outputs = (int) builtIn.layerSize(builtIn.getnLayers() - 1);
    List<MultiDataSet> data = Networks.vectors(TYPE, inputs, outputs);
    History expected = History.of(builtIn, data, 4);
    expected.assertTrained();
    History.assertSame(expected, History.of(ours, data, 4));
  }

  @Test
  void aZipWithoutStateStartsAnew() throws IOException {
    MultiLayerNetwork builtIn = Networks.mlp(Implementation.BUILT_IN.rmsProp(0.01), TYPE);
    List<MultiDataSet> data = Networks.vectors(TYPE);
    History.of(builtIn, data, 1);
    Path in = save(builtIn, "in.zip", false);
    Path out = directory.resolve("out.zip");
    convertAndCompare(Implementation.BUILT_IN, in, out);
    History.assertSame(
        History.of(MultiLayerNetwork.load(in.toFile(), true), data, 2),
        History.of(MultiLayerNetwork.load(out.toFile(), true), data, 2));
  }

  /** Without the state v would start at ε, with it it is what it is. */
  @Test
  void anotherStartIsRefusedWithoutState() throws IOException {
    RmsProp settings = RmsProp.builder().learningRate(0.01).initialMeanSquare(1).build();
    MultiLayerNetwork network = Networks.mlp(settings, TYPE);
    Path out = directory.resolve("out.zip");
    Path stateless = save(network, "stateless.zip", false);
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.toBuiltIn(stateless, out));
    assertTrue(
        error
            .getMessage()
            .startsWith(
                stateless + ": the built-in RmsProp has no counterpart of initialMeanSquare = 1.0"),
        error.getMessage());
    convertAndCompare(Implementation.OURS, save(network, "in.zip", true), out);
  }

  @Test
  void anOlderOutputIsReplaced() throws IOException {
    Path in = save(builtIn(), "in.zip", true);
    Path out = Files.writeString(directory.resolve("out.zip"), "older");
    convertAndCompare(Implementation.BUILT_IN, in, out);
  }

  @Test
  void nothingToReplaceIsAnErrorAndLeavesNothing() throws IOException {
    Path in = save(Networks.mlp(new RmsProp(0.01), TYPE), "in.zip", true);
    refused(
        IllegalArgumentException.class,
        in,
        ": there is nothing to replace: the updater must be"
            + " org.nd4j.linalg.learning.config.RmsProp, got io.github.rmsprop4j.RmsProp");
  }

  @Test
  void aSettingWithoutCounterpartIsRefused() throws IOException {
    RmsProp momentum = RmsProp.builder().learningRate(0.01).momentum(0.9).build();
    Path in = save(Networks.mlp(momentum, TYPE), "in.zip", true);
    Path out = Files.writeString(directory.resolve("out.zip"), "older");
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.toBuiltIn(in, out));
    assertTrue(
        error
            .getMessage()
            .startsWith(in + ": the built-in RmsProp has no counterpart of momentum = 0.9:"),
        error.getMessage());
    assertEquals("older", Files.readString(out));
    assertEquals(List.of(in, out), files(directory));
  }

  @Test
  void theInputIsNoOutput() throws IOException {
    Path in = save(builtIn(), "in.zip", true);
    byte[] before = Files.readAllBytes(in);
    Path link = Files.createSymbolicLink(directory.resolve("link.zip"), in);
    for (Path out : List.of(in, link)) {
      Exception error =
          assertThrows(IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(in, out));
      assertTrue(error.getMessage().startsWith("in and out must be two files"));
    }
    assertArrayEquals(before, Files.readAllBytes(in));
  }

  @Test
  void theOutputNeedsAPlace() throws IOException {
    Path in = save(builtIn(), "in.zip", true);
    Path nowhere = directory.resolve("missing");
    Exception error =
        assertThrows(
            NoSuchFileException.class,
            () -> TrainedModels.fromBuiltIn(in, nowhere.resolve("out.zip")));
    assertEquals(nowhere + ", where to write out.zip", error.getMessage());
    Path folder = Files.createDirectory(directory.resolve("folder"));
    assertThrows(FileAlreadyExistsException.class, () -> TrainedModels.fromBuiltIn(in, folder));
    assertEquals(List.of(folder, in), files(directory));
  }

  @Test
  void damageIsNotCopied() throws IOException {
    byte[] model = Files.readAllBytes(save(builtIn(), "in.zip", true));
    Path in = directory.resolve("in.zip");
    int damaged = 0;
    for (int i = 0; i < model.length; i += 7) {
      byte[] changed = model.clone();
      changed[i] ^= 0x55;
      Files.write(in, changed);
      Path out = directory.resolve("out.zip");
      try {
        TrainedModels.fromBuiltIn(in, out);
        assertEquals( // what was not needed, such as a time, may be damaged
            List.of(CONFIGURATION, "coefficients.bin", "updaterState.bin"),
            List.copyOf(entries(out).keySet()));
        Files.delete(out);
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(in + ": "), e.getMessage());
        damaged++;
      }
      assertEquals(List.of(in), files(directory));
    }
    assertTrue(damaged > model.length / 7 / 2, damaged + " of " + model.length / 7);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 100, 1000})
  void aPartOfAZipIsRefused(int length) throws IOException {
    Path in = save(builtIn(), "in.zip", true);
    Files.write(in, Arrays.copyOf(Files.readAllBytes(in), length));
    refused(IOException.class, in, ": ");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    refused(
        IOException.class,
        Files.writeString(directory.resolve("in.zip"), "no model, but a text of some length"),
        ": is neither a zip that Deeplearning4j saved nor a model of SameDiff: ");
    refused(
        IOException.class,
        zip(Map.of("other.txt", "x")),
        ": there is no configuration.json in the zip");
    refused(
        IOException.class,
        zip(Map.of(CONFIGURATION, "{\"vertices\" : ")),
        ": configuration.json cannot be read: Unexpected end-of-input");
    refused(
        IllegalArgumentException.class, zip(Map.of(CONFIGURATION, "3")), ": there is nothing to");
    refused(
        IOException.class,
        zip(Map.of(CONFIGURATION, "[".repeat(1_000_000))),
        ": configuration.json cannot be read: the JSON must be nested at most 500 deep");
    Path missing = directory.resolve("missing.zip");
    assertThrows(
        NoSuchFileException.class,
        () -> TrainedModels.fromBuiltIn(missing, directory.resolve("out.zip")));
  }

  /** Spaces, so that it would be fine otherwise; 600 MB of them, in 600 kB. */
  @Test
  void aHugeConfigurationIsRefusedBeforeItIsRead() throws IOException {
    Path in = directory.resolve("in.zip");
    try (OutputStream file = Files.newOutputStream(in);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry(CONFIGURATION));
      byte[] spaces = " ".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 600; i++) {
        zip.write(spaces);
      }
    }
    refused(
        IOException.class,
        in,
        ": configuration.json must have at most 67108864 bytes, got 600000000");
  }

  private void refused(Class<? extends Exception> type, Path in, String message)
      throws IOException {
    List<Path> files = files(directory);
    Exception error =
        assertThrows(type, () -> TrainedModels.fromBuiltIn(in, directory.resolve("out.zip")));
    assertTrue(error.getMessage().startsWith(in + message), error.getMessage());
    assertEquals(files, files(directory));
  }

  @Test
  void aFolderOfEarlyStoppingIsConverted() throws IOException {
    Path in = Files.createDirectory(directory.resolve("in"));
    MultiLayerNetwork best = builtIn();
    MultiLayerNetwork latest = builtIn();
    History.of(latest, Networks.vectors(TYPE), 1);
    LocalFileModelSaver saver = new LocalFileModelSaver(in.toString());
    saver.saveBestModel(best, 0.1);
    saver.saveLatestModel(latest, 0.2);
    Files.writeString(in.resolve("notes.txt"), "kept");
    Path out = directory.resolve("out");
    TrainedModels.fromBuiltIn(in, out);
    assertEquals(List.of(in, out), files(directory));
    assertEquals("kept", Files.readString(out.resolve("notes.txt")));
    assertEquals(
        files(in).stream().map(Path::getFileName).toList(),
        files(out).stream().map(Path::getFileName).toList());

    LocalFileModelSaver converted = new LocalFileModelSaver(out.toString());
    TrainedModelsTest.assertUses(Implementation.OURS, converted.getBestModel());
    List<MultiDataSet> data = Networks.vectors(TYPE);
    History.assertSame(
        History.of(latest, data, 2), History.of(converted.getLatestModel(), data, 2));
  }

  @Test
  void aFolderOfGraphsIsConverted() throws IOException {
    Path in = Files.createDirectory(directory.resolve("in"));
    ComputationGraph graph =
        Networks.init(
            Networks.residual(Networks.base(Implementation.BUILT_IN.rmsProp(0.01), TYPE)));
    new LocalFileGraphSaver(in.toString()).saveBestModel(graph, 0.1);
    Path out = directory.resolve("out");
    TrainedModels.fromBuiltIn(in, out);
    TrainedModelsTest.assertUses(
        Implementation.OURS, new LocalFileGraphSaver(out.toString()).getBestModel());
  }

  @Test
  void aFolderThatCannotBeConvertedWholeIsNot() throws IOException {
    Path in = Files.createDirectory(directory.resolve("in"));
    Path out = directory.resolve("out");
    assertThrows(IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(in, out));
    ModelSerializer.writeModel(builtIn(), in.resolve("a.zip").toFile(), true);
    Path other = in.resolve("b.zip");
    ModelSerializer.writeModel(Networks.mlp(new RmsProp(0.01), TYPE), other.toFile(), true);
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> TrainedModels.fromBuiltIn(in, out));
    assertTrue(error.getMessage().startsWith(other + ": there is nothing to replace"));
    assertEquals(List.of(in), files(directory));

    Files.delete(other);
    Files.createDirectory(out);
    assertThrows(FileAlreadyExistsException.class, () -> TrainedModels.fromBuiltIn(in, out));
    assertTrue(files(out).isEmpty());
    assertFalse(files(in).isEmpty());
  }

  private static MultiLayerNetwork builtIn() {
    return Networks.mlp(Implementation.BUILT_IN.rmsProp(0.01), TYPE);
  }

  private Path save(NeuralNetwork network, String name, boolean state) throws IOException {
    Path file = directory.resolve(name);
    ModelSerializer.writeModel((Model) network, file.toFile(), state);
    return file;
  }

  private Path zip(Map<String, String> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return Files.write(directory.resolve("in.zip"), bytes.toByteArray());
  }

  private static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
