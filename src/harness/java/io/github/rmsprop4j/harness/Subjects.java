package io.github.rmsprop4j.harness;

import org.deeplearning4j.nn.api.NeuralNetwork;
import org.nd4j.autodiff.samediff.SameDiff;

/** The kinds of network that the harness knows. */
public final class Subjects {
  private Subjects() {}

  /** {@return a {@code MultiLayerNetwork} or {@code ComputationGraph} as a subject} */
  public static Subject of(NeuralNetwork network) {
    return new LayeredSubject(network);
  }

  public static Subject of(SameDiff model) {
    return new SameDiffSubject(model);
  }
}
