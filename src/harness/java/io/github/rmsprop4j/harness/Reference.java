package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import java.util.Arrays;

/**
 * RMSprop in double, written for reading. It takes the settings as the user gave them and shares
 * nothing with the kernels: not their order of operations, not their rounding, not their scalars.
 */
public final class Reference {
  private final RmsProp settings;

  /** Running mean of the squared gradients. */
  final double[] v;

  /** Running mean of the gradients; used if centered. */
  final double[] m;

  /** Momentum buffer; used with momentum. */
  final double[] b;

  /**
   * Starts from a state.
   *
   * @param v mean squares, copied
   * @param m means, copied, or null
   * @param b momentum buffers, copied, or null
   */
  Reference(RmsProp settings, double[] v, double[] m, double[] b) {
    this.settings = settings;
    this.v = v.clone();
    this.m = m == null ? null : m.clone();
    this.b = b == null ? null : b.clone();
  }

  /**
   * Starts as a new updater does.
   *
   * @param settings which also say what state there is
   * @param parameters how many
   */
  public static Reference of(RmsProp settings, int parameters) {
    double[] v = new double[parameters];
    Arrays.fill(v, settings.getInitialMeanSquare());
    long parts = settings.stateSize(1);
    double[] m = settings.isCentered() ? new double[parameters] : null;
    double[] b = parts > (m == null ? 1 : 2) ? new double[parameters] : null;
    return new Reference(settings, v, m, b);
  }

  /** {@return the update that is to be subtracted from the parameters} */
  public double[] step(double[] gradient, int iteration, int epoch) {
    double learningRate = settings.getLearningRate(iteration, epoch);
    double decay = settings.getRmsDecay(iteration, epoch);
    double momentum = b == null ? 0 : settings.getMomentum(iteration, epoch);
    double weights = settings.isBiasCorrection() ? 1 - Math.pow(decay, iteration + 1.0) : 1;
    double[] update = new double[gradient.length];
    for (int i = 0; i < gradient.length; i++) {
      double g = gradient[i];
      v[i] = decay * v[i] + (1 - decay) * g * g;
      double variance = v[i] / weights;
      if (m != null) {
        m[i] = decay * m[i] + (1 - decay) * g;
        double mean = m[i] / weights;
        variance = Math.max(variance - mean * mean, 0);
      }
      double deviation =
          settings.isEpsilonInsideSqrt()
              ? Math.sqrt(variance + settings.getEpsilon())
              : Math.sqrt(variance) + settings.getEpsilon();
      double normalized = g / deviation;
      if (b == null) {
        update[i] = learningRate * normalized;
      } else {
        double rateIn = settings.isLearningRateInMomentum() ? learningRate : 1;
        double rateOut = settings.isLearningRateInMomentum() ? 1 : learningRate;
        double entering = rateIn * normalized;
        b[i] = momentum * b[i] + entering;
        double leaving = settings.isNesterov() ? momentum * b[i] + entering : b[i];
        update[i] = rateOut * leaving;
      }
    }
    return update;
  }

  /** {@return all state, v first, then m and b where they are} */
  public double[] state() {
    double[] all = Arrays.copyOf(v, v.length * (1 + (m == null ? 0 : 1) + (b == null ? 0 : 1)));
    int at = v.length;
    for (double[] part : new double[][] {m, b}) {
      if (part != null) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
    }
    return all;
  }
}
