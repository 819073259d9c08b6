package io.github.rmsprop4j.benchmarks.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.step.Benchmarks;
import io.github.rmsprop4j.benchmarks.step.StepContender;
import io.github.rmsprop4j.benchmarks.step.StepRows;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;

/** Rows are computed, written, read, drawn and linked to as {@code benchmarks/README.md} says. */
@Tag("once")
class ResultsTest {
  @TempDir private Path folder;

  private static Row step(StepContender contender, int parameters, double time) {
    Row row =
        new Row()
            .with(Column.SUITE, "step")
            .with(Column.CONTENDER, contender.name())
            .with(Column.PARAMETERS, parameters)
            .with(Column.BLOCKS, 1)
            .with(Column.TYPE, "FLOAT")
            .with(Column.FORM, "PLAIN")
            .with(Column.MODE, "step")
            .with(Column.THREADS, 1)
            .with(Column.BYTES_PER_PARAMETER, 16);
    return StepRows.timed(row, time, time / 10);
  }

  private static List<Row> sample() {
    List<Row> rows = new ArrayList<>();
    for (int parameters : new int[] {100, 10_000, 1_000_000}) {
      rows.add(step(StepContender.BUILT_IN, parameters, 15_000 + 4.5 * parameters));
      rows.add(step(StepContender.SIMD, parameters, 100 + 0.4 * parameters));
      rows.add(step(StepContender.STREAM, parameters, 20 + 0.2 * parameters));
    }
    StepRows.compare(rows);
    return rows;
  }

  private static Row training(String network, String contender, double score) {
    return new Row()
        .with(Column.SUITE, "end-to-end")
        .with(Column.CONTENDER, contender)
        .with(Column.FORM, network)
        .with(Column.SCORE, score)
        .with(Column.UNIT, "iterations/s");
  }

  @Test
  void derivedNumbersAreRight() {
    Row simd = sample().get(4);
    assertEquals(4100, simd.number(Column.SCORE));
    assertEquals(0.41, simd.number(Column.NS_PER_PARAMETER));
    assertEquals(160_000 / 4100.0, simd.number(Column.GB_PER_SECOND), 1e-3);
    assertEquals(2020 / 4100.0, simd.number(Column.SHARE), 1e-4);
    assertEquals(60_000 / 4100.0, simd.number(Column.RATIO), 1e-3);
    assertEquals(60_000 / 4100.0 * Math.hypot(0.1, 0.1), simd.number(Column.RATIO_ERROR), 1e-3);
  }

  private static String[] shortRun(String more) {
    System.setProperty("jmh.ignoreLock", "true"); // times do not matter here
    return ("-f 0 -wi 0 -i 2 -r 10ms -p parameters=100 -p blocks=2 " + more).split(" ");
  }

  @Test
  void jmhsResultsBecomeRows() throws Exception {
    List<RunResult> results =
        new ArrayList<>(
            new Runner(
                    new OptionsBuilder()
                        .parent(
                            new CommandLineOptions(
                                shortRun(
                                    "-p updater=PLAIN,BUILT_IN,SGD -p mode=STEP,CHANGE,ONE_PASS")))
                        .addProfiler(GCProfiler.class)
                        .build())
                .run());
    List<Row> rows = StepRows.of(results, "avx2");
    assertEquals(9, results.size());
    assertEquals(7, rows.size(), "one pass of PLAIN only, and no row twice");
    for (int i = 0; i < 7; i++) {
      Row row = rows.get(i);
      double step = results.get(i).getPrimaryResult().getScore() / 200; // the ring
      assertEquals(step, row.number(Column.SCORE), 1e-4 * step);
      assertEquals(step / 100, row.number(Column.NS_PER_PARAMETER), 1e-6 * step);
      assertEquals("100 2 FLOAT PLAIN 1", texts(row, "parameters blocks type form threads"));
      assertEquals("avx2", row.get(Column.NATIVES));
      assertTrue(row.number(Column.BYTES_PER_STEP) >= 0, row.toString());
      assertTrue(row.number(Column.RATIO) > 0, row.toString());
    }
    assertEquals(16, bytes(rows, "PLAIN", "step"));
    assertEquals(8 + 16 + 12, bytes(rows, "PLAIN", "division+step+change"));
    assertEquals(8, bytes(rows, "SGD", "step"));
    assertEquals(20, bytes(rows, "PLAIN", "one pass"));
  }

