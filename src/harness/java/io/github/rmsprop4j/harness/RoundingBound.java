package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * How far rounding alone can take an updater from {@link Reference}: a running error analysis of
 * the formula, in any of its orders of operations, with the settings rounded to the arrays' type
 * first. An error above it has another reason.
 *
 * <p>A fixed number of ulps would not do: the centered variance cancels, a momentum buffer keeps
 * the errors of larger steps, and a mean with decay ρ remembers 1 / (1 − ρ) roundings.
 */
final class RoundingBound {
  /** Operations that are rounded on the way to one value, at most, and the reference's own. */
  private static final int ROUNDINGS = 8;

  private final RmsProp settings;
  private final double unit;
  private final double smallest;
  private final double largest;
  private final double[] lastV;
  private final double[] lastM;
  private final double[] vError;
  private final double[] mError;
  private final double[] bError;
  private final double[] updateError;

  RoundingBound(RmsProp settings, DataType type, Reference reference) {
    this.settings = settings;
    this.unit = Ulps.of(1, type) / 2;
    this.smallest = Ulps.of(0, type);
    this.largest = type == DataType.DOUBLE ? Double.MAX_VALUE : Float.MAX_VALUE;
    this.lastV = reference.v.clone();
    this.lastM = reference.m == null ? new double[0] : reference.m.clone();
    int n = reference.v.length;
    this.vError = new double[n];
    this.mError = new double[reference.m == null ? 0 : n];
    this.bError = new double[reference.b == null ? 0 : n];
    this.updateError = new double[n];
  }

  /** {@return bounds on the errors of the updates of the last step} */
  double[] ofUpdate() {
    return updateError;
  }

  /** {@return bounds on the errors of the state after the last step, part by part} */
  double[] ofState() {
    double[] all = new double[vError.length + mError.length + bError.length];
    System.arraycopy(vError, 0, all, 0, vError.length);
    System.arraycopy(mError, 0, all, vError.length, mError.length);
    System.arraycopy(bError, 0, all, vError.length + mError.length, bError.length);
    return all;
  }

  /**
   * Follows one step of the reference.
   *
   * @param after the reference after that step
   * @param gradient what it was given
   * @param update what it made of it
   */
  void step(Reference after, double[] gradient, double[] update, int iteration, int epoch) {
    double decay = settings.getRmsDecay(iteration, epoch);
    double weights = settings.isBiasCorrection() ? 1 - Math.pow(decay, iteration + 1.0) : 1;
    for (int i = 0; i < gradient.length; i++) {
      double g = Math.abs(gradient[i]);
      double v = after.v[i];
      vError[i] = meanError(vError[i], decay, lastV[i], g * g);
      lastV[i] = v;
      double variance = v / weights;
      double varianceError = (vError[i] + ROUNDINGS * unit * v) / weights;
      if (mError.length > 0) {
        double m = Math.abs(after.m[i]);
        mError[i] = meanError(mError[i], decay, lastM[i], g);
        lastM[i] = after.m[i];
        double mean = m / weights;
        double meanError = (mError[i] + ROUNDINGS * unit * m) / weights;
        varianceError += (2 * mean + meanError) * meanError + unit * (variance + mean * mean);
        variance = Math.max(variance - mean * mean, 0);
      }
      double inside = settings.isEpsilonInsideSqrt() ? settings.getEpsilon() : 0;
      double outside = settings.getEpsilon() - inside;
      double low = Math.sqrt(Math.max(variance + inside - varianceError, 0)) + outside;
      double high = Math.sqrt(variance + inside + varianceError) + outside;
      double rounding = 1 + ROUNDINGS * unit;
      double rate = settings.getLearningRate(iteration, epoch);
      double normalizedError = g * (rounding / low - 1 / (high * rounding));
      double underflow = smallest / low + smallest; // of the rate times g
      updateError[i] =
          bError.length == 0
              ? rate * normalizedError + underflow
              : momentumError(
                  i, after, g / low, normalizedError, underflow, rate, iteration, epoch);
      if (!(v < largest)) { // g * g overflows in the arrays' type only
        vError[i] = Double.POSITIVE_INFINITY;
        updateError[i] = Double.POSITIVE_INFINITY;
      }
    }
  }

  /** Of a running mean; the arrays' 1 − ρ is off by a unit of 1, not of itself. */
  private double meanError(double error, double decay, double last, double entering) {
    double size = Math.abs(last) + entering;
    return decay * error
        + ROUNDINGS * unit * (decay * Math.abs(last) + (1 - decay) * entering)
        + unit * size
        + smallest;
  }

  private double momentumError(
      int i,
      Reference after,
      double normalized,
      double normalizedError,
      double underflow,
      double rate,
      int iteration,
      int epoch) {
    double rateIn = settings.isLearningRateInMomentum() ? rate : 1;
    double rateOut = settings.isLearningRateInMomentum() ? 1 : rate;
    double momentum = settings.getMomentum(iteration, epoch);
    double entering = rateIn * normalized;
    double enteringError = rateIn * normalizedError + underflow;
    double b = Math.abs(after.b[i]);
    double size = ROUNDINGS * unit * (b + entering);
    bError[i] = momentum * bError[i] + enteringError + size + smallest;
    double leavingError =
        settings.isNesterov() ? momentum * bError[i] + enteringError + size : bError[i];
    return rateOut * (leavingError + size) + smallest;
  }
}
