package io.github.rmsprop4j.harness.report;

import io.github.rmsprop4j.harness.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The loss of all updaters over the mini-batches, as lines and ticks that the page draws in an SVG:
 * a picture from a charting library is ten times as large, and there are a hundred of them.
 */
final class LossChart {
  static final int WIDTH = 330;
  static final int HEIGHT = 210;
  private static final int LEFT = 46;
  private static final int RIGHT = WIDTH - 8;
  private static final int TOP = 10;
  private static final int BOTTOM = HEIGHT - 34;

  /** Points of a line at most; each is the mean over a few mini-batches. */
  private static final int POINTS = 200;

  private static final int TICKS = 5;
  private static final int MOST_DECIMALS = 4;
  private static final double LARGE = 1e5;

  /** Wide and pale below, thin and dark on top: equal curves show as bands in each other. */
  private static final List<Look> LOOKS =
      List.of(
          new Look("built-in", "#c5d9ee", "13"),
          new Look("reference", "#f2b872", "9.5"),
          new Look("nd4j", "#8fca8e", "7"),
          new Look("plain", "#4f93cf", "4.5"),
          new Look("simd", "#0b2545", "2.4"),
          new Look("one pass", "#e4572e", "0.9"));

  private record Look(String contender, String color, String width) {}

  private LossChart() {}

  /** {@return lines, those below first, and ticks; values that are not finite are left out} */
  static Map<String, Object> of(Comparison comparison) {
    List<Map<String, Object>> lines = new ArrayList<>();
    double[] losses =
        comparison.trainings().stream()
            .flatMap(training -> training.losses().stream())
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    int steps = comparison.trainings().get(0).losses().size();
    Axis x = new Axis(1, Math.max(2, steps), LEFT, RIGHT);
    Axis y = Axis.over(losses, BOTTOM, TOP);
    for (Look look : LOOKS) {
      for (Comparison.Training training : comparison.trainings()) {
        if (training.contender().equals(look.contender)) {
          lines.add(
              Map.of(
                  "name", look.contender,
                  "color", look.color,
                  "width", look.width,
                  "points", points(training.losses(), x, y)));
        }
      }
    }
    return Map.of("lines", lines, "x", x.ticks(true), "y", y.ticks(false));
  }

  /** {@return the same for one updater, as small as a word, without ticks} */
  static String sparkline(List<Double> losses, int width, int height) {
    double[] finite =
        losses.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite).toArray();
    Axis x = new Axis(1, Math.max(2, losses.size()), 2, width - 2.0);
    return points(losses, x, Axis.over(finite, height - 2.0, 2));
  }

  private static String points(List<Double> losses, Axis x, Axis y) {
    int window = Math.max(1, (losses.size() + POINTS - 1) / POINTS);
    StringBuilder points = new StringBuilder();
    for (int from = 0; from < losses.size(); from += window) {
      int to = Math.min(from + window, losses.size());
      double mean =
          losses.subList(from, to).stream().mapToDouble(Double::doubleValue).average().orElse(0);
      if (Double.isFinite(mean)) {
        points.append(
            Numbers.format("%.1f,%.1f ", x.position((from + 1 + to) / 2.0), y.position(mean)));
      }
    }
    return points.toString().strip();
  }

  /** Values from min to max on pixels from start to end. */
  private record Axis(double min, double max, double start, double end) {
    static Axis over(double[] values, double start, double end) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (double value : values) {
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
      if (values.length == 0 || min == max) {
        double middle = values.length == 0 ? 0 : min;
        double margin = middle == 0 ? 1 : Math.abs(middle) / 2;
        return new Axis(middle - margin, middle + margin, start, end);
      }
      return new Axis(min, max, start, end);
    }

    double position(double value) {
      return start + (value - min) / (max - min) * (end - start);
    }

    /** At multiples of 1, 2 or 5 times a power of ten. */
    List<Map<String, String>> ticks(boolean whole) {
      double step = Math.pow(10, Math.floor(Math.log10((max - min) / TICKS)));
      for (double factor : new double[] {2, 2.5, 2}) {
        if ((max - min) / step > TICKS) {
          step *= factor;
        }
      }
      step = whole ? Math.max(1, step) : step;
      List<Map<String, String>> ticks = new ArrayList<>();
      for (double n = Math.ceil(min / step); n * step <= max; n++) {
        ticks.add(
            Map.of(
                "at", Numbers.format("%.1f", position(n * step)), "label", label(n * step, step)));
      }
      return ticks;
    }

    private String label(double value, double step) {
      int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      return decimals > MOST_DECIMALS || Math.max(Math.abs(min), Math.abs(max)) >= LARGE
          ? Numbers.format("%.1e", value)
          : Numbers.format("%,." + decimals + "f", value);
    }
  }
}
