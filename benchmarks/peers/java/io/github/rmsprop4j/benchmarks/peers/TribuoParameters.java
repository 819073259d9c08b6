package io.github.rmsprop4j.benchmarks.peers;

import java.util.stream.IntStream;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.Tensor;
import org.tribuo.math.optimisers.RMSProp;

/**
 * Tribuo's {@code RMSProp}. Tribuo has DOUBLE only and climbs, so it is given the gradient's
 * negative. The step overwrites the gradient.
 */
final class TribuoParameters implements Trainable {
  private final LinearParameters parameters;
  private final RMSProp optimiser;
  private final DenseMatrix gradient;
  private final Tensor[] gradients;

  TribuoParameters(float[] parameters, Settings settings) {
    int count = parameters.length;
    double[] row = IntStream.range(0, count).mapToDouble(i -> parameters[i]).toArray();
    this.parameters = new LinearParameters(DenseMatrix.createDenseMatrix(new double[][] {row}));
    gradient = new DenseMatrix(1, count);
    gradients = new Tensor[] {gradient};
    optimiser = new RMSProp(settings.rate(), settings.decay(), settings.epsilon(), 0);
    optimiser.initialise(this.parameters);
  }

  @Override
  public void handOver(float[] values) {
    for (int i = 0; i < values.length; i++) {
      gradient.set(0, i, -values[i]);
    }
  }

  @Override
  public void step() {
    parameters.update(optimiser.step(gradients, 1));
  }

  @Override
  public float[] parameters() {
    DenseMatrix weights = parameters.getWeightMatrix();
    float[] copy = new float[weights.getDimension2Size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (float) weights.get(0, i);
    }
    return copy;
  }

  @Override
  public void close() {}
}
