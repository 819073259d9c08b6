package io.github.rmsprop4j.harness.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.report.Item;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import picocli.CommandLine;

/** {@code --model}, on models that were trained a little and saved. */
class SavedModelTest {
  private static final int ITERATIONS = 3;

  @TempDir private Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static NeuralNetConfiguration.Builder builder(IUpdater updater) {
    return new NeuralNetConfiguration.Builder().seed(5).updater(updater);
  }

  private static MultiLayerNetwork mlp(IUpdater updater) {
    return initialised(
        builder(updater)
            .list(
                new DenseLayer.Builder().nIn(4).nOut(6).activation(Activation.TANH).build(),
                output(6, 3))
            .build());
  }

  private static OutputLayer output(int in, int out) {
    return new OutputLayer.Builder().nIn(in).nOut(out).activation(Activation.SOFTMAX).build();
  }

  private static MultiLayerNetwork initialised(
      org.deeplearning4j.nn.conf.MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  private static MultiLayerNetwork leNet(InputType input) {
    return initialised(
        builder(new org.nd4j.linalg.learning.config.RmsProp(1e-3))
            .list()
            .layer(new ConvolutionLayer.Builder(5, 5).nOut(2).build())
            .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
            .layer(new DenseLayer.Builder().nOut(5).build())
            .layer(new OutputLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build())
            .setInputType(input)
            .build());
  }

  private Path save(Model model) throws IOException {
    Path zip = temp.resolve("model.zip");
    ModelSerializer.writeModel(model, zip.toFile(), true);
    return zip;
  }

  private int run(Path zip, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--model", "" + zip, "--output", temp.resolve("report").toString()));
    arguments.addAll(List.of("--iterations", "" + ITERATIONS));
    arguments.addAll(List.of(more));
    CommandLine command = Harness.commandLine(List.of(), Contender::of);
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
    return command.execute(arguments.toArray(String[]::new));
  }

  /** On made-up data; the file stays as it was. */
  private void assertAgrees(Model model, String madeUp, String... more) throws IOException {
    Path zip = save(model);
    byte[] before = Files.readAllBytes(zip);
    assertEquals(0, run(zip, more), () -> err + "" + out);
    assertTrue(
        out.toString().startsWith("made-up data: 4 random mini-batches, " + madeUp), out::toString);
    assertTrue(out.toString().endsWith("harness: 1 network, 0 differ" + System.lineSeparator()));
    assertArrayEquals(before, Files.readAllBytes(zip));
    assertTrue(Files.readString(temp.resolve("report/index.html")).contains("Saved model"));
  }

  @Test
  void anMlp() throws IOException {
    assertAgrees(mlp(new RmsProp(1e-2)), "features [5, 4], labels [5, 3]", "--batch-size", "5");
  }

  @Test
  void leNetOnFlatImages() throws IOException {
    assertAgrees(
        leNet(InputType.convolutionalFlat(12, 14, 1)), "features [8, 168], labels [8, 10]");
  }

  @Test
  void leNetOnImagesOfASizeThatIsNotSaved() throws IOException {
    assertAgrees(
        leNet(InputType.convolutional(20, 20, 3)), "features [8, 3, 20, 20], labels [8, 10]");
  }

  @Test
  void anLstm() throws IOException {
    assertAgrees(
        initialised(
            builder(new RmsProp(1e-2))
                .list()
                .layer(new LSTM.Builder().nIn(3).nOut(4).build())
                .layer(
                    new RnnOutputLayer.Builder(LossFunction.XENT)
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.SIGMOID)
                        .build())
                .build()),
        "features [8, 3, 6], labels [8, 2, 6]",
        "--seq-length",
        "6");
  }

  @Test
  void anEmbedding() throws IOException {
    assertAgrees(
        initialised(
            builder(new RmsProp(1e-2))
                .list()
                .layer(new EmbeddingSequenceLayer.Builder().nIn(30).nOut(4).build())
                .layer(new GlobalPoolingLayer.Builder().build())
                .layer(output(4, 2))
                .build()),
        "features [8, 10], labels [8, 2]");
  }

  private static ComputationGraph twoInputs() {
    ComputationGraph graph =
        new ComputationGraph(
            builder(RmsProp.builder().learningRate(1e-2).momentum(0.9).build())
                .graphBuilder()
                .addInputs("a", "b")
                .addLayer("left", new DenseLayer.Builder().nIn(3).nOut(4).build(), "a")
                .addLayer("right", new DenseLayer.Builder().nIn(5).nOut(4).build(), "b")
                .addVertex("both", new MergeVertex(), "left", "right")
                .addLayer("classes", output(8, 3), "both")
                .addLayer(
                    "value",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(8)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "both")
                .setOutputs("classes", "value")
                .build());
    graph.init();
    return graph;
  }

  @Test
  void aGraphOfTwoInputsAndTwoOutputs() throws IOException {
    assertAgrees(twoInputs(), "features [8, 3] and [8, 5], labels [8, 3] and [8, 1]");
  }

  @Test
  void goesOnFromTheSavedUpdaterState() throws IOException {
    MultiLayerNetwork network = mlp(new RmsProp(1e-2));
    DataSet data = new DataSet(Nd4j.rand(6, 4), labels());
    network.fit(data);
    network.fit(data);
    SavedModel saved = SavedModel.read(save(network));
    assertEquals(network.updaterState(), ((MultiLayerNetwork) saved.network()).updaterState());
    Item item = saved.item(List.of(data.toMultiDataSet()), 1, Contender::of);
    assertEquals("MultiLayerNetwork of 2 layers, goes on from iteration 2", item.description());
    item.work().compare(() -> {}).assertAgrees();
  }

