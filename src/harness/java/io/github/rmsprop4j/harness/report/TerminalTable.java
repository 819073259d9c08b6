package io.github.rmsprop4j.harness.report;

import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.Contender;
import java.util.List;

/**
 * The table on the terminal, a line for each comparison, at most {@link #WIDTH} columns wide.
 *
 * <p>The first character of a line is {@code !} if it has a fault. {@code =} under an updater says
 * that all its bits are those of the first one, {@code @12} that they first differ in iteration 12,
 * {@code -} that it is that first one or did not take part.
 */
public final class TerminalTable {
  public static final int WIDTH = 80;

  private static final int TITLE_WIDTH = 23;
  private static final long MANY = 1_000_000;

  private static final List<String> BITS =
      Contender.COMPARED.stream().map(name -> name.replace("one ", "")).toList();

  private final int titleWidth;

  /**
   * Sets up.
   *
   * @param items its lines
   */
  public TerminalTable(List<Item> items) {
    int longest = items.stream().mapToInt(item -> item.title().length()).max().orElse(0);
    titleWidth = Math.max("network".length(), Math.min(longest, TITLE_WIDTH));
  }

  /** {@return two lines} */
  public List<String> header() {
    return List.of(
        row("", "", "", "", List.of("bits"), "", "updater", ""),
        row("", "network", "type", "size", BITS, "ulps", "us", "ratio"));
  }

  /** {@return a line} */
  public String line(Outcome outcome) {
    Item item = outcome.item();
    String mark = outcome.faults().isEmpty() ? "" : "!";
    if (outcome.comparison().isEmpty()) {
      return row(mark, item.title(), item.type().toString(), "broke off", List.of(), "", "", "");
    }
    Comparison comparison = outcome.comparison().get();
    Line line = Line.of(comparison);
    boolean timed = !item.section().compact; // new settings are new code to the JIT compiler
    return row(
        mark,
        item.title(),
        comparison.dataType().toString(),
        size(comparison.parameters()),
        Contender.COMPARED.stream().map(line::bits).toList(),
        Numbers.ulps(line.ulps()),
        timed ? Numbers.micros(line.ours().updaterMicros()) : Numbers.NONE,
        timed ? Numbers.ratio(line.speedup()) : Numbers.NONE);
  }

  private static String size(long parameters) {
    return parameters < MANY
        ? Numbers.count(parameters)
        : Numbers.format("%.1fM", parameters / 1e6);
  }

  private String row(
      String mark,
      String title,
      String type,
      String size,
      List<String> bits,
      String ulps,
      String micros,
      String ratio) {
    String cut = title.length() > titleWidth ? title.substring(0, titleWidth - 1) + "~" : title;
    StringBuilder row = new StringBuilder();
    row.append(Numbers.format("%1s %-" + titleWidth + "s %-6s %7s", mark, cut, type, size));
    for (int i = 0; i < bits.size(); i++) {
      row.append(Numbers.format("%" + (1 + BITS.get(i).length()) + "s", bits.get(i)));
    }
    row.append(Numbers.format(" %4s %7s %5s", ulps, micros, ratio));
    return row.toString().stripTrailing();
  }
}
