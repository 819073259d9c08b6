package io.github.rmsprop4j;

/**
 * The step as the design writes it, one element after the other, to compare with by bits. Shares no
 * code with the kernels.
 */
public final class ReferenceMath {
  private ReferenceMath() {}

  /** Steps floats in place: g becomes the update. */
  public static void step(
      float[] g, float[] v, double learningRate, double decay, double epsilon, boolean fused) {
    float eta = (float) learningRate;
    float rho = (float) decay;
    float eps = (float) epsilon;
    float om = 1f - rho;
    for (int i = 0; i < g.length; i++) {
      float square = g[i] * g[i];
      float entering = square * om;
      if (fused) {
        v[i] = Math.fma(v[i], rho, entering);
      } else {
        float kept = v[i] * rho;
        v[i] = kept + entering;
      }
      float numerator = eta * g[i];
      float denominator = (float) Math.sqrt(v[i]) + eps;
      g[i] = numerator / denominator;
    }
  }

  /** Steps doubles in place: g becomes the update. */
  public static void step(
      double[] g, double[] v, double learningRate, double decay, double epsilon, boolean fused) {
    double om = 1 - decay;
    for (int i = 0; i < g.length; i++) {
      double square = g[i] * g[i];
      double entering = square * om;
      if (fused) {
        v[i] = Math.fma(v[i], decay, entering);
      } else {
        double kept = v[i] * decay;
        v[i] = kept + entering;
      }
      double numerator = learningRate * g[i];
      double denominator = Math.sqrt(v[i]) + epsilon;
      g[i] = numerator / denominator;
    }
  }
}
