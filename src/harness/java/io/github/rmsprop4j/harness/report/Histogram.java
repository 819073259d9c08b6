package io.github.rmsprop4j.harness.report;

import io.github.rmsprop4j.harness.ErrorStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The histogram of the errors of an updater, as the page draws it. */
final class Histogram {
  /** So many classes are shown even if nothing is in them. */
  private static final int CLASSES = 6;

  private static final int PERCENT = 100;
  private static final double THOUSAND = 1000;

  private Histogram() {}

  /**
   * {@return for each class its name, the percentage of the values that are in it, as text, and the
   * height of its bar in percent of the highest}
   */
  static List<Map<String, String>> of(ErrorStatistics errors) {
    int classes = classes(errors);
    double highest = IntStream.range(0, classes).mapToDouble(i -> share(errors, i)).max().orElse(0);
    List<Map<String, String>> columns = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      double share = share(errors, i);
      columns.add(
          Map.of(
              "name", name(i),
              "percent", percent(share),
              "height", Numbers.format("%.1f", highest == 0 ? 0 : PERCENT * share / highest)));
    }
    return columns;
  }

  private static double share(ErrorStatistics errors, int i) {
    return (double) errors.histogram()[i] / Math.max(1, errors.count());
  }

  /** Up to the last that has something in it. */
  private static int classes(ErrorStatistics errors) {
    long[] histogram = errors.histogram();
    int classes = CLASSES;
    for (int i = classes; i < histogram.length; i++) {
      classes = histogram[i] > 0 ? i + 1 : classes;
    }
    return classes;
  }

  private static String name(int i) {
    double[] bounds = ErrorStatistics.BOUNDS;
    if (i == bounds.length) {
      return ">1k";
    }
    return bounds[i] < THOUSAND ? Numbers.ulps(bounds[i]) : "1k";
  }

  /** Nothing for nothing, and no 0 for something. */
  private static String percent(double share) {
    if (share == 0) {
      return "";
    }
    return share * PERCENT < 0.5 ? "<1" : Numbers.format("%.0f", PERCENT * share);
  }
}
