package io.github.rmsprop4j.harness;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A copy of a network, in training. */
public interface Trainee {
  /** {@return whether it can be fitted to labels; otherwise it can only be pretrained} */
  boolean isSupervised();

  /** Trains what has an unsupervised objective, if there is such a layer; returns whether. */
  boolean pretrain(MultiDataSet batch);

  /** Trains on one mini-batch, which truncated back-propagation makes several iterations of. */
  void fit(MultiDataSet batch);

  /** Counts an epoch, on which schedules may depend. */
  void endEpoch();

  /** {@return the loss of the last mini-batch} */
  double loss();

  /** {@return the state of all updaters, a part of a parameter each} */
  List<Parameter> state();

  /** {@return all parameters} */
  List<Parameter> parameters();

  /**
   * A parameter array.
   *
   * @param name layer and parameter, as DL4J names them, or the SameDiff variable
   * @param array not copied
   * @param updater who updates it, or null if that is no contender
   * @param offset where it starts in that updater's arrays
   */
  record Parameter(String name, INDArray array, WatchedUpdater updater, int offset) {}
}
