package io.github.rmsprop4j.harness.report;

import java.util.Locale;

/** How numbers are written in table and report. */
public final class Numbers {
  /** Where there is none. */
  static final String NONE = "-";

  private static final double HUNDRED = 100;
  private static final double THOUSAND = 1000;

  private Numbers() {}

  /** Two digits in three characters, "0" for nothing else than 0. */
  public static String ulps(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    if (Double.isInfinite(value)) {
      return "inf";
    }
    if (value == 0) {
      return "0";
    }
    // The limits are those of the rounded number, so that 9.97 is 10 and not 10.0.
    if (value < 0.995) {
      return format("%.2f", value).substring(1);
    }
    if (value < 9.95 && value != Math.rint(value)) {
      return format("%.1f", value);
    }
    return value < THOUSAND - 0.5
        ? format("%.0f", value)
        : format("%.0e", value).replace("e+0", "e").replace("e+", "e");
  }

  /** Microseconds: tenths while they mean something. */
  static String micros(double value) {
    return Double.isNaN(value) ? NONE : format(value < HUNDRED ? "%.1f" : "%,.0f", value);
  }

  /** How many times as fast. */
  static String ratio(double value) {
    return Double.isNaN(value) ? NONE : format(value < HUNDRED / 10 ? "%.1f" : "%.0f", value);
  }

  static String count(long value) {
    return format("%,d", value);
  }

  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
