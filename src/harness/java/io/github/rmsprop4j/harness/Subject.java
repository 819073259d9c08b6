package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import java.util.List;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A network to be put through the harness. It is only read: what is trained are copies of it, with
 * every RMSprop updater in them, built-in or this project's, replaced by a contender.
 */
public interface Subject {
  /** {@return the type of the parameters} */
  DataType dataType();

  /** {@return how many parameters it has} */
  long parameters();

  /**
   * Makes a copy to train.
   *
   * @param contender who makes the updates
   * @param observer who looks at its updaters, if it has updaters only
   * @throws IllegalArgumentException if it has no RMSprop updater
   */
  Trainee copy(Contender contender, Observer observer);

  /** {@return whether it is a network of Deeplearning4j, and not of SameDiff} */
  boolean isLayered();

  /** {@return the settings of all its RMSprop updaters} */
  List<RmsProp> settings();

  /**
   * Takes a {@code MultiLayerNetwork} or {@code ComputationGraph}.
   *
   * @throws IllegalArgumentException if it is another, not initialised, or has no RMSprop updater
   */
  static Subject of(NeuralNetwork network) {
    return new LayeredSubject(network);
  }

  /**
   * Takes a SameDiff model.
   *
   * @throws IllegalArgumentException if it has no training configuration or no RMSprop updater
   */
  static Subject of(SameDiff model) {
    return new SameDiffSubject(model);
  }
}
