package io.github.rmsprop4j.examples.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.migration.Migration;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The whole road of a Keras model: imported, given a loss and its own optimizer, trained on. */
class KerasModelTest {
  private static final Path FILES = Path.of("src/test/resources/migration");

  /** What an imported network is given after it was built, and what a builder gives. */
  @ParameterizedTest
  @CsvSource({"old.h5, 0, 0", "new.h5, 0.004, 1.0", "keras3.h5, 0.004, 1.0"})
  void trainsOnToTheBitsOfANetworkThatWasBuiltThatWay(String name, double decay, double norm)
      throws Exception {
    Path file = FILES.resolve(name);
    Migration migration = RmsProp.fromKeras(file);
    assertEquals(decay > 0 ? 2 : 0, migration.remaining().size());
    MultiLayerNetwork network = KerasModel.trainable(file, migration.config());
    MultiLayerNetwork imported =
        KerasModelImport.importKerasSequentialModelAndWeights(file.toString(), false);
    assertEquals(imported.params(), network.params());
    if (decay > 0) {
      KerasModel.decayWeights(network, decay);
      KerasModel.clipEachParameter(network, norm);
    }
    MultiLayerNetwork built = built(migration.config(), decay, norm);
    built.setParams(imported.params());

    DataSet data = KerasModel.madeUpData(network);
    double before = network.score(data);
    for (int i = 0; i < 20; i++) {
      network.fit(data);
      built.fit(data);
    }
    assertTrue(network.score(data) < before, "it learns");
    assertEquals(built.params(), network.params());
    assertEquals(built.updaterState(), network.updaterState());
    assertEquals(migration.config().stateSize(network.numParams()), built.updaterState().length());
  }

  private static MultiLayerNetwork built(RmsProp updater, double decay, double norm) {
    var builder = new NeuralNetConfiguration.Builder().updater(updater);
    var first = new DenseLayer.Builder().nIn(8).nOut(16).activation(Activation.TANH);
    var second = new DenseLayer.Builder().nIn(16).nOut(3).activation(Activation.SOFTMAX);
    if (decay > 0) {
      builder
          .gradientNormalization(GradientNormalization.ClipL2PerParamType)
          .gradientNormalizationThreshold(norm);
      first.weightDecay(decay, true).weightDecayBias(decay, true);
      second.weightDecay(decay, true).weightDecayBias(decay, true);
    }
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            builder
                .list(
                    first.build(),
                    second.build(),
                    new LossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    network.init();
    return network;
  }

  @Test
  void theExampleRuns() throws Exception {
    KerasModel.main(new String[0]);
  }
}
