package io.github.rmsprop4j.benchmarks.peers;

import ai.djl.ndarray.LazyNDArray;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** DJL's {@code RmsProp} on its MXNet engine, the only one that implements it. */
final class DjlParameters implements Trainable {
  static {
    // Or DJL asks whether it is on Amazon's cloud, to report its use there.
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final NDManager manager = NDManager.newBaseManager("MXNet");
  private final NDArray parameters;
  private final NDArray gradient;
  private final Optimizer optimizer;

  DjlParameters(float[] parameters, Settings settings) {
    this.parameters = manager.create(parameters);
    gradient = this.parameters.zerosLike();
    optimizer =
        Optimizer.rmsprop()
            .optLearningRateTracker(Tracker.fixed((float) settings.rate()))
            .optRho((float) settings.decay())
            .optEpsilon((float) settings.epsilon())
            .build();
  }

  @Override
  public void handOver(float[] values) {
    gradient.set(values);
    await(gradient);
  }

  @Override
  public void step() {
    optimizer.update("parameters", parameters, gradient);
    await(parameters);
  }

  /** The engine's own threads do the work after the call has returned. */
  private static void await(NDArray array) {
    ((LazyNDArray) array).waitToRead();
  }

  @Override
  public float[] parameters() {
    return parameters.toFloatArray();
  }

  @Override
  public void close() {
    manager.close();
  }
}
