package io.github.rmsprop4j.dl4j;

import org.nd4j.linalg.schedule.ISchedule;

/** A schedule as users write them: getters for Jackson, but no equals, and a lazy clone. */
final class WarmUp implements ISchedule {
  private static final long serialVersionUID = 1L;

  private double rate;
  private int iterations;

  WarmUp() {}

  WarmUp(double rate, int iterations) {
    this.rate = rate;
    this.iterations = iterations;
  }

  /** DL4J, unlike SameDiff, writes what has a getter and silently drops the other fields. */
  public double getRate() {
    return rate;
  }

  public int getIterations() {
    return iterations;
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    return rate * Math.min(1, (iteration + 1.0) / iterations);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
