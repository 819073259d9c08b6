package io.github.rmsprop4j.benchmarks.results;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** How some numbers lie. */
public record Spread(
    double min, double firstQuartile, double median, double thirdQuartile, double max) {
  /** Of a number of each element, with quantiles between the nearest two. */
  public static <T> Spread of(Collection<T> elements, ToDoubleFunction<T> number) {
    double[] sorted = elements.stream().mapToDouble(number).sorted().toArray();
    return new Spread(
        quantile(sorted, 0),
        quantile(sorted, 0.25),
        quantile(sorted, 0.5),
        quantile(sorted, 0.75),
        quantile(sorted, 1));
  }

  private static double quantile(double[] sorted, double q) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException(
          "numbers must not be empty, got " + Arrays.toString(sorted));
    }
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** {@return half of the distance between the quartiles} */
  public double halfWidth() {
    return (thirdQuartile - firstQuartile) / 2;
  }
}
