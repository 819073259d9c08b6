package io.github.rmsprop4j.harness.report;

import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.ErrorStatistics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The table on the terminal, a line for each comparison, at most {@link #WIDTH} columns wide.
 *
 * <p>The first character of a line is {@code !} if it has a fault. {@code =} under a kernel says
 * that all its bits are those of the built-in updater, {@code @12} that they first differ in
 * iteration 12. Figures such as {@code 1.2/1.3} are this project's and the built-in updater's.
 */
public final class TerminalTable {
  public static final int WIDTH = 140;

  /** TITLE is as wide as it has to be, the others as they can become. */
  private static final String ROW =
      "%1s %-TITLEs %-6s %10s %4s  %4s %5s %4s  %7s %7s  %7s %7s  %7s %7s  %6s %7s %4s";

  private static final int COLUMNS = 17;
  private static final int TITLE_WIDTH = 24;

  private final int titleWidth;
  private final String pattern;

  /**
   * Sets up.
   *
   * @param items its lines
   */
  public TerminalTable(List<Item> items) {
    int longest = items.stream().mapToInt(item -> item.title().length()).max().orElse(0);
    int width = Math.max("network".length(), Math.min(longest, TITLE_WIDTH));
    titleWidth = width;
    pattern = ROW.replace("TITLE", Integer.toString(width));
  }

  /** {@return two lines} */
  public List<String> header() {
    return List.of(
        row(
            "", "", "", "", "", "bits", "", "", "update", "in ulps", "state", "in ulps", "param.",
            "in ulps", "us", "of the", "step"),
        row(
            "",
            "network",
            "type",
            "parameters",
            "steps",
            "simd",
            "plain",
            "nd4j",
            "max",
            "rms",
            "max",
            "rms",
            "max",
            "rms",
            "ours",
            "dl4j",
            "ratio"));
  }

  /** {@return a line} */
  public String line(Outcome outcome) {
    Item item = outcome.item();
    String mark = outcome.faults().isEmpty() ? "" : "!";
    if (outcome.comparison().isEmpty()) {
      return row(mark, item.title(), item.type().toString(), "broke off");
    }
    Comparison comparison = outcome.comparison().get();
    Line line = Line.of(comparison);
    boolean timed = !item.section().compact; // new settings are new code to the JIT compiler
    return row(
        mark,
        item.title(),
        comparison.dataType().toString(),
        Numbers.count(comparison.parameters()),
        Integer.toString(comparison.iterations()),
        line.bits("simd"),
        line.bits("plain"),
        line.bits("nd4j"),
        line.pair(max(Comparison.Training::updateErrors)),
        line.pair(rms(Comparison.Training::updateErrors)),
        line.pair(max(Comparison.Training::stateErrors)),
        line.pair(rms(Comparison.Training::stateErrors)),
        line.pair(max(Comparison.Training::parameterErrors)),
        line.pair(rms(Comparison.Training::parameterErrors)),
        timed ? Numbers.micros(line.ours().updaterMicros()) : Numbers.NONE,
        timed ? Numbers.micros(line.builtInMicros()) : Numbers.NONE,
        timed ? Numbers.ratio(line.speedup()) : Numbers.NONE);
  }

  private static Function<Comparison.Training, Double> max(
      Function<Comparison.Training, ErrorStatistics> errors) {
    return errors.andThen(ErrorStatistics::max);
  }

  private static Function<Comparison.Training, Double> rms(
      Function<Comparison.Training, ErrorStatistics> errors) {
    return errors.andThen(ErrorStatistics::rms);
  }

  private String row(String mark, String title, String... others) {
    Object[] cells = new Object[COLUMNS];
    Arrays.fill(cells, "");
    cells[0] = mark;
    cells[1] = title.length() > titleWidth ? title.substring(0, titleWidth - 1) + "~" : title;
    System.arraycopy(others, 0, cells, 2, others.length);
    return String.format(Locale.ROOT, pattern, cells).stripTrailing();
  }
}
