package io.github.rmsprop4j.harness;

import org.deeplearning4j.nn.api.NeuralNetwork;
import org.nd4j.autodiff.samediff.SameDiff;

/** The kinds of network that the harness knows. */
final class Subjects {
  private Subjects() {}

  /** {@return a {@code MultiLayerNetwork} or {@code ComputationGraph} as a subject} */
  static Subject of(NeuralNetwork network) {
    return new LayeredSubject(network);
  }

  static Subject of(SameDiff model) {
    return new SameDiffSubject(model);
  }
}
