package io.github.rmsprop4j.benchmarks.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.benchmarks.results.ResultFile;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.step.Benchmarks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fresh JVMs step and tell, and the rows say what they told. */
@Tag("once")
class ProcessesTest {
  @TempDir private Path folder;

  private record Answer(int exitCode, String out, String err) {}

  private static Answer run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Processes.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Answer(exitCode, out.toString(), err.toString());
  }

  private List<Row> rows(String args) throws IOException {
    Path file = folder.resolve("new/process.tsv");
    String[] all = (args + " --output " + file).split(" ");
    Answer answer = run(all);
    assertEquals(0, answer.exitCode, answer.toString());
    ResultFile result = ResultFile.read(file);
    String command = result.header().get("command");
    assertEquals(
        "mvn -Pprocess -Dargs=\"" + String.join(" ", all) + "\"",
        command.replace(" -Dnatives=" + Benchmarks.natives(), ""));
    List<Row> rows = List.copyOf(result.rows().values());
    assertTrue(answer.out.contains(rows.size() + " rows: " + file), answer.out);
    for (Row row : rows) {
      assertEquals("process", row.get(Column.SUITE));
      assertEquals("1", row.get(Column.BLOCKS));
      assertEquals(System.getProperty("java.version"), row.get(Column.JDK));
      assertTrue(row.number(Column.SCORE) > 0, row.toString());
      assertTrue(row.number(Column.NS_PER_PARAMETER) > 0, row.toString());
      assertTrue(row.number(Column.GB_PER_SECOND) > 0, row.toString());
    }
    return rows;
  }

  private static List<String> texts(List<Row> rows, Column... columns) {
    return rows.stream()
        .map(row -> Arrays.stream(columns).map(row::get).collect(Collectors.joining(" ")))
        .toList();
  }

  @Test
  void mixedFormsStandBesideSoloOnes() throws IOException {
    List<Row> rows =
        rows(
            "--measure MIXED --forms CENTERED --mixed-parameters 64 --warm-up 1 --steps 20"
                + " --rounds 2");
    assertEquals(
        Stream.of("CENTERED FLOAT", "CENTERED DOUBLE")
            .flatMap(
                form ->
                    Stream.of("WITH_FLAG solo", "WITH_FLAG mixed", "STREAM solo")
                        .map(mode -> form + " " + mode + " 64 1"))
            .toList(),
        texts(
            rows,
            Column.FORM,
            Column.TYPE,
            Column.CONTENDER,
            Column.MODE,
            Column.PARAMETERS,
            Column.THREADS));
    assertEquals(24, rows.get(0).number(Column.BYTES_PER_PARAMETER)); // g, v and m, both ways
    assertEquals(48, rows.get(5).number(Column.BYTES_PER_PARAMETER));
    assertEquals(5, ProcessForm.PLAIN_ONE_PASS.passes()); // g, v both ways, parameters both ways
    Row solo = rows.get(0);
    Row mixed = rows.get(1);
    Row roof = rows.get(2);
    assertEquals(
        solo.number(Column.SCORE) / mixed.number(Column.SCORE), mixed.number(Column.RATIO), 1e-3);
    assertEquals(
        mixed.number(Column.GB_PER_SECOND) / roof.number(Column.GB_PER_SECOND),
        mixed.number(Column.SHARE),
        1e-3);
    assertEquals(1, roof.number(Column.SHARE));
    for (Row row : rows) {
      assertEquals("ns/step", row.get(Column.UNIT));
      assertTrue(row.number(Column.BYTES_PER_STEP) >= 0, row.toString());
    }
  }

  @Test
  void timesAddUpBesideTheBuiltIn() throws IOException {
    List<Row> rows =
        rows("--measure CUMULATIVE --cumulative-parameters 300 --cumulative-steps 20,1 --rounds 1");
    assertEquals(
        Stream.of("BUILT_IN", "WITH_FLAG", "WITHOUT_FLAG")
            .flatMap(
                who ->
                    Stream.of("first 1 steps", "first 20 steps")
                        .map(mode -> who + " " + mode + " 300 PLAIN ms"))
            .toList(),
        texts(rows, Column.CONTENDER, Column.MODE, Column.PARAMETERS, Column.FORM, Column.UNIT));
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      assertEquals(
          rows.get(i % 2).number(Column.SCORE) / row.number(Column.SCORE),
          row.number(Column.RATIO),
          1e-3 * row.number(Column.RATIO));
      double before = i % 2 == 0 ? 0 : rows.get(i - 1).number(Column.SCORE);
      assertTrue(row.number(Column.SCORE) > before, row.toString());
    }
  }

  @Test
  void twoThreadsStandBesideOne() throws IOException {
    List<Row> rows =
        rows(
            "--measure threads --shared-parameters 500,1000 --warm-up 1 --steps 20"
                + " --rounds 1");
    assertEquals(
        Stream.of("spinning", "passive", "asleep")
            .flatMap(mode -> Stream.of(mode + " 500", mode + " 1000"))
            .flatMap(
                mode ->
                    Stream.of("1 STREAM", "1 WITH_FLAG", "2 STREAM", "2 WITH_FLAG")
                        .map(who -> mode + " " + who))
            .toList(),
        texts(rows, Column.MODE, Column.PARAMETERS, Column.THREADS, Column.CONTENDER));
    Row one = rows.get(1);
    Row two = rows.get(3);
    assertEquals(1, one.number(Column.RATIO));
    assertEquals(
        one.number(Column.SCORE) / two.number(Column.SCORE),
        two.number(Column.RATIO),
        1e-3 * two.number(Column.RATIO));
    assertTrue(two.number(Column.SHARE) > 0, two.toString());
  }

  /** Tells its flags and variables by whether they are there, or fails. */
  static final class Child {
    public static void main(String[] args) {
      if (args[0].equals("fail")) {
        throw new IllegalArgumentException("as told");
      }
      boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
      FreshJvm.tell("vectors", vectors ? 1 : 0);
      FreshJvm.tell("variables", System.getenv().containsKey("OMP_WAIT_POLICY") ? 1 : 0, 0.5);
      System.out.println("no figure");
    }
  }

  @Test
  void aJvmHasItsOwnFlagsAndVariables() throws Exception {
    Map<String, double[]> bare = FreshJvm.run(Child.class, Map.of(), List.of(), "go");
    assertEquals(List.of("vectors", "variables"), List.copyOf(bare.keySet()));
    assertEquals(0, bare.get("vectors")[0]);
    assertEquals(List.of(0.0, 0.5), Arrays.stream(bare.get("variables")).boxed().toList());
    Map<String, double[]> full =
        FreshJvm.run(
            Child.class,
            Map.of("OMP_WAIT_POLICY", "passive"),
            List.of(FreshJvm.VECTOR_MODULE),
            "go");
    assertEquals(1, full.get("vectors")[0]);
    assertEquals(1, full.get("variables")[0]);
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> FreshJvm.run(Child.class, Map.of(), List.of(), "fail"));
    assertTrue(e.getMessage().contains("as told"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mixed-parameters 0 | --mixed-parameters must be >= 1, got 0",
        "--cumulative-parameters 5,-1 | --cumulative-parameters must be >= 1, got -1",
        "--shared-parameters 0 | --shared-parameters must be >= 1, got 0",
        "--steps 0 | --steps must be >= 1, got 0",
        "--rounds 0 | --rounds must be >= 1, got 0",
        "--measure ALL | expected one of [MIXED, CUMULATIVE, THREADS]",
        "--jump 1 | --jump",
      })
  void badOptionsAreRefused(String args, String message) throws IOException {
    Answer answer = run((args + " --output " + folder.resolve("x")).split(" "));
    assertEquals(2, answer.exitCode, answer.toString());
    assertTrue(answer.err.contains(message), answer.err);
    assertFalse(Files.exists(folder.resolve("x")));
  }

  @Test
  void helpNamesAllForms() {
    Answer answer = run("--help");
    assertEquals(0, answer.exitCode);
    for (ProcessForm form : ProcessForm.values()) {
      assertTrue(answer.out.contains(form.name()), answer.out);
    }
  }
}