  private static INDArray labels() {
    INDArray labels = Nd4j.create(6, 3);
    for (int i = 0; i < 6; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    return labels;
  }

  @Test
  void takesSavedDataOfEitherKind() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("data"));
    new DataSet(Nd4j.rand(6, 4), labels()).save(folder.resolve("1.bin").toFile());
    new MultiDataSet(Nd4j.rand(6, 4), labels()).save(folder.resolve("2.bin").toFile());
    Files.writeString(folder.resolve(".hidden"), "not data");
    assertEquals(2, SavedBatches.read(folder).size());
    assertEquals(0, run(save(mlp(new RmsProp(1e-2))), "--data", "" + folder), err::toString);
    assertFalse(out.toString().contains("made-up"), out::toString);
    assertEquals(1, SavedBatches.read(folder.resolve("2.bin")).size());
  }

  @Test
  void refusesOtherData() throws IOException {
    Path zip = save(mlp(new RmsProp(1e-2)));
    for (String content : List.of("", "text", "0.5,1.5\n", "\0\0\0\0\0\0\0\1", "\3 and no more")) {
      Path file = Files.writeString(temp.resolve("data.bin"), content);
      err.getBuffer().setLength(0);
      assertEquals(2, run(zip, "--data", "" + file), content);
      assertTrue(
          err.toString().startsWith("--data must be what DataSet.save or MultiDataSet.save wrote"),
          err::toString);
    }
    err.getBuffer().setLength(0);
    assertEquals(2, run(zip, "--data", "" + Files.createDirectory(temp.resolve("empty"))));
    assertTrue(err.toString().startsWith("--data must have files in it, got "), err::toString);
  }

  /** 60 bytes that ask for 8 GB. */
  @Test
  void refusesDataThatAsksForMoreThanItHas() throws IOException {
    Path file = temp.resolve("large.bin");
    try (DataOutputStream to = new DataOutputStream(Files.newOutputStream(file))) {
      to.writeByte(3); // features and labels
      to.writeUTF("MIXED_DATA_TYPES");
      to.writeLong(8);
      to.writeUTF("LONG");
      for (long number : new long[] {2, 46341, 46341, 46341, 1, 8192, 1, 'c'}) {
        to.writeLong(number);
      }
      to.writeUTF("MIXED_DATA_TYPES");
      to.writeLong(46341L * 46341);
      to.writeUTF("FLOAT");
      to.writeInt(0);
    }
    assertEquals(2, run(save(mlp(new RmsProp(1e-2))), "--data", "" + file));
    assertTrue(
        err.toString().contains("an array of 2,147,488,281 elements of type FLOAT needs more than"),
        err::toString);
  }

  @Test
  void refusesDataOfTooManyArrays() throws IOException {
    Path file = temp.resolve("many.bin");
    Files.write(file, new byte[] {0, -1, -1, -1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
    assertEquals(2, run(save(mlp(new RmsProp(1e-2))), "--data", "" + file));
    assertTrue(err.toString().contains("at most 10000 arrays, got 16777215"), err::toString);
  }

  @Test
  void refusesAModelWithAnEndlessConfiguration() throws IOException {
    Path zip = temp.resolve("endless.zip");
    try (ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(zip))) {
      to.putNextEntry(new ZipEntry(ModelSerializer.CONFIGURATION_JSON));
      byte[] spaces = new byte[1 << 20];
      for (int i = 0; i < 65; i++) {
        to.write(spaces);
      }
    }
    assertEquals(2, run(zip));
    assertTrue(
        err.toString().contains("configuration.json in it has more than 67,108,864 bytes"),
        err::toString);
  }

  @Test
  void tellsHowMuchFasterTheModelIs() throws IOException {
    assertEquals(0, run(save(mlp(new RmsProp(1e-2))), "--speed"), err::toString);
    String kernel = System.getProperty("rmsprop4j.expectKernel");
    double builtIn = 0;
    for (String updater : List.of("built-in", kernel, "one pass")) {
      Matcher row =
          Pattern.compile("(?m)^" + updater + " +([0-9.]+) +[0-9.-]+ +[0-9.-]+ +([0-9.]+)$")
              .matcher(out.toString());
      assertTrue(row.find(), out::toString);
      double millis = Double.parseDouble(row.group(1));
      builtIn = updater.equals("built-in") ? millis : builtIn;
      double ratio = Double.parseDouble(row.group(2));
      assertEquals(builtIn / millis, ratio, 0.01 + 0.02 * ratio, "of what is shown: " + out);
      assertFalse(row.find(), out::toString);
    }
    assertTrue(out.toString().lines().noneMatch(line -> line.length() > 130), out::toString);
    assertFalse(Files.exists(temp.resolve("report")));
  }

  @Test
  void refusesAModelWithoutRmsProp() throws IOException {
    assertEquals(2, run(save(mlp(new Adam(1e-2)))));
    assertTrue(err.toString().contains("got [Adam]"), err::toString);
    assertEquals(2, err.toString().lines().count(), err::toString);
  }

  @Test
  void asksForDataWhenTheShapeCannotBeTold() throws IOException {
    ComputationGraph graph =
        new ComputationGraph(
            builder(new RmsProp(1e-2))
                .graphBuilder()
                .addInputs("a", "b")
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer("out", output(7, 2), "both")
                .setOutputs("out")
                .build());
    graph.init();
    assertEquals(2, run(save(graph)));
    assertTrue(
        err.toString()
            .startsWith(
                "the shape of input 0 cannot be told from the model: give it some with --data"),
        err::toString);
  }
}
