import io.github.rmsprop4j.RmsProp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Trains with this library and with the built-in updater, saves, loads, and compares. */
public class Consumer {
  public static void main(String[] args) throws Exception {
    DataSet data = flowers();
    MultiLayerNetwork ours = trained(new RmsProp(1e-2), data);
    MultiLayerNetwork builtIn = trained(new org.nd4j.linalg.learning.config.RmsProp(1e-2), data);
    check(ours.params().equals(builtIn.params()), "other parameters than the built-in updater's");
    check(ours.updaterState().equals(builtIn.updaterState()), "another state");

    Path file = Files.createTempFile("consumer", ".zip");
    ours.save(file.toFile(), true);
    MultiLayerNetwork loaded = MultiLayerNetwork.load(file.toFile(), true);
    Files.delete(file);
    loaded.fit(data);
    ours.fit(data);
    check(loaded.params().equals(ours.params()), "a loaded network trains otherwise");
    Evaluation evaluation = new Evaluation(3);
    evaluation.eval(data.getLabels(), ours.output(data.getFeatures()));
    double accuracy = evaluation.accuracy();
    check(accuracy > 0.9, "accuracy " + accuracy);
    System.out.println("consumer: trained, " + accuracy);
  }

  /** Three kinds, each long in another of four measures. */
  static DataSet flowers() {
    Random random = new Random(1);
    INDArray features = Nd4j.zeros(150, 4);
    INDArray labels = Nd4j.zeros(150, 3);
    for (int i = 0; i < 150; i++) {
      for (int j = 0; j < 4; j++) {
        features.putScalar(i, j, (i % 3 == j ? 2 : 0) + 0.5 * random.nextGaussian());
      }
      labels.putScalar(i, i % 3, 1);
    }
    return new DataSet(features, labels);
  }

  static MultiLayerNetwork trained(IUpdater updater, DataSet data) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration(updater));
    network.init();
    for (int i = 0; i < 200; i++) {
      network.fit(data);
    }
    return network;
  }

  /** The README's, with three classes of flowers. */
  static MultiLayerConfiguration configuration(IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(updater)
        .list(
            new DenseLayer.Builder().nIn(4).nOut(10).activation(Activation.RELU).build(),
            new OutputLayer.Builder().nIn(10).nOut(3).activation(Activation.SOFTMAX).build())
        .build();
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
