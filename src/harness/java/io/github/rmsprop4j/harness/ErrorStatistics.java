package io.github.rmsprop4j.harness;

/**
 * Distances from {@link Reference}, in ulps. An ulp is that of the largest magnitude that the
 * reference of the same element has had so far: a value on its way through zero has an ulp of next
 * to nothing, by which no error would be small.
 */
public final class ErrorStatistics {
  /** Upper bounds of the classes of {@link #histogram}; a last class holds what is above them. */
  public static final double[] BOUNDS = {0, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

  private final long[] histogram = new long[BOUNDS.length + 1];
  private long count;
  private double max;
  private double sum;
  private double sumOfSquares;
  private double largestShare;

  /** Adds by how much of its {@link RoundingBound} a value is off; NaN is 0 of 0. */
  void addShare(double share) {
    if (share > largestShare) {
      largestShare = share;
    }
  }

  /** {@return the largest error as a share of what rounding can explain; above 1 it cannot} */
  public double shareOfRounding() {
    return largestShare;
  }

  public void add(double ulps) {
    int i = 0;
    while (i < BOUNDS.length && !(ulps <= BOUNDS[i])) { // a NaN is above all
      i++;
    }
    histogram[i]++;
    count++;
    max = Double.isNaN(ulps) ? Double.POSITIVE_INFINITY : Math.max(max, ulps);
    sum += ulps;
    sumOfSquares += ulps * ulps;
  }

  /** {@return how many values were compared} */
  public long count() {
    return count;
  }

  /** {@return the largest error, infinite if one side is NaN or infinite and the other is not} */
  public double max() {
    return max;
  }

  /** {@return the mean error} */
  public double mean() {
    return count == 0 ? 0 : sum / count;
  }

  /** {@return the root of the mean squared error} */
  public double rms() {
    return count == 0 ? 0 : Math.sqrt(sumOfSquares / count);
  }

  /** {@return how many errors lie in (bound before, bound], the first being those that are 0} */
  public long[] histogram() {
    return histogram.clone();
  }
}
