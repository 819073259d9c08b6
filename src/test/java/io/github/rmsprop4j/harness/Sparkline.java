package io.github.rmsprop4j.harness;

import java.util.List;

/** A curve as small as a word. */
final class Sparkline {
  static final int WIDTH = 96;
  static final int HEIGHT = 22;
  private static final int MARGIN = 2;

  private Sparkline() {}

  /** {@return the points of an SVG polyline; none if a value is not finite} */
  static String points(List<Double> values) {
    if (values.isEmpty() || !values.stream().allMatch(Double::isFinite)) {
      return "";
    }
    double max = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double min = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double range = max > min ? max - min : 1;
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      double x = MARGIN + (WIDTH - 2.0 * MARGIN) * i / Math.max(1, values.size() - 1);
      double y = MARGIN + (HEIGHT - 2.0 * MARGIN) * (max - values.get(i)) / range;
      points.append(Numbers.format("%.1f,%.1f ", x, y));
    }
    return points.toString().strip();
  }
}
