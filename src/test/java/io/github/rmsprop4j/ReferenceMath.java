package io.github.rmsprop4j;

import io.github.rmsprop4j.kernel.Step;

/**
 * The step as the design writes it, one element after the other, to compare with by bits. Shares no
 * code with the kernels.
 */
public final class ReferenceMath {
  private ReferenceMath() {}

  /** Steps floats in place: g becomes the update; m and b may be null. */
  public static void step(Step s, float[] g, float[] v, float[] m, float[] b) {
    float rho = (float) s.decay();
    float om = s.restInDouble() ? (float) (1.0 - s.decay()) : 1f - rho;
    float mu = (float) s.momentum();
    float c = (float) s.correction();
    for (int i = 0; i < g.length; i++) {
      float square = g[i] * g[i];
      if (s.difference()) {
        float distance = square - v[i];
        float part = distance * om;
        v[i] = v[i] + part;
      } else {
        float entering = square * om;
        float kept = v[i] * rho;
        v[i] = s.fused() ? Math.fma(v[i], rho, entering) : kept + entering;
      }
      float d = c * v[i];
      if (m != null) {
        if (s.difference()) {
          float distance = g[i] - m[i];
          float part = distance * om;
          m[i] = m[i] + part;
        } else {
          float entering = g[i] * om;
          float kept = m[i] * rho;
          m[i] = kept + entering;
        }
        float mean = c * m[i];
        float meanSquared = mean * mean;
        d = d - meanSquared;
        if (d < 0) {
          d = 0;
        }
      }
      float root = (float) Math.sqrt(d + (float) s.epsilonInside());
      float divisor = root + (float) s.epsilonOutside();
      float numerator = (float) s.rateIn() * g[i];
      float u = numerator / divisor;
      if (b != null) {
        float kept = b[i] * mu;
        b[i] = kept + u;
        float ahead = b[i] * mu;
        u = s.nesterov() ? ahead + u : b[i];
        u = (float) s.rateOut() * u;
      }
      g[i] = u;
    }
  }

  /** Steps doubles in place: g becomes the update; m and b may be null. */
  public static void step(Step s, double[] g, double[] v, double[] m, double[] b) {
    double rho = s.decay();
    double om = 1 - rho;
    double mu = s.momentum();
    double c = s.correction();
    for (int i = 0; i < g.length; i++) {
      double square = g[i] * g[i];
      if (s.difference()) {
        v[i] = v[i] + (square - v[i]) * om;
      } else if (s.fused()) {
        v[i] = Math.fma(v[i], rho, square * om);
      } else {
        v[i] = v[i] * rho + square * om;
      }
      double d = c * v[i];
      if (m != null) {
        m[i] = s.difference() ? m[i] + (g[i] - m[i]) * om : m[i] * rho + g[i] * om;
        double mean = c * m[i];
        d = d - mean * mean;
        if (d < 0) {
          d = 0;
        }
      }
      double divisor = Math.sqrt(d + s.epsilonInside()) + s.epsilonOutside();
      double u = s.rateIn() * g[i] / divisor;
      if (b != null) {
        b[i] = b[i] * mu + u;
        u = s.rateOut() * (s.nesterov() ? b[i] * mu + u : b[i]);
      }
      g[i] = u;
    }
  }
}
