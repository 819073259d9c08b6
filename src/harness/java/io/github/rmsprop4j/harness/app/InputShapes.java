package io.github.rmsprop4j.harness.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnn3DPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Tells from the layers that take the inputs which shapes these may have. A configuration does not
 * keep the size of its images; there all sizes are candidates that are worth trying.
 */
final class InputShapes {
  private static final int LARGEST_IMAGE = 256;
  private static final int LARGEST_VOLUME = 64;

  private final int sequenceLength;

  /**
   * Sets up.
   *
   * @param sequenceLength of recurrent input
   */
  InputShapes(int sequenceLength) {
    this.sequenceLength = sequenceLength;
  }

  /**
   * The shape of one example of an input.
   *
   * @param shape without the mini-batch's dimension
   * @param vocabulary if the values are indices, what they are below of; else 0
   */
  record Shape(long[] shape, long vocabulary) {
    static Shape of(long... shape) {
      return new Shape(shape, 0);
    }
  }

  /**
   * {@return for each input the candidates, those that are likely first}
   *
   * @throws IllegalArgumentException if nothing can be told of one of them
   */
  List<List<Shape>> of(NeuralNetwork network) {
    List<List<Shape>> inputs = new ArrayList<>();
    if (network instanceof MultiLayerNetwork layers) {
      inputs.add(ofFirst(layers.getLayerWiseConfigurations()));
    } else {
      ComputationGraphConfiguration graph = ((ComputationGraph) network).getConfiguration();
      for (String input : graph.getNetworkInputs()) {
        inputs.add(takenBy(graph, input));
      }
    }
    int at = inputs.indexOf(List.of());
    if (at >= 0) {
      throw new IllegalArgumentException(
          "the shape of input " + at + " cannot be told from the model: give it some with --data");
    }
    return inputs;
  }

  /** Layers without a size of their own, such as padding, are passed over. */
  private List<Shape> ofFirst(MultiLayerConfiguration configuration) {
    List<Shape> shapes = List.of();
    for (int i = 0; shapes.isEmpty() && i < configuration.getConfs().size(); i++) {
      shapes = shapes(configuration.getInputPreProcess(i), configuration.getConf(i).getLayer());
    }
    return shapes;
  }

  private List<Shape> takenBy(ComputationGraphConfiguration graph, String input) {
    for (Map.Entry<String, List<String>> entry : graph.getVertexInputs().entrySet()) {
      if (!entry.getValue().contains(input)) {
        continue;
      }
      GraphVertex vertex = graph.getVertices().get(entry.getKey());
      List<Shape> shapes = List.of();
      if (vertex instanceof LayerVertex layer) {
        shapes = shapes(layer.getPreProcessor(), layer.getLayerConf().getLayer());
      }
      if (shapes.isEmpty() && keepsTheShape(vertex)) {
        shapes = takenBy(graph, entry.getKey());
      }
      if (!shapes.isEmpty()) {
        return shapes;
      }
    }
    return List.of();
  }

  /** Or at least the number of channels, which is all that is asked of layers without a size. */
  private static boolean keepsTheShape(GraphVertex vertex) {
    return vertex instanceof LayerVertex
        || vertex instanceof ElementWiseVertex
        || vertex instanceof ScaleVertex
        || vertex instanceof ShiftVertex
        || vertex instanceof L2NormalizeVertex;
  }

