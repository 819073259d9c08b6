package io.github.rmsprop4j.examples.keras;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.migration.Migration;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Trains a Keras model on in Deeplearning4j, with the optimizer that it had in Keras. The model is
 * a classifier that was saved as .h5 and compiled with RMSprop, {@code weight_decay=0.004} and
 * {@code clipnorm=1.0}.
 */
public final class KerasModel {
  private KerasModel() {}

  /**
   * Imports a model, tells what its optimizer needs besides, and trains it on.
   *
   * @param args the file, by default one that the tests have, or --help
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].startsWith("-")) {
      System.out.println("Imports a Keras model with its optimizer and trains it on: [FILE].");
      return;
    }
    Path file = Path.of(args.length > 0 ? args[0] : "src/test/resources/migration/new.h5");
    Migration migration = RmsProp.fromKeras(file);
    System.out.println(migration.config());
    migration.remaining().forEach(line -> System.out.println("  to add: " + line));

    MultiLayerNetwork network = trainable(file, migration.config());
    decayWeights(network, 0.004);
    clipEachParameter(network, 1.0);

    DataSet data = madeUpData(network);
    System.out.println("loss before: " + network.score(data));
    for (int epoch = 0; epoch < 200; epoch++) {
      network.fit(data);
    }
    System.out.println("loss after:  " + network.score(data));
  }

  /**
   * The model with a loss and an updater. Deeplearning4j's import of the training configuration is
   * left out: it fails for Keras 2.11 and later, and drops momentum and centering before. Without
   * it, a network has no loss, and an Sgd that nobody asked for.
   */
  static MultiLayerNetwork trainable(Path file, RmsProp updater) throws Exception {
    MultiLayerNetwork imported =
        KerasModelImport.importKerasSequentialModelAndWeights(file.toString(), false);
    // Its state is lost on this road, its iteration 0: right here, where there is none yet.
    return new TransferLearning.Builder(imported)
        .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(updater).build())
        .addLayer(
            new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.IDENTITY).build())
        .build();
  }

  /** Keras's {@code weight_decay}; FineTuneConfiguration's would be applied twice. */
  static void decayWeights(MultiLayerNetwork network, double decay) {
    for (org.deeplearning4j.nn.api.Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BaseLayer configuration) {
        List<Regularization> decays = List.of(new WeightDecay(decay, true));
        configuration.setRegularization(decays);
        configuration.setRegularizationBias(decays);
      }
    }
  }

  /** Keras's {@code clipnorm}. */
  static void clipEachParameter(MultiLayerNetwork network, double norm) {
    for (org.deeplearning4j.nn.api.Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BaseLayer configuration) {
        configuration.setGradientNormalization(GradientNormalization.ClipL2PerParamType);
        configuration.setGradientNormalizationThreshold(norm);
      }
    }
  }

  /** The class is the largest of the first few inputs, which a model can learn. */
  static DataSet madeUpData(MultiLayerNetwork network) {
    FeedForwardLayer first = (FeedForwardLayer) network.getLayer(0).conf().getLayer();
    INDArray features = Nd4j.rand(DataType.FLOAT, 256, first.getNIn());
    int classes = (int) network.output(features).size(1);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 256, classes);
    for (int row = 0; row < 256; row++) {
      int largest = 0;
      for (int column = 1; column < Math.min(classes, first.getNIn()); column++) {
        largest =
            features.getFloat(row, column) > features.getFloat(row, largest) ? column : largest;
      }
      labels.putScalar(row, largest, 1);
    }
    return new DataSet(features, labels);
  }
}
