package io.github.rmsprop4j.benchmarks.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.benchmarks.results.ResultFile;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.benchmarks.results.Spread;
import io.github.rmsprop4j.benchmarks.training.Entrant.Lap;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.MnistData;
import io.github.rmsprop4j.kernel.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/** Every network trains with every updater, and the rows say what the clock said. */
class TrainingsTest {
  private static final MnistData DIGITS = DrawnDigits.draw(150, 100, 3);
  private static final long SEED = 9;

  /** Without the vector module there is no SIMD kernel. */
  private static List<TrainingContender> updaters() {
    boolean vectors = Kernels.ofThisJvm().name().equals("simd");
    return Stream.of(TrainingContender.values())
        .filter(updater -> updater != TrainingContender.SIMD || vectors)
        .toList();
  }

  private static TrainingRace race(Task task) {
    return race(task, false);
  }

  private static TrainingRace race(Task task, boolean graph) {
    Map<TrainingContender, Double> rates = new EnumMap<>(TrainingContender.class);
    updaters().forEach(updater -> rates.put(updater, updater.learningRate(task)));
    Variant variant = new Variant(graph, 0);
    return new TrainingRace(task, rates, DIGITS.train(), task.batchSize, variant, 1, SEED);
  }

  @ParameterizedTest
  @EnumSource(Task.class)
  void allUpdatersTrainAndRmsPropsToTheSameBits(Task task) {
    allTrainToTheSameBits(task, race(task));
  }

  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      names = {"MNIST_MLP", "CHARACTER_LSTM"})
  void graphsDo(Task task) {
    TrainingRace race = race(task, true);
    race.entrants.forEach(e -> assertTrue(e.network instanceof ComputationGraph));
    allTrainToTheSameBits(task, race);
  }

  private static void allTrainToTheSameBits(Task task, TrainingRace race) {
    float start = race.entrants.get(0).network.params().sumNumber().floatValue();
    Speed speed = Speed.measure(race, 1, 0, 1, () -> {});

    assertTrue(race.sameBits());
    Map<Float, List<TrainingContender>> bySum =
        race.entrants.stream()
            .collect(
                Collectors.groupingBy(
                    e -> e.network.params().sumNumber().floatValue(),
                    Collectors.mapping(e -> e.name, Collectors.toList())));
    assertFalse(bySum.containsKey(start), "nothing learned: " + bySum);
    assertEquals(4, bySum.size(), "RMSprop, Adam, Nesterovs and Sgd must differ: " + bySum);
    for (TrainingContender updater : updaters()) {
      Lap lap = speed.rounds().get(0).get(updater);
      assertEquals(task == Task.CHARACTER_LSTM ? 2 : 1, lap.iterations());
      boolean timed = 0 < lap.updaterNanos() && lap.updaterNanos() < lap.nanos();
      boolean onePass = updater == TrainingContender.ONE_PASS; // it has no time of its own
      assertTrue(onePass ? Double.isNaN(lap.updaterNanos()) : timed, updater + ": " + lap);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SIMD, io.github.rmsprop4j.RmsProp",
    "PLAIN, io.github.rmsprop4j.RmsProp",
    "ONE_PASS, io.github.rmsprop4j.RmsProp",
    "BUILT_IN, org.nd4j.linalg.learning.config.RmsProp",
    "ADAM, org.nd4j.linalg.learning.config.Adam",
    "NESTEROVS, org.nd4j.linalg.learning.config.Nesterovs",
    "SGD, org.nd4j.linalg.learning.config.Sgd",
  })
  void namesAreThoseOfTheUpdaters(TrainingContender updater, String type) {
    IUpdater config = updater.config(0.25);
    assertEquals(type, config.getClass().getName());
    assertEquals(0.25, config.getLearningRate(0, 0));
  }

  @Test
  void otherBitsAreSeen() {
    TrainingRace race = race(Task.MNIST_MLP);
    assertTrue(race.sameBits());
    race.entrants.get(1).network.params().putScalar(0, 1e-3f);
    assertFalse(race.sameBits());
  }

  @Test
  void divergenceIsRefused() {
    Entrant entrant =
        new Entrant(TrainingContender.SGD, Task.MNIST_MLP, 1e30, Variant.NONE, 1, SEED);
    List<DataSet> batches =
        Stream.generate(Task.MNIST_MLP.batches(DIGITS.train(), 64, SEED)).limit(3).toList();
    ArithmeticException e = assertThrows(ArithmeticException.class, () -> entrant.train(batches));
    assertTrue(e.getMessage().startsWith("SGD: the loss is NaN after iteration 3"), e.getMessage());
  }

  @Test
  void batchesAreWholeAndAnotherEpochHasAnotherOrder() {
    List<DataSet> epochs =
        Stream.generate(new ImageBatches(DIGITS.train(), 64, SEED)).limit(4).toList();
    epochs.forEach(batch -> assertEquals(64, batch.numExamples()));
    assertNotEquals(epochs.get(0).getLabels(), epochs.get(2).getLabels());
    assertThrows(
        IllegalArgumentException.class, () -> new ImageBatches(DIGITS.train().first(63), 64, SEED));
  }

  private static Map<TrainingContender, Lap> round(long own, long builtIn, long sgd) {
    return new EnumMap<>(
        Map.of(
            TrainingContender.PLAIN, new Lap(10, own, own / 4),
            TrainingContender.BUILT_IN, new Lap(10, builtIn, builtIn / 2),
            TrainingContender.SGD, new Lap(10, sgd, sgd / 8)));
  }

  @Test
  void ratiosAreTakenWithinRounds() {
    long milli = 1_000_000;
    // The machine takes twice as long in the second round, and for one lap in the third.
    Speed speed =
        new Speed(
            1000,
            List.of(
                round(20 * milli, 40 * milli, 16 * milli),
                round(40 * milli, 80 * milli, 32 * milli),
                round(40 * milli, 40 * milli, 16 * milli)));
    TrainingRows make = new TrainingRows(2, "avx2");
    Row row = make.speeds("NET", speed).get(0);
    assertEquals(
        "end-to-end\tPLAIN\t1000\t1\tFLOAT\tNET\ttraining\t2\t-\t"
            + System.getProperty("java.version")
            + "\tavx2\t250\t62.5\titerations/s\t-\t-\t-\t0.8\t-\t2\t0.25",
        numbersShortened(row));
    assertEquals(1, make.speeds("NET", speed).get(1).number(Column.RATIO));
    assertEquals(1, make.speeds("NET", speed).get(2).number(Column.SHARE));

    Row inUpdater = make.inUpdater("NET", speed).get(0);
    assertEquals(1e6, inUpdater.number(Column.SCORE));
    assertEquals(1000, inUpdater.number(Column.NS_PER_PARAMETER));

    Row share = make.shares("NET", speed).get(0);
    assertEquals(0.8, share.number(Column.SCORE));
    assertEquals(0.1, share.number(Column.ERROR), 1e-9);
    assertEquals("of-SGD", share.get(Column.UNIT));
  }

  private static String numbersShortened(Row row) {
    return row.toString().replaceAll("(\\.\\d*?)0+(?=\t|$)", "$1").replaceAll("\\.(?=\t|$)", "");
  }

  @Test
  void quartilesLieBetweenNeighbours() {
    assertEquals(
        new Spread(1, 1.75, 2.5, 3.25, 4), Spread.of(List.of(4, 1, 3, 2), Integer::doubleValue));
    assertEquals(new Spread(7, 7, 7, 7, 7), Spread.of(List.of(7), Integer::doubleValue));
  }

  @Test
  void rmsPropsGetThereTogether() {
    Map<TrainingContender, TimeToAccuracy> outcomes =
        TimeToAccuracy.measure(
            race(Task.MNIST_MLP), DIGITS.test().batches(50), 0.5, 2, 40, o -> {});
    TimeToAccuracy builtIn = outcomes.get(TrainingContender.BUILT_IN);
    TimeToAccuracy plain = outcomes.get(TrainingContender.PLAIN);
    assertTrue(builtIn.reached(), outcomes.toString());
    assertTrue(builtIn.best() >= 0.5 && builtIn.iterations() > 0 && builtIn.iterations() < 80);
    assertEquals(builtIn.iterations(), plain.iterations());
    assertEquals(builtIn.best(), plain.best());
    assertTrue(plain.inUpdater() > 0 && plain.inUpdater() < plain.seconds());
  }

  @Test
  void whoDoesNotGetThereHasNoScore() {
    TimeToAccuracy there =
        TimeToAccuracy.START.after(new Lap(100, 2_000_000_000, 1_000_000_000), 0.99, 0.98);
    TimeToAccuracy notThere =
        TimeToAccuracy.START.after(new Lap(100, 1_000_000_000, 100_000_000), 0.97, 0.98);
    Map<TrainingContender, TimeToAccuracy> outcomes =
        new EnumMap<>(Map.of(TrainingContender.BUILT_IN, there, TrainingContender.SGD, notThere));
    TrainingRows make = new TrainingRows(1, "default");
    List<Row> seconds = make.seconds("NET", "to-98%", 1000, outcomes);
    assertEquals(2, seconds.get(0).number(Column.SCORE));
    assertEquals(1, seconds.get(0).number(Column.RATIO));
    assertEquals(Row.NONE, seconds.get(0).get(Column.SHARE));
    assertEquals(Row.NONE, seconds.get(1).get(Column.SCORE));
    assertEquals(Row.NONE, seconds.get(1).get(Column.RATIO));
    List<Row> iterations = make.iterations("NET", "to-98%", 1000, outcomes);
    assertEquals(100, iterations.get(0).number(Column.SCORE));
    assertEquals(Row.NONE, iterations.get(1).get(Column.SCORE));
  }

  private record Answer(int exitCode, String out, String err) {}

  private static Answer run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Trainings.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Answer(exitCode, out.toString(), err.toString());
  }

  /** The name of a row promises a kernel, whatever this JVM's is. */
  @Test
  void simdIsRefusedWithoutItsModule(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("speed.tsv");
    Answer answer =
        run(
            ("speed --drawn 64 --tasks MNIST_MLP --rounds 1 --warm-up 1 --updaters SIMD --output "
                    + file)
                .split(" "));
    if (updaters().contains(TrainingContender.SIMD)) {
      assertEquals(0, answer.exitCode, answer.toString());
      Row row = ResultFile.read(file).rows().firstEntry().getValue();
      assertTrue(row.number(Column.VECTOR) >= 8, row.toString());
      assertEquals(Row.NONE, row.get(Column.RATIO));
      assertFalse(Files.exists(folder.resolve("speed-of-sgd.tsv")));
    } else {
      assertEquals(1, answer.exitCode, answer.toString());
      assertTrue(answer.err.contains("jdk.incubator.vector"), answer.err);
      assertFalse(Files.exists(file));
    }
  }

  @Test
  void speedWritesRows(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("new/speed.tsv");
    Answer answer =
        run(
            ("speed --drawn 128 --tasks MNIST_MLP,EMBEDDING --rounds 1 --warm-up 1 --seed 7"
                    + " --learning-rate SGD=0.25 --updaters PLAIN,ONE_PASS,BUILT_IN,SGD --output "
                    + file)
                .split(" "));
    assertEquals(0, answer.exitCode, answer.toString());
    assertTrue(answer.out.contains("DRAWN DIGITS, NOT"), answer.out);

    ResultFile result = ResultFile.read(file);
    assertEquals(8, result.rows().size());
    assertEquals("equal", result.header().get("RMSprop-bits"));
    assertEquals("128 of drawn digits, NOT MNIST", result.header().get("images"));
    assertEquals("7", result.header().get("seed"));
    assertTrue(result.header().get("learning-rates").contains("SGD=0.25"));
    assertTrue(result.header().get("command").contains("--drawn 128"));
    assertEquals(
        List.of("EMBEDDING", "MNIST_MLP(DRAWN-DIGITS)"),
        List.copyOf(
            new TreeSet<>(
                result.rows().values().stream().map(row -> row.get(Column.FORM)).toList())));
    var inUpdater = ResultFile.read(folder.resolve("new/speed-in-updater.tsv")).rows().values();
    assertEquals(6, inUpdater.size(), "one pass has no time of its own");
    assertFalse(answer.out.contains("NaN"), answer.out);
    for (Row row : inUpdater) {
      assertTrue(row.number(Column.NS_PER_PARAMETER) > 0, row.toString());
    }
    for (Row row : result.rows().values()) {
      assertTrue(row.number(Column.SCORE) > 0, row.toString());
      assertTrue(row.number(Column.RATIO) > 0 && row.number(Column.SHARE) > 0, row.toString());
    }
    assertEquals(
        result.rows().size(),
        ResultFile.read(folder.resolve("new/speed-of-sgd.tsv")).rows().size());
  }

  @Test
  void l2IsOnWeightsAlone() {
    MultiLayerConfiguration with =
        new Variant(false, 0.1).of(Task.LENET.configuration(new Sgd(0.1), SEED));
    for (NeuralNetConfiguration layer : with.getConfs()) {
      if (layer.getLayer() instanceof BaseLayer weights) {
        assertEquals(List.of(new L2Regularization(0.1)), weights.getRegularizationByParam("W"));
        assertEquals(List.of(), weights.getRegularizationByParam("b"));
      }
    }
    MultiLayerConfiguration usual = Task.LENET.configuration(new Sgd(0.1), SEED);
    assertEquals(Task.LENET.configuration(new Sgd(0.1), SEED), Variant.NONE.of(usual));
    assertNotEquals(usual, with);
  }

  @Test
  void accuracyWritesRows(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("accuracy.tsv");
    Answer answer =
        run(
            ("accuracy --graph --l2 1e-4 --batch 32 --drawn 128 --percent 30 --every 3"
                    + " --iterations 60 --warm-up 1 --output "
                    + file
                    + " --updaters PLAIN,ONE_PASS,BUILT_IN")
                .split(" "));
    assertEquals(0, answer.exitCode, answer.toString());
    List<Row> iterations =
        List.copyOf(ResultFile.read(folder.resolve("accuracy-iterations.tsv")).rows().values());
    assertEquals("to-30%", iterations.get(0).get(Column.MODE));
    assertEquals(
        "MNIST_MLP(DRAWN-DIGITS,batch=32,graph,l2=1.0E-4)", iterations.get(0).get(Column.FORM));
    assertTrue(iterations.get(0).number(Column.SCORE) > 0, answer.out);
    assertEquals(iterations.get(0).number(Column.SCORE), iterations.get(1).number(Column.SCORE));
    assertEquals(iterations.get(0).number(Column.SCORE), iterations.get(2).number(Column.SCORE));
    assertEquals(3, ResultFile.read(file).rows().size());
    assertFalse(answer.out.contains("NaN"), answer.out);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "speed --rounds 0 | --rounds must be >= 1, got 0",
        "speed --warm-up -1 | --warm-up must be >= 1, got -1",
        "speed --batch-size 0 | --batch-size must be >= 1, got 0",
        "speed --l2 -1 | --l2 must be >= 0 and finite, got -1.0",
        "speed --batch-size 100 --drawn 64 | --drawn must be >= 100, got 64",
        "speed --drawn 0 | --drawn must be >= 64, got 0",
        "accuracy --percent 101 | --percent must be in (0, 100], got 101",
        "accuracy --every 0 | --every must be >= 1, got 0",
        "speed --tasks TETRIS | expected one of [MNIST_MLP, ",
        "jump | jump",
      })
  void badOptionsAreRefused(String args, String message, @TempDir Path folder) throws IOException {
    Answer answer =
        run((args + (args.equals("jump") ? "" : " --output " + folder.resolve("x"))).split(" "));
    assertEquals(2, answer.exitCode, answer.toString());
    assertTrue(answer.err.contains(message), answer.err);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void helpNamesAllTasksAndUpdaters() {
    Answer answer = run("speed", "--help");
    assertEquals(0, answer.exitCode);
    for (Task task : Task.values()) {
      assertTrue(answer.out.contains(task.name()), answer.out);
    }
    assertTrue(run("--help").out.contains("accuracy"), run("--help").out);
    assertEquals(2, run().exitCode);
  }
}