  private List<Shape> shapes(InputPreProcessor before, Layer layer) {
    if (before instanceof FeedForwardToCnnPreProcessor p) {
      return List.of(Shape.of(p.getInputHeight() * p.getInputWidth() * p.getNumChannels()));
    }
    if (before instanceof FeedForwardToCnn3DPreProcessor p) {
      return List.of(
          Shape.of(
              (long) p.getInputDepth()
                  * p.getInputHeight()
                  * p.getInputWidth()
                  * p.getNumChannels()));
    }
    if (before instanceof CnnToFeedForwardPreProcessor p) {
      return List.of(
          image(p.getNumChannels(), p.getInputHeight(), p.getInputWidth(), p.getFormat()));
    }
    if (before instanceof RnnToCnnPreProcessor p) {
      long size = (long) p.getInputHeight() * p.getInputWidth() * p.getNumChannels();
      return List.of(sequence(size, p.getRnnDataFormat()));
    }
    if (before instanceof RnnToFeedForwardPreProcessor p
        && unwrapped(layer) instanceof FeedForwardLayer sized) {
      return List.of(sequence(sized.getNIn(), p.getRnnDataFormat()));
    }
    return before == null ? shapes(unwrapped(layer)) : List.of();
  }

  private List<Shape> shapes(Layer layer) {
    if (layer instanceof SelfAttentionLayer attention) {
      return List.of(sequence(attention.getNIn(), RNNFormat.NCW));
    }
    if (!(layer instanceof FeedForwardLayer sized) || sized.getNIn() <= 0) {
      return List.of();
    }
    long size = sized.getNIn();
    if (layer instanceof EmbeddingLayer) {
      return List.of(new Shape(new long[] {1}, size));
    }
    if (layer instanceof EmbeddingSequenceLayer embedding) {
      long length = embedding.isInferInputLength() ? sequenceLength : embedding.getInputLength();
      return List.of(new Shape(new long[] {length}, size));
    }
    if (layer instanceof BaseRecurrentLayer recurrent) {
      return List.of(sequence(size, recurrent.getRnnDataFormat()));
    }
    if (layer instanceof RnnOutputLayer output) {
      return List.of(sequence(size, output.getRnnDataFormat()));
    }
    if (layer instanceof Convolution1DLayer convolution) {
      return List.of(sequence(size, convolution.getRnnDataFormat()));
    }
    if (layer instanceof Convolution3D convolution) {
      return volumes(size, convolution.getDataFormat());
    }
    if (layer instanceof ConvolutionLayer convolution) {
      return images(size, convolution.getCnn2dDataFormat());
    }
    if (layer instanceof BatchNormalization normalization) {
      List<Shape> any = new ArrayList<>(List.of(Shape.of(size)));
      any.addAll(images(size, normalization.getCnn2DFormat()));
      return any;
    }
    return List.of(Shape.of(size));
  }

  private static Layer unwrapped(Layer layer) {
    if (layer instanceof BaseWrapperLayer wrapper) {
      return unwrapped(wrapper.getUnderlying());
    }
    if (layer instanceof FrozenLayer frozen) {
      return unwrapped(frozen.getLayer());
    }
    return layer instanceof Bidirectional both ? unwrapped(both.getFwd()) : layer;
  }

  private Shape sequence(long size, RNNFormat format) {
    return format == RNNFormat.NWC
        ? Shape.of(sequenceLength, size)
        : Shape.of(size, sequenceLength);
  }

  private static Shape image(long channels, long height, long width, CNN2DFormat format) {
    return format == CNN2DFormat.NHWC
        ? Shape.of(height, width, channels)
        : Shape.of(channels, height, width);
  }

  private static List<Shape> images(long channels, CNN2DFormat format) {
    return sizes(LARGEST_IMAGE).mapToObj(n -> image(channels, n, n, format)).toList();
  }

  private static List<Shape> volumes(long channels, Convolution3D.DataFormat format) {
    return sizes(LARGEST_VOLUME)
        .mapToObj(
            n ->
                format == Convolution3D.DataFormat.NDHWC
                    ? Shape.of(n, n, n, channels)
                    : Shape.of(channels, n, n, n))
        .toList();
  }

  /** The usual ones first. */
  private static IntStream sizes(int largest) {
    return IntStream.concat(
        IntStream.of(28, 32, 224, 64, 16, 8).filter(n -> n <= largest),
        IntStream.rangeClosed(1, largest));
  }
}