  @Test
  void theCommandWritesAFileWithItsHeader() throws Exception {
    Path file = folder.resolve("new/step.tsv");
    String[] args = shortRun("-p updater=COPY");
    Benchmarks.main(
        Stream.concat(Stream.of(file.toString()), Stream.of(args)).toArray(String[]::new));
    ResultFile result = ResultFile.read(file);
    assertEquals(1, result.rows().size());
    assertEquals(
        List.of("command date ND4J CPU cores OS JDK natives commit error".split(" ")),
        List.copyOf(result.header().keySet()));
    String command = result.header().get("command");
    assertTrue(command.startsWith("mvn -Pbench "), command);
    assertTrue(
        command.endsWith("-Dresults=" + file + " -Dargs=\"" + String.join(" ", args) + "\""),
        command);
  }

  private static String texts(Row row, String titles) {
    Set<String> wanted = Set.of(titles.split(" "));
    List<String> texts = new ArrayList<>();
    for (Column column : Column.values()) {
      if (wanted.contains(column.title)) {
        texts.add(row.get(column));
      }
    }
    return String.join(" ", texts);
  }

  private static double bytes(List<Row> rows, String contender, String mode) {
    return rows.stream()
        .filter(row -> row.get(Column.CONTENDER).equals(contender))
        .filter(row -> row.get(Column.MODE).equals(mode))
        .findFirst()
        .orElseThrow()
        .number(Column.BYTES_PER_PARAMETER);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("a.tsv");
    ResultFile.write(file, Map.of("command", "make me"), sample());
    ResultFile read = ResultFile.read(file);
    assertEquals(Map.of("command", "make me"), read.header());
    assertEquals(
        sample().stream().map(Row::toString).toList(),
        read.rows().values().stream().map(Row::toString).toList());
    List<String> lines = Files.readAllLines(file);
    read.rows().forEach((line, row) -> assertEquals(lines.get(line - 1), row.toString()));
    assertEquals(Set.of(file), files(), "nothing is left beside it");
  }

  private Set<Path> files() throws IOException {
    Set<Path> files = new HashSet<>();
    try (var paths = Files.list(folder)) {
      paths.forEach(files::add);
    }
    return files;
  }

  @Test
  void aBrokenFileIsRefusedWithItsLine() throws IOException {
    Path file = folder.resolve("a.tsv");
    ResultFile.write(file, Map.of("command", "make me"), sample());
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(4, "step\tSIMD");
    Files.write(file, lines);
    IOException refused = assertThrows(IOException.class, () -> ResultFile.read(file));
    assertTrue(
        refused.getMessage().endsWith("line 5 must have 21 cells, got 2"), refused.getMessage());
    Files.writeString(file, "# command x\nsuite\n");
    refused = assertThrows(IOException.class, () -> ResultFile.read(file));
    assertTrue(refused.getMessage().contains("line 2 must be the column names"));
    assertThrows(IllegalArgumentException.class, () -> new Row().with(Column.FORM, "a\tb"));
  }

  @Test
  void pictureAndTableShowAllRows() throws IOException {
    Path steps = folder.resolve("steps.tsv");
    Path training = folder.resolve("training.tsv");
    ResultFile.write(steps, Map.of(), sample());
    ResultFile.write(
        training,
        Map.of(),
        List.of(
            training("MLP", "SIMD", 900),
            training("MLP", "BUILT_IN", 600),
            training("LeNet", "SIMD", 90),
            training("LeNet", "BUILT_IN", 80)));
    for (String picture : new String[] {"steps-time", "steps-bandwidth", "training"}) {
      Files.createFile(folder.resolve(picture + ".png")); // a picture that is kept
    }
    assertEquals(0, new CommandLine(new Charts()).execute(folder.toString()));
    for (String picture : new String[] {"steps-time", "steps-bandwidth", "training"}) {
      BufferedImage image = ImageIO.read(folder.resolve(picture + ".png").toFile());
      assertEquals(Charts.WIDTH, image.getWidth());
      assertEquals(Charts.HEIGHT, image.getHeight());
      assertTrue(colors(image) > 100, picture + " is not empty");
    }
    for (Path file : new Path[] {steps, training}) {
      ResultFile result = ResultFile.read(file);
      String table = new Figures(file, result).markdown();
      Set<Integer> lines = new HashSet<>();
      LinkedFiguresTest.links(table).forEach(link -> lines.add(link.line()));
      assertEquals(result.rows().keySet(), lines, "rows linked to from\n" + table);
      assertEquals(List.of(), LinkedFiguresTest.wrong(table, Path.of("/")));
    }
  }

  private static long colors(BufferedImage image) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .distinct()
        .count();
  }
}
