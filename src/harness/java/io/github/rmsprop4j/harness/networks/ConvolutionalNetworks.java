package io.github.rmsprop4j.harness.networks;

import static io.github.rmsprop4j.harness.networks.Configurations.network;
import static io.github.rmsprop4j.harness.networks.Configurations.softmax;
import static io.github.rmsprop4j.harness.networks.Configurations.start;

import io.github.rmsprop4j.digits.Digits;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.MnistFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of convolutions in one, two and three dimensions. */
final class ConvolutionalNetworks {
  private static final long DIGITS_SEED = 1;

  private ConvolutionalNetworks() {}

  static StandardNetwork leNet() {
    return new StandardNetwork(
        "lenet",
        "LeNet-5 on digits of 28 x 28: MNIST's if the environment variable MNIST_DIR names a "
            + "folder with its files, else drawn ones.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new ConvolutionLayer.Builder(5, 5).padding(2, 2).nOut(6).build(),
                        averages(),
                        new ConvolutionLayer.Builder(5, 5).nOut(16).build(),
                        averages(),
                        new DenseLayer.Builder().nOut(120).build(),
                        new DenseLayer.Builder().nOut(84).build(),
                        softmax(10))
                    .setInputType(InputType.convolutionalFlat(28, 28, 1))
                    .build()),
        type -> digitBatches(type, 6, 20));
  }

  /**
   * Makes mini-batches of images in rows.
   *
   * @throws UncheckedIOException if something is wrong with the folder that MNIST_DIR names
   */
  private static List<MultiDataSet> digitBatches(DataType type, int batches, int size) {
    DataSetIterator data = digits(batches * size).batches(size);
    List<MultiDataSet> all = new ArrayList<>();
    while (data.hasNext()) {
      DataSet batch = data.next();
      all.add(MadeUpData.batch(batch.getFeatures().castTo(type), batch.getLabels().castTo(type)));
    }
    return all;
  }

  private static Digits digits(int count) {
    String folder = System.getenv().getOrDefault("MNIST_DIR", "");
    if (folder.isEmpty()) {
      return DrawnDigits.draw(count, 0, DIGITS_SEED).train();
    }
    try (PrintWriter quiet = new PrintWriter(Writer.nullWriter())) {
      return MnistFiles.ofThisMachine().load(null, quiet).orElseThrow().train().first(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SubsamplingLayer averages() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
        .kernelSize(2, 2)
        .stride(2, 2)
        .build();
  }

  static StandardNetwork residual() {
    return new StandardNetwork(
        "residual-cnn",
        "Three residual blocks of convolutions with batch normalization, one of them strided, on "
            + "striped pictures.",
        (type, settings) -> {
          GraphBuilder graph =
              start(type, settings)
                  .convolutionMode(ConvolutionMode.Same)
                  .graphBuilder()
                  .addInputs("in")
                  .setInputTypes(InputType.convolutional(14, 14, 3));
          normalized(graph, "stem", "in", 8, 3, 1, Activation.RELU);
          residual(graph, "one", "stem", "stem", 8, 1);
          normalized(graph, "shortcut", "one", 12, 1, 2, Activation.IDENTITY);
          residual(graph, "two", "one", "shortcut", 12, 2);
          residual(graph, "three", "two", "two", 12, 1);
          return network(
              graph
                  .addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), "three")
                  .addLayer("out", softmax(4), "pooled")
                  .setOutputs("out")
                  .build());
        },
        type ->
            MadeUpData.task(type, MadeUpData.sizes(4, 12), 4, MadeUpData.stripes(4, 3), 3, 14, 14));
  }

  private static void residual(
      GraphBuilder graph, String name, String from, String shortcut, int channels, int stride) {
    normalized(graph, name + "-1", from, channels, 3, stride, Activation.RELU);
    normalized(graph, name + "-2", name + "-1", channels, 3, 1, Activation.IDENTITY);
    graph
        .addVertex(
            name + "-sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), name + "-2", shortcut)
        .addLayer(name, new ActivationLayer(Activation.RELU), name + "-sum");
  }

  private static void normalized(
      GraphBuilder graph,
      String name,
      String from,
      int channels,
      int kernel,
      int stride,
      Activation activation) {
    graph
        .addLayer(
            name + "-convolution",
            new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .nOut(channels)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build(),
            from)
        .addLayer(
            name,
            new BatchNormalization.Builder().activation(activation).build(),
            name + "-convolution");
  }

  static StandardNetwork oneDimensional() {
    return new StandardNetwork(
        "conv1d",
        "Convolutions in time on waves of three channels.",
        (type, settings) ->
            network(
                start(type, settings)
                    .convolutionMode(ConvolutionMode.Same)
                    .list(
                        new Convolution1DLayer.Builder(5).nOut(16).build(),
                        new Subsampling1DLayer.Builder(Subsampling1DLayer.PoolingType.MAX, 2, 2)
                            .build(),
                        new Convolution1DLayer.Builder(3).nOut(13).build(),
                        new GlobalPoolingLayer(PoolingType.MAX),
                        softmax(4))
                    .setInputType(InputType.recurrent(3, 32))
                    .build()),
        type -> MadeUpData.task(type, MadeUpData.sizes(5, 16), 4, MadeUpData.waves(4, 3), 3, 32));
  }

  static StandardNetwork threeDimensional() {
    return new StandardNetwork(
        "conv3d",
        "Convolutions in space on balls, shells and boxes.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        convolution3D(6),
                        new Subsampling3DLayer.Builder(
                                Subsampling3DLayer.PoolingType.MAX,
                                new int[] {2, 2, 2},
                                new int[] {2, 2, 2})
                            .build(),
                        convolution3D(9),
                        new GlobalPoolingLayer(PoolingType.AVG),
                        softmax(3))
                    .setInputType(
                        InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 10, 10, 10, 1))
                    .build()),
        type ->
            MadeUpData.task(
                type, MadeUpData.sizes(4, 12), 3, MadeUpData.solids(10), 1, 10, 10, 10));
  }

  private static Convolution3D convolution3D(int channels) {
    return new Convolution3D.Builder(3, 3, 3)
        .nOut(channels)
        .dataFormat(Convolution3D.DataFormat.NCDHW)
        .build();
  }

  static StandardNetwork kinds() {
    return new StandardNetwork(
        "kinds-of-convolution",
        "Separable, depthwise, transposed and locally connected convolutions, PReLU and center "
            + "loss, on striped pictures.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new SeparableConvolution2D.Builder(3, 3)
                            .nOut(8)
                            .depthMultiplier(2)
                            .activation(Activation.IDENTITY)
                            .build(),
                        new PReLULayer.Builder().inputShape(8, 10, 10).build(),
                        new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build(),
                        new LocallyConnected2D.Builder()
                            .kernelSize(3, 3)
                            .stride(2, 2)
                            .nOut(5)
                            .activation(Activation.TANH)
                            .build(),
                        new Deconvolution2D.Builder(2, 2).stride(2, 2).nOut(3).build(),
                        new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                            .alpha(0.1)
                            .lambda(1e-3)
                            .nOut(4)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .setInputType(InputType.convolutional(12, 12, 2))
                    .build()),
        type ->
            MadeUpData.task(type, MadeUpData.sizes(4, 12), 4, MadeUpData.stripes(4, 2), 2, 12, 12));
  }
}
