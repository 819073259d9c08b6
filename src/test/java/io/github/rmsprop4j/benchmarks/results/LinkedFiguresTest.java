package io.github.rmsprop4j.benchmarks.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.benchmarks.results.Row.Column;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A figure that links to a row of a result file is the row's. {@code [0.40](x.tsv#L12)} is its time
 * per parameter, or its score if it has none; {@code [14.8](x.tsv#L12 "ratio")} names the column.
 */
@Tag("once")
class LinkedFiguresTest {
  /** Links that the README must have: its tables are made of them. */
  private static final int LINKS_AT_LEAST = 40;

  private static final Pattern LINK =
      Pattern.compile("\\[([^\\]]*)]\\(([^)#\\s]+\\.tsv)#L(\\d+)(?: \"([^\"]*)\")?\\)");

  /** A figure as shown, and where it is said to be from; no column is the usual one. */
  record Link(String shown, String file, int line, String column) {}

  static List<Link> links(String page) {
    List<Link> links = new ArrayList<>();
    Matcher link = LINK.matcher(page);
    while (link.find()) {
      links.add(
          new Link(link.group(1), link.group(2), Integer.parseInt(link.group(3)), link.group(4)));
    }
    return links;
  }

  /** {@return what is wrong with each link that is not right} */
  static List<String> wrong(String page, Path folder) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Link link : links(page)) {
      Row row = ResultFile.read(folder.resolve(link.file)).rows().get(link.line);
      String cell = row == null ? "no row" : cell(link, row);
      if (!shows(link.shown, cell)) {
        wrong.add(link + " must be " + cell);
      }
    }
    return wrong;
  }

  private static String cell(Link link, Row row) {
    return link.column == null
        ? row.get(Figures.main(row))
        : Arrays.stream(Column.values())
            .filter(column -> column.title.equals(link.column))
            .findFirst()
            .map(row::get)
            .orElse("a column, got " + link.column);
  }

  /** Whether a cell, rounded as the figure is, is the figure. */
  private static boolean shows(String figure, String cell) {
    try {
      BigDecimal shown = new BigDecimal(figure.replace(",", ""));
      return shown.equals(new BigDecimal(cell).setScale(shown.scale(), RoundingMode.HALF_UP));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Test
  void figuresOfThePagesAreTheirRows() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertEquals(List.of(), wrong(readme, Path.of("")), "README.md");
    assertTrue(links(readme).size() >= LINKS_AT_LEAST, "README.md links to its figures");
    String speed = Files.readString(Path.of("docs/speed.md"));
    assertEquals(List.of(), wrong(speed, Path.of("docs")), "docs/speed.md");
    assertTrue(links(speed).size() > 0, "docs/speed.md links to its figures");
    Path benchmarks = Path.of("benchmarks");
    String page = Files.readString(benchmarks.resolve("README.md"));
    assertEquals(List.of(), wrong(page, benchmarks), "benchmarks/README.md");
  }

  @Test
  void aWrongFigureIsNoticed(@TempDir Path folder) throws IOException {
    Row step =
        new Row()
            .with(Column.SCORE, 4050)
            .with(Column.NS_PER_PARAMETER, 0.405)
            .with(Column.RATIO, 14.849);
    Row training = new Row().with(Column.SCORE, 1234.5);
    ResultFile.write(folder.resolve("x.tsv"), Map.of("command", "x"), List.of(step, training));
    for (String right :
        new String[] {
          "[0.41](x.tsv#L3)", "[0.405](x.tsv#L3)", "[14.8](x.tsv#L3 \"ratio\")",
          "[4,050](x.tsv#L3 \"score\")", "[1,235](x.tsv#L4)", "[no.figure](other.txt#L3)"
        }) {
      assertEquals(List.of(), wrong("so " + right + " is right", folder));
    }
    for (String bad :
        new String[] {
          "[0.40](x.tsv#L3)",
          "[0.4051](x.tsv#L3)",
          "[14.9](x.tsv#L3 \"ratio\")",
          "[14.8](x.tsv#L3)",
          "[0.41](x.tsv#L4)",
          "[0.41](x.tsv#L5)",
          "[0.41](x.tsv#L1)",
          "[0.41](x.tsv#L3 \"speed\")",
          "[a row](x.tsv#L3)"
        }) {
      assertEquals(1, wrong(bad, folder).size(), bad);
    }
  }
}
