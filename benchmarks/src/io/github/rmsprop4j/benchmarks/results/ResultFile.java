package io.github.rmsprop4j.benchmarks.results;

import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.cli.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A file of results: a header of {@code # key value} lines, the names of the columns, rows.
 *
 * @param header in the order of the file
 * @param rows by the number of their line, which links name
 */
public record ResultFile(Map<String, String> header, TreeMap<Integer, Row> rows) {
  private static final String TITLES =
      Arrays.stream(Column.values()).map(c -> c.title).collect(Collectors.joining("\t"));

  /**
   * Writes a file, all or nothing.
   *
   * @param file is replaced; its folder is made
   */
  public static void write(Path file, Map<String, String> header, List<Row> rows)
      throws IOException {
    List<String> lines = new ArrayList<>();
    header.forEach((key, value) -> lines.add("# " + key + " " + value));
    lines.add(TITLES);
    rows.forEach(row -> lines.add(row.toString()));
    Files.createDirectories(file.toAbsolutePath().getParent());
    WholeFile.write(file, part -> Files.write(part, lines));
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is no result file, with the line
   */
  public static ResultFile read(Path file) throws IOException {
    Map<String, String> header = new LinkedHashMap<>();
    TreeMap<Integer, Row> rows = new TreeMap<>();
    List<String> lines = Files.readAllLines(file);
    int at = 0;
    for (; at < lines.size() && lines.get(at).startsWith("# "); at++) {
      String[] entry = lines.get(at).split(" +", 3);
      header.put(entry[1], entry.length == 3 ? entry[2] : "");
    }
    if (at == lines.size() || !lines.get(at).equals(TITLES)) {
      throw new IOException(file + ": line " + (at + 1) + " must be the column names: " + TITLES);
    }
    for (at++; at < lines.size(); at++) {
      String[] cells = lines.get(at).split("\t", -1);
      if (cells.length != Column.values().length) {
        throw new IOException(
            String.format(
                "%s: line %d must have %d cells, got %d",
                file, at + 1, Column.values().length, cells.length));
      }
      Row row = new Row();
      for (Column column : Column.values()) {
        row.with(column, cells[column.ordinal()]);
      }
      rows.put(at + 1, row);
    }
    return new ResultFile(header, rows);
  }
}
