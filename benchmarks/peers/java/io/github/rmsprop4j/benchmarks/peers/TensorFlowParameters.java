package io.github.rmsprop4j.benchmarks.peers;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Optimizer.GradAndVar;
import org.tensorflow.framework.optimizers.RMSProp;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/** TensorFlow-Java's {@code RMSProp}, a graph that is run once for each step, on one thread. */
final class TensorFlowParameters implements Trainable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Variable<TFloat32> parameters;
  private final Placeholder<TFloat32> input;
  private final Op keepGradient;
  private final Op step;
  private final TFloat32 gradient;
  private final boolean feed;
  private float[] values;

  /**
   * Builds the graph.
   *
   * @param feed whether each step copies its gradient from a Java array; otherwise the gradient is
   *     where TensorFlow's own backward pass would leave it, in a tensor of the graph
   */
  TensorFlowParameters(float[] parameters, Settings settings, boolean feed) {
    Shape shape = Shape.of(parameters.length);
    Ops tf = Ops.create(graph);
    this.parameters = tf.variable(shape, TFloat32.class);
    input = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Variable<TFloat32> kept = tf.variable(shape, TFloat32.class);
    keepGradient = tf.assign(kept, input);
    Op setParameters = tf.assign(this.parameters, input);
    Operand<TFloat32> source = feed ? input : kept;
    step =
        new RMSProp(
                graph,
                (float) settings.rate(),
                (float) settings.decay(),
                RMSProp.MOMENTUM_DEFAULT,
                (float) settings.epsilon(),
                false)
            .applyGradients(
                List.of(new GradAndVar<>(source.asOutput(), this.parameters.asOutput())), "step");
    session =
        new Session(
            graph,
            ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(1)
                .setInterOpParallelismThreads(1)
                .build());
    session.initialize();
    gradient = TFloat32.tensorOf(shape, DataBuffers.of(parameters));
    session.runner().feed(input, gradient).addTarget(setParameters).run();
    this.feed = feed;
    values = parameters;
  }

  @Override
  public void handOver(float[] values) {
    this.values = values;
    if (!feed) {
      feed(keepGradient);
    }
  }

  private void feed(Op target) {
    gradient.copyFrom(DataBuffers.of(values));
    session.runner().feed(input, gradient).addTarget(target).run();
  }

  @Override
  public void step() {
    if (feed) {
      feed(step);
    } else {
      session.runner().addTarget(step).run();
    }
  }

  @Override
  public float[] parameters() {
    try (var result = session.runner().fetch(parameters).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] copy = new float[(int) tensor.size()];
      tensor.copyTo(DataBuffers.of(copy));
      return copy;
    }
  }

  @Override
  public void close() {
    gradient.close();
    session.close();
    graph.close();
  }
}
