package io.github.rmsprop4j.benchmarks.results;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One line of a result file; {@code benchmarks/README.md} says what the columns are. */
public final class Row {
  /** In the order of the file. */
  public enum Column {
    SUITE("suite"),
    CONTENDER("contender"),
    PARAMETERS("parameters"),
    BLOCKS("blocks"),
    TYPE("type"),
    FORM("form"),
    MODE("mode"),
    THREADS("threads"),
    VECTOR("vector"),
    JDK("jdk"),
    NATIVES("natives"),
    SCORE("score"),
    ERROR("error"),
    UNIT("unit"),
    NS_PER_PARAMETER("ns/parameter"),
    BYTES_PER_PARAMETER("B/parameter"),
    GB_PER_SECOND("GB/s"),
    SHARE("share"),
    BYTES_PER_STEP("B/step"),
    RATIO("ratio"),
    RATIO_ERROR("ratio error");

    final String title;

    Column(String title) {
      this.title = title;
    }
  }

  /** A cell that has nothing to say. */
  public static final String NONE = "-";

  private static final int DIGITS = 5;

  private final Map<Column, String> cells = new EnumMap<>(Column.class);

  /** Sets a cell. */
  public Row with(Column column, String text) {
    if (!text.matches("[^\t\n]+")) {
      throw new IllegalArgumentException(
          column.title + " must be one line without tabs, not empty, got '" + text + "'");
    }
    cells.put(column, text);
    return this;
  }

  /** Sets a cell to a whole number. */
  public Row with(Column column, long number) {
    return with(column, Long.toString(number));
  }

  /** Sets a cell to a number of five digits, or to nothing if it is not finite. */
  public Row with(Column column, double number) {
    return with(
        column,
        Double.isFinite(number)
            ? new BigDecimal(number).round(new MathContext(DIGITS)).toPlainString()
            : NONE);
  }

  /** {@return what the cell says, or {@link #NONE}} */
  public String get(Column column) {
    return cells.getOrDefault(column, NONE);
  }

  /** {@return the cell's number, or NaN if it has none} */
  public double number(Column column) {
    String text = get(column);
    return text.equals(NONE) ? Double.NaN : Double.parseDouble(text);
  }

  /** Whether some cells say the same. */
  public boolean agrees(Row other, Column... columns) {
    return List.of(columns).stream().allMatch(c -> get(c).equals(other.get(c)));
  }

  /** {@return the line, without its end} */
  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    for (Column column : Column.values()) {
      texts.add(get(column));
    }
    return String.join("\t", texts);
  }
}
