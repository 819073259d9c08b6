package io.github.rmsprop4j.harness.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;

/**
 * Mini-batches of random numbers in the shapes of a network, with labels that its losses can take.
 * Nothing can be learned from them, but updaters can be compared on them.
 */
final class MadeUpBatches {
  private static final int BATCHES = 4;
  private static final long SEED = 20260101;
  private static final String GIVE_DATA = ": give it some with --data";

  private final int batchSize;
  private final int sequenceLength;
  private final Random random = new Random(SEED);
  private String description = "";

  /**
   * Sets up.
   *
   * @param batchSize examples in a mini-batch
   * @param sequenceLength time steps of recurrent input
   */
  MadeUpBatches(int batchSize, int sequenceLength) {
    this.batchSize = batchSize;
    this.sequenceLength = sequenceLength;
  }

  /**
   * Makes some. Equal calls on a new object give equal data.
   *
   * @throws IllegalArgumentException if the shapes or the labels cannot be told
   */
  List<MultiDataSet> of(NeuralNetwork network) {
    List<Layer> outputs = outputLayers(network);
    List<InputShapes.Shape> inputs = fitting(network);
    checkSize(inputs);
    DataType type = network.params().dataType();
    List<MultiDataSet> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      INDArray[] features = features(inputs, batchSize, type);
      INDArray[] predictions = output(network, features);
      INDArray[] labels = new INDArray[predictions.length];
      for (int k = 0; k < labels.length; k++) {
        labels[k] = labels(outputs.get(k), predictions[k].shape(), type);
      }
      batches.add(new org.nd4j.linalg.dataset.MultiDataSet(features, labels));
    }
    description =
        "%d random mini-batches, features %s, labels %s"
            .formatted(
                BATCHES, shapes(batches.get(0).getFeatures()), shapes(batches.get(0).getLabels()));
    return batches;
  }

  private void checkSize(List<InputShapes.Shape> inputs) {
    double values =
        inputs.stream()
            .mapToDouble(
                input -> Arrays.stream(input.shape()).asDoubleStream().reduce(1, (a, b) -> a * b))
            .sum();
    double bytes = BATCHES * batchSize * values * Double.BYTES;
    if (bytes > Runtime.getRuntime().maxMemory() / 4.0) { // of the features alone
      throw new IllegalArgumentException(
          "--batch-size must leave room in memory: %d examples need %,.0f MB, got %d"
              .formatted(batchSize, bytes / 1e6, batchSize));
    }
  }

  /** {@return one line on what was made last} */
  String description() {
    return description;
  }

  private static String shapes(INDArray[] arrays) {
    return Arrays.stream(arrays)
        .map(array -> Arrays.toString(array.shape()))
        .collect(Collectors.joining(" and "));
  }

  /** All inputs that are images take the same one of the candidate sizes. */
  private List<InputShapes.Shape> fitting(NeuralNetwork network) {
    List<List<InputShapes.Shape>> candidates = new InputShapes(sequenceLength).of(network);
    int longest = candidates.stream().mapToInt(List::size).max().orElse(0);
    RuntimeException why = null;
    for (int i = 0; i < longest; i++) {
      List<InputShapes.Shape> shapes = new ArrayList<>();
      for (List<InputShapes.Shape> input : candidates) {
        shapes.add(input.get(Math.min(i, input.size() - 1)));
      }
      try {
        output(network, features(shapes, 1, network.params().dataType()));
        return shapes;
      } catch (RuntimeException e) {
        why = e;
      }
    }
    throw new IllegalArgumentException(
        "no shape of the input was found that the model takes" + GIVE_DATA, why);
  }

  /** On a clone, since preprocessors remember the first size that they see. */
  private static INDArray[] output(NeuralNetwork network, INDArray[] features) {
    return network instanceof ComputationGraph graph
        ? graph.clone().output(features)
        : new INDArray[] {((MultiLayerNetwork) network).clone().output(features[0])};
  }

  private INDArray[] features(List<InputShapes.Shape> inputs, int examples, DataType type) {
    return inputs.stream()
        .map(
            input -> {
              long[] shape =
                  IntStream.rangeClosed(0, input.shape().length)
                      .mapToLong(i -> i == 0 ? examples : input.shape()[i - 1])
                      .toArray();
              return input.vocabulary() > 0
                  ? indices(type, shape, input.vocabulary())
                  : filled(type, shape, random::nextGaussian);
            })
        .toArray(INDArray[]::new);
  }

  private static List<Layer> outputLayers(NeuralNetwork network) {
    List<Layer> layers = new ArrayList<>();
    if (network instanceof ComputationGraph graph) {
      for (String name : graph.getConfiguration().getNetworkOutputs()) {
        org.deeplearning4j.nn.api.Layer layer = graph.getLayer(name);
        layers.add(layer == null ? null : layer.conf().getLayer());
      }
    } else {
      org.deeplearning4j.nn.api.Layer[] all = ((MultiLayerNetwork) network).getLayers();
      layers.add(all[all.length - 1].conf().getLayer());
    }
    layers.forEach(MadeUpBatches::loss);
    return layers;
  }

  private static ILossFunction loss(Layer layer) {
    if (layer instanceof BaseOutputLayer output) {
      return output.getLossFn();
    }
    if (layer instanceof LossLayer output) {
      return output.getLossFn();
    }
    if (layer instanceof RnnLossLayer output) {
      return output.getLossFn();
    }
    if (layer instanceof CnnLossLayer output) {
      return output.getLossFn();
    }
    if (layer instanceof Cnn3DLossLayer output) {
      return output.getLossFn();
    }
    throw new IllegalArgumentException(
        "the labels cannot be told from an output of "
            + (layer == null ? null : layer.getClass().getSimpleName())
            + GIVE_DATA);
  }

  private INDArray labels(Layer layer, long[] shape, DataType type) {
    ILossFunction loss = loss(layer);
    int dimension = channelsLast(layer) ? shape.length - 1 : 1;
    if (loss instanceof LossSparseMCXENT) {
      long classes = shape[dimension];
      shape[dimension] = 1;
      return indices(type, shape, classes);
    }
    boolean softmax =
        ((org.deeplearning4j.nn.conf.layers.BaseLayer) layer).getActivationFn()
            instanceof ActivationSoftmax;
    if (softmax || loss instanceof LossMCXENT || loss instanceof LossKLD) {
      return oneHot(type, shape, dimension);
    }
    if (loss instanceof LossBinaryXENT) {
      return filled(type, shape, () -> random.nextInt(2));
    }
    if (loss instanceof LossHinge || loss instanceof LossSquaredHinge) {
      return filled(type, shape, () -> 2 * random.nextInt(2) - 1);
    }
    if (loss instanceof LossPoisson || loss instanceof LossMSLE || loss instanceof LossMAPE) {
      return filled(type, shape, () -> 1 + Math.abs(random.nextGaussian()));
    }
    return filled(type, shape, random::nextGaussian);
  }

  private static boolean channelsLast(Layer layer) {
    return layer instanceof RnnOutputLayer rnn && rnn.getRnnDataFormat() == RNNFormat.NWC
        || layer instanceof RnnLossLayer loss && loss.getRnnDataFormat() == RNNFormat.NWC
        || layer instanceof CnnLossLayer cnn && cnn.getFormat() == CNN2DFormat.NHWC
        || layer instanceof Cnn3DLossLayer cnn
            && cnn.getDataFormat() == Convolution3D.DataFormat.NDHWC;
  }

  private INDArray indices(DataType type, long[] shape, long below) {
    return filled(type, shape, () -> random.nextInt(Math.toIntExact(below)));
  }

  private static INDArray filled(DataType type, long[] shape, DoubleSupplier value) {
    double[] values =
        new double[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
    Arrays.setAll(values, i -> value.getAsDouble());
    return Nd4j.createFromArray(values).castTo(type).reshape(shape);
  }

  private INDArray oneHot(DataType type, long[] shape, int dimension) {
    INDArray array = Nd4j.create(type, shape);
    long vectors = array.vectorsAlongDimension(dimension);
    for (int i = 0; i < vectors; i++) {
      INDArray vector = array.vectorAlongDimension(i, dimension);
      vector.putScalar(random.nextInt(Math.toIntExact(vector.length())), 1);
    }
    return array;
  }
}
