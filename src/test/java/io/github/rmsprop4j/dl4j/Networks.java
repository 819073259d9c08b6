package io.github.rmsprop4j.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks and data for them; equal calls give equal networks and equal data. */
final class Networks {
  static final int SEED = 12345;

  static final int INPUTS = 7;
  static final int CLASSES = 3;

  private Networks() {}

  /** What all networks here share, to be refined before it goes into one of them. */
  static NeuralNetConfiguration.Builder base(IUpdater updater, DataType type) {
    return new NeuralNetConfiguration.Builder()
        .seed(SEED)
        .dataType(type)
        .weightInit(WeightInit.XAVIER)
        .activation(Activation.TANH)
        .updater(updater);
  }

  static MultiLayerNetwork init(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  static ComputationGraph init(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  static MultiLayerNetwork mlp(IUpdater updater, DataType type) {
    return init(mlp(base(updater, type)));
  }

  /** 153 parameters: not a whole number of vectors of any length. */
  static MultiLayerConfiguration mlp(NeuralNetConfiguration.Builder base) {
    return base.list()
        .layer(dense(INPUTS, 9))
        .layer(new DenseLayer.Builder().nIn(9).nOut(6).activation(Activation.RELU).build())
        .layer(output(6))
        .build();
  }

  /** Wide enough that a step is shared between threads. */
  static MultiLayerConfiguration wideMlp(NeuralNetConfiguration.Builder base) {
    return base.list().layer(dense(INPUTS, 400)).layer(dense(400, 400)).layer(output(400)).build();
  }

  static DenseLayer dense(int inputs, int outputs) {
    return new DenseLayer.Builder().nIn(inputs).nOut(outputs).build();
  }

  static OutputLayer output(int inputs) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nIn(inputs)
        .nOut(CLASSES)
        .build();
  }

  /** The first layer's gradient is its last update: back-propagation ends at the second. */
  static MultiLayerConfiguration trainedBeforeFrozen(NeuralNetConfiguration.Builder base) {
    return base.l2(0.1) // else that gradient is 0
        .list()
        .layer(dense(INPUTS, 9))
        .layer(new FrozenLayer(dense(9, 9)))
        .layer(output(9))
        .build();
  }

  /** Of images 12 by 12. */
  static MultiLayerConfiguration leNet(NeuralNetConfiguration.Builder base) {
    return base.list()
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.RELU).build())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(5).activation(Activation.RELU).build())
        .layer(new DenseLayer.Builder().nOut(10).build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(CLASSES)
                .build())
        .setInputType(InputType.convolutional(12, 12, 1))
        .build();
  }

  /** Batch normalization after a dense layer and after a convolution of images 8 by 8. */
  static MultiLayerConfiguration batchNorm(NeuralNetConfiguration.Builder base) {
    return base.list()
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
        .layer(new BatchNormalization())
        .layer(new DenseLayer.Builder().nOut(9).build())
        .layer(new BatchNormalization())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(CLASSES)
                .build())
        .setInputType(InputType.convolutional(8, 8, 1))
        .build();
  }

  static MultiLayerConfiguration lstm(NeuralNetConfiguration.Builder base) {
    return base.list()
        .layer(new LSTM.Builder().nIn(INPUTS).nOut(6).build())
        .layer(rnnOutput(6))
        .build();
  }

  /** The same, cut into four steps each: several iterations a mini-batch. */
  static MultiLayerConfiguration truncatedLstm(NeuralNetConfiguration.Builder base) {
    MultiLayerConfiguration configuration = lstm(base);
    configuration.setBackpropType(BackpropType.TruncatedBPTT);
    configuration.setTbpttFwdLength(4);
    configuration.setTbpttBackLength(4);
    return configuration;
  }

  /** With a wrapper among them. */
  static MultiLayerConfiguration recurrentZoo(NeuralNetConfiguration.Builder base) {
    return base.list()
        .layer(
            new Bidirectional(
                Bidirectional.Mode.CONCAT, new LSTM.Builder().nIn(INPUTS).nOut(4).build()))
        .layer(new SimpleRnn.Builder().nIn(8).nOut(5).build())
        .layer(rnnOutput(5))
        .setInputType(InputType.recurrent(INPUTS))
        .build();
  }

  /** With a SameDiff layer among them. */
  static MultiLayerConfiguration convolutionZoo(NeuralNetConfiguration.Builder base) {
    return base.convolutionMode(ConvolutionMode.Same)
        .list()
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).hasBias(false).build())
        .layer(new BatchNormalization())
        .layer(new PReLULayer.Builder().inputShape(3, 8, 8).build())
        .layer(new SeparableConvolution2D.Builder(3, 3).nOut(4).stride(2, 2).build())
        .layer(
            new LocallyConnected2D.Builder()
                .kernelSize(2, 2)
                .nOut(2)
                .convolutionMode(ConvolutionMode.Truncate)
                .build())
        .layer(
            new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(CLASSES)
                .build())
        .setInputType(InputType.convolutional(8, 8, 1))
        .build();
  }

  static RnnOutputLayer rnnOutput(int inputs) {
    return new RnnOutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nIn(inputs)
        .nOut(CLASSES)
        .build();
  }

  static ComputationGraphConfiguration residual(NeuralNetConfiguration.Builder base) {
    return base.graphBuilder()
        .addInputs("in")
        .addLayer("first", dense(INPUTS, 9), "in")
        .addLayer("second", dense(9, 9), "first")
        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "first", "second")
        .addLayer("out", output(9), "sum")
        .setOutputs("out")
        .build();
  }

  static ComputationGraphConfiguration twoInTwoOut(NeuralNetConfiguration.Builder base) {
    return base.graphBuilder()
        .addInputs("a", "b")
        .addLayer("denseA", dense(INPUTS, 5), "a")
        .addLayer("denseB", dense(INPUTS, 6), "b")
        .addVertex("both", new MergeVertex(), "denseA", "denseB")
        .addLayer("outA", output(11), "both")
        .addLayer("outB", output(6), "denseB")
        .setOutputs("outA", "outB")
        .build();
  }

  /** Mini-batches of unequal size. */
  static List<MultiDataSet> vectors(DataType type) {
    return batches(type, 1, 8, 5, 1);
  }

  /** For networks that were not made here. */
  static List<MultiDataSet> vectors(DataType type, int inputs, int classes) {
    Random random = new Random(SEED);
    INDArray labels = Nd4j.zeros(type, 8, classes);
    for (int i = 0; i < 8; i++) {
      labels.putScalar(i, random.nextInt(classes), 1);
    }
    return List.of(
        new org.nd4j.linalg.dataset.MultiDataSet(normal(random, type, 8, inputs), labels));
  }

  /** For {@link #twoInTwoOut}. */
  static List<MultiDataSet> pairs(DataType type) {
    return batches(type, 2, 8, 5, 1);
  }

  private static List<MultiDataSet> batches(DataType type, int inputs, int... sizes) {
    Random random = new Random(SEED);
    List<MultiDataSet> batches = new ArrayList<>();
    for (int size : sizes) {
      INDArray[] features = new INDArray[inputs];
      INDArray[] labels = new INDArray[inputs];
      for (int i = 0; i < inputs; i++) {
        features[i] = normal(random, type, size, INPUTS);
        labels[i] = oneHot(random, type, size);
      }
      batches.add(new org.nd4j.linalg.dataset.MultiDataSet(features, labels));
    }
    return batches;
  }

  static List<MultiDataSet> images(DataType type, int side) {
    Random random = new Random(SEED);
    List<MultiDataSet> batches = new ArrayList<>();
    for (int size : new int[] {4, 3}) {
      INDArray features = normal(random, type, size, 1, side, side);
      batches.add(new org.nd4j.linalg.dataset.MultiDataSet(features, oneHot(random, type, size)));
    }
    return batches;
  }

  static List<MultiDataSet> sequences(DataType type) {
    return sequences(type, 9);
  }

  static List<MultiDataSet> sequences(DataType type, int steps) {
    Random random = new Random(SEED);
    List<MultiDataSet> batches = new ArrayList<>();
    for (int size : new int[] {3, 2}) {
      INDArray features = normal(random, type, size, INPUTS, steps);
      INDArray labels = Nd4j.zeros(type, size, CLASSES, steps);
      for (int i = 0; i < size; i++) {
        for (int step = 0; step < steps; step++) {
          labels.putScalar(i, random.nextInt(CLASSES), step, 1);
        }
      }
      batches.add(new org.nd4j.linalg.dataset.MultiDataSet(features, labels));
    }
    return batches;
  }

  static INDArray normal(Random random, DataType type, long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array.castTo(type);
  }

  private static INDArray oneHot(Random random, DataType type, int size) {
    INDArray labels = Nd4j.zeros(type, size, CLASSES);
    for (int i = 0; i < size; i++) {
      labels.putScalar(i, random.nextInt(CLASSES), 1);
    }
    return labels;
  }
}
