package io.github.rmsprop4j.benchmarks.peers;

import io.github.rmsprop4j.benchmarks.results.ResultFile;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.step.Benchmarks;
import io.github.rmsprop4j.benchmarks.step.StepRows;
import io.github.rmsprop4j.cli.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@code mvn -Ppeers}: runs {@link PeersBenchmark} and writes its rows. */
public final class Peers {
  private Peers() {}

  /**
   * Runs JMH.
   *
   * @param args the file to write the rows to, then JMH's; {@code --help} lists them
   * @throws Exception if a benchmark fails, or the file cannot be written
   */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    String[] jmh = Arrays.copyOfRange(args, 1, args.length);
    CommandLineOptions options = Benchmarks.options(file, help(), jmh);
    if (options == null) {
      return;
    }
    Map<String, String> header = Benchmarks.header(Benchmarks.command("peers", file, jmh));
    for (String jar :
        List.of("tribuo-math", "tensorflow-core-api", "mxnet-engine", "mxnet-native-mkl")) {
      header.put(jar, Machine.version(jar));
    }
    header.put("error", "half of the 99.9 % confidence interval");
    header.forEach((key, value) -> System.out.printf("# %s %s%n", key, value));
    Runner runner =
        new Runner(
            new OptionsBuilder().parent(options).include(PeersBenchmark.class.getName()).build());
    List<Row> rows = new ArrayList<>();
    for (RunResult result : runner.run()) {
      rows.add(row(result));
    }
    if (rows.isEmpty()) {
      throw new IllegalStateException("no benchmark came to a result; JMH says above why");
    }
    StepRows.compare(rows);
    ResultFile.write(file, header, rows);
    System.out.printf("%n%d rows: %s%n", rows.size(), file);
  }

  private static String help() {
    return """
        Usage: mvn -Ppeers [-Dresults=FILE] [-Dargs="OPTIONS"]
        Times steps of other libraries' RMSprop and writes rows to FILE (target/peers.tsv).

          -p contender=%s
          -p parameters=10000,1000000   how many (10000 to 50000000)
          -f 1 -wi 2 -i 3               JVMs, and iterations of each: warm-up, measured

        benchmarks/peers/README.md explains them. All options of JMH:
        """
        .formatted(Arrays.stream(Peer.values()).map(Peer::name).collect(Collectors.joining(",")));
  }

  private static Row row(RunResult result) throws IOException {
    BenchmarkParams params = result.getParams();
    Peer peer = Peer.valueOf(params.getParam("contender"));
    Result<?> time = result.getPrimaryResult();
    Row row =
        new Row()
            .with(Column.SUITE, "step")
            .with(Column.CONTENDER, peer.contender)
            .with(Column.PARAMETERS, params.getParam("parameters"))
            .with(Column.BLOCKS, 1)
            .with(Column.TYPE, peer.type.name())
            .with(Column.FORM, "PLAIN")
            .with(Column.MODE, "step+change")
            .with(Column.THREADS, 1)
            .with(Column.JDK, params.getJdkVersion())
            .with(Column.NATIVES, Benchmarks.natives())
            .with(Column.BYTES_PER_PARAMETER, peer.passes * peer.type.width());
    return StepRows.timed(row, time.getScore(), time.getScoreError());
  }
}
