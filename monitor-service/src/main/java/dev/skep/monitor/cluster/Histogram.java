package dev.skep.monitor.cluster;

import java.util.Arrays;

/**
 * A count of durations by upper bound, in seconds. Not safe for concurrent use; {@link #copy} is
 * what others get.
 */
public final class Histogram {
  private final double[] bounds;
  private final long[] counts;
  private double sum;

  /** An empty one with these ascending upper bounds; the last, infinite one is added. */
  public Histogram(double... bounds) {
    this(bounds.clone(), new long[bounds.length + 1], 0);
  }

  private Histogram(double[] bounds, long[] counts, double sum) {
    this.bounds = bounds;
    this.counts = counts;
    this.sum = sum;
  }

  /** Counts one duration; what clocks that disagree make negative counts as 0. */
  public void observe(double seconds) {
    double value = Math.max(0, seconds);
    int i = 0;
    while (i < bounds.length && value > bounds[i]) {
      i++;
    }
    counts[i]++;
    sum += value;
  }

  /** The sum of all durations, in seconds. */
  public double sum() {
    return sum;
  }

  /** How many durations were counted. */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /** How many bounds there are, the infinite one aside. */
  public int size() {
    return bounds.length;
  }

  /** The i-th upper bound, in seconds. */
  public double bound(int i) {
    return bounds[i];
  }

  /** How many durations were at most the i-th bound. */
  public long cumulative(int i) {
    return Arrays.stream(counts, 0, i + 1).sum();
  }

  /** One that does not change when this one does. */
  public Histogram copy() {
    return new Histogram(bounds, counts.clone(), sum);
  }
}
