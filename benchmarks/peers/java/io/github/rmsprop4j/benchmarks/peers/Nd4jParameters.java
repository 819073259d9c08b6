package io.github.rmsprop4j.benchmarks.peers;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** An updater of DL4J, and the subtraction that follows it in DL4J's training. */
final class Nd4jParameters implements Trainable {
  private final INDArray parameters;
  private final INDArray gradient;
  private final INDArray state;
  private final GradientUpdater<?> updater;

  Nd4jParameters(float[] parameters, DataType type, IUpdater config) {
    int count = parameters.length;
    this.parameters = Nd4j.createUninitializedDetached(type, count);
    this.parameters.data().setData(parameters);
    gradient = Nd4j.createUninitializedDetached(type, count);
    state = Nd4j.createUninitializedDetached(type, config.stateSize(count));
    updater = config.instantiate(state, true);
  }

  @Override
  public void handOver(float[] values) {
    gradient.data().setData(values);
  }

  @Override
  public void step() {
    updater.applyUpdater(gradient, 0, 0);
    parameters.subi(gradient);
  }

  @Override
  public float[] parameters() {
    return parameters.castTo(DataType.FLOAT).toFloatVector();
  }

  @Override
  public void close() {
    parameters.close();
    gradient.close();
    state.close();
  }
}
