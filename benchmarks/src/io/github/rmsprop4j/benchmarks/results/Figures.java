package io.github.rmsprop4j.benchmarks.results;

import io.github.rmsprop4j.benchmarks.results.Row.Column;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rows of a result file as a table: a line for each size, or end to end for each network, and a
 * column for each series, which is a contender with those settings that differ within the file.
 */
final class Figures {
  private static final List<Column> SETTINGS =
      List.of(
          Column.TYPE,
          Column.FORM,
          Column.MODE,
          Column.THREADS,
          Column.BLOCKS,
          Column.UNIT,
          Column.JDK,
          Column.NATIVES);

  /** A row and where it stands. */
  record Cell(int line, Row row) {}

  private final Path file;
  private final List<Row> rows;
  private final Map<String, Map<String, Cell>> cells = new LinkedHashMap<>();

  Figures(Path file, ResultFile result) {
    this.file = file;
    this.rows = List.copyOf(result.rows().values());
    Column key = isEndToEnd() ? Column.FORM : Column.PARAMETERS;
    List<Column> varying =
        SETTINGS.stream()
            .filter(c -> c != key && rows.stream().map(row -> row.get(c)).distinct().count() > 1)
            .toList();
    result
        .rows()
        .forEach(
            (line, row) ->
                cells
                    .computeIfAbsent(key(row, key), k -> new LinkedHashMap<>())
                    .put(series(row, varying), new Cell(line, row)));
  }

  private static String series(Row row, List<Column> varying) {
    return PlainNames.of(row, Column.CONTENDER)
        + varying.stream()
            .map(column -> ", " + PlainNames.of(row, column))
            .collect(Collectors.joining());
  }

  private static String key(Row row, Column key) {
    return key == Column.FORM ? PlainNames.of(row, key) : row.get(key);
  }

  /** {@return the settings that all rows share, for a title} */
  String shared(Column... columns) {
    return Arrays.stream(columns)
        .filter(c -> rows.stream().map(row -> row.get(c)).distinct().count() == 1)
        .filter(c -> !rows.get(0).get(c).equals(Row.NONE))
        .map(c -> PlainNames.of(rows.get(0), c))
        .collect(Collectors.joining(", "));
  }

  boolean isEndToEnd() {
    return rows.stream().anyMatch(row -> row.get(Column.SUITE).equals("end-to-end"));
  }

  /** Whether all rows have a number there. */
  boolean all(Column column) {
    return rows.stream().noneMatch(row -> Double.isNaN(row.number(column)));
  }

  /** {@return a row, for what all have in common} */
  Row first() {
    return rows.get(0);
  }

  /** {@return rows by size or network, then by series} */
  Map<String, Map<String, Cell>> cells() {
    return cells;
  }

  /** {@return the names of the series without those of some contenders, unless none were left} */
  Set<String> seriesWithout(Set<String> contenders) {
    Set<String> some = series();
    some.removeIf(name -> contenders.contains(rowsOf(name).get(0).get(Column.CONTENDER)));
    return some.isEmpty() ? series() : some;
  }

  /** {@return the names of all series} */
  Set<String> series() {
    Set<String> series = new LinkedHashSet<>();
    cells.values().forEach(line -> series.addAll(line.keySet()));
    return series;
  }

  /** {@return a series, in the order of the file} */
  List<Row> rowsOf(String series) {
    return cells.values().stream()
        .filter(line -> line.containsKey(series))
        .map(line -> line.get(series).row())
        .toList();
  }

  /** {@return the table in Markdown; in brackets how many times as fast as the built-in updater} */
  String markdown() {
    Set<String> series = series();
    StringBuilder text = new StringBuilder("\n" + file + "\n\n");
    text.append(isEndToEnd() ? "| network | " : "| parameters | ");
    text.append(String.join(" | ", series))
        .append(" |\n|")
        .append("---|".repeat(1 + series.size()));
    cells.forEach(
        (key, line) -> {
          text.append("\n| ").append(key).append(" |");
          for (String name : series) {
            text.append(' ')
                .append(line.containsKey(name) ? cell(line.get(name)) : "")
                .append(" |");
          }
        });
    return text.toString();
  }

  private String cell(Cell cell) {
    String ratio =
        cell.row.get(Column.RATIO).equals(Row.NONE)
            ? ""
            : " (" + link(cell, Column.RATIO, " \"ratio\"") + ")";
    return link(cell, main(cell.row), "") + ratio;
  }

  private String link(Cell cell, Column column, String title) {
    return String.format("[%s](%s#L%d%s)", shortened(cell.row.get(column)), file, cell.line, title);
  }

  /** {@return the column that a link without a title means} */
  static Column main(Row row) {
    return row.get(Column.NS_PER_PARAMETER).equals(Row.NONE)
        ? Column.SCORE
        : Column.NS_PER_PARAMETER;
  }

  /** Three digits, but at least those before the point. */
  private static String shortened(String number) {
    BigDecimal value = new BigDecimal(number);
    int scale = value.doubleValue() >= 100 ? 0 : value.doubleValue() >= 10 ? 1 : 2;
    return value.setScale(scale, RoundingMode.HALF_UP).toPlainString();
  }
}
