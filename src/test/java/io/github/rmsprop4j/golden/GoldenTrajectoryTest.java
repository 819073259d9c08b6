package io.github.rmsprop4j.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Replays what PyTorch, timm, Keras, TensorFlow, Optax and Deeplearning4j computed, on the kernel
 * of this JVM, and compares parameters and every state buffer with the framework and with the exact
 * trajectory.
 *
 * <p>The unit is the ulp of the largest magnitude that the element has had so far: an element that
 * crosses zero loses relative accuracy through nobody's fault. How many are allowed stands in
 * {@code golden/budgets.tsv}, case by case, with the reason.
 */
class GoldenTrajectoryTest {
  /** Which way a case is replayed. */
  enum Way {
    UPDATER,
    NETWORK,
    KERNEL
  }

  /**
   * A line of the table; NaN stands for no comparison.
   *
   * @param peer ulps to the framework; 0 for equal values, zeros of unequal sign included
   * @param bits whether the bits must be the framework's
   * @param truth ulps to the exact values
   * @param beyond ulps by which the exact values may be further than they are from the framework
   */
  record Row(
      String name, double peer, boolean bits, double truth, double beyond, String reason, Way way) {
    static Row parse(String[] f, Way way) {
      boolean bits = f[1].equals("bits");
      return new Row(
          f[0], bits ? 0 : number(f[1]), bits, number(f[2]), Double.parseDouble(f[3]), f[4], way);
    }

    private static double number(String field) {
      return field.equals("none") ? Double.NaN : Double.parseDouble(field);
    }

    @Override
    public String toString() {
      String nearness =
          bits ? "by bits" : Double.isNaN(peer) ? "not compared" : "within " + peer + " ulp";
      return name + " through the " + way.name().toLowerCase() + ": " + nearness + ", " + reason;
    }
  }

  static List<Row> table() {
    List<Row> rows = new ArrayList<>();
    for (String[] f : Trajectory.lines("budgets.tsv")) {
      Trajectory t = Trajectory.read(f[0]);
      if (t.equation().equals("dl4j")) {
        boolean asLoaded = Recipe.fused(t) == Kernels.fuses(t.type());
        // The nd4j kernel rounds v as the loaded natives do, the others either way.
        if (asLoaded || !Kernels.name().equals("nd4j")) {
          rows.add(Row.parse(f, Way.KERNEL));
        }
        if (asLoaded) {
          rows.add(Row.parse(f, Way.UPDATER));
        }
      } else {
        rows.add(Row.parse(f, Recipe.needsNetwork(t) ? Way.NETWORK : Way.UPDATER));
      }
    }
    return rows;
  }

  @Test
  void theTableHasEveryCase() throws Exception {
    Path cases = Path.of(GoldenTrajectoryTest.class.getResource("/golden/cases").toURI());
    try (Stream<Path> files = Files.list(cases)) {
      assertEquals(
          files.map(file -> file.getFileName().toString().replace(".tsv", "")).sorted().toList(),
          Trajectory.lines("budgets.tsv").stream().map(f -> f[0]).sorted().toList());
    }
  }

  @Test
  void recordingsOfTheBuiltInUpdaterGoThroughTheUpdaterInBothTypes() {
    Set<DataType> types = EnumSet.noneOf(DataType.class);
    for (Row row : table()) {
      if (row.name.startsWith("dl4j") && row.way == Way.UPDATER) {
        System.out.println("replayed through the updater: " + row);
        types.add(Trajectory.read(row.name).type());
      }
    }
    assertEquals(EnumSet.of(DataType.FLOAT, DataType.DOUBLE), types);
  }

  /** The furthest that a replay was off, in ulps of the peak. */
  static final class Furthest {
    double peer;
    double truth;
    final Map<String, double[]> fromTruth = new LinkedHashMap<>();
    boolean sameBits = true;
    String wherePeer = "";
    String whereTruth = "";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void isWithinItsBudget(Row row) {
    Trajectory t = Trajectory.read(row.name);
    Furthest furthest = replay(t, Recipe.config(t), row.way);
    if (row.bits) {
      assertTrue(furthest.sameBits, furthest.wherePeer);
    }
    if (!Double.isNaN(row.peer)) {
      assertTrue(furthest.peer <= row.peer, "from " + t.equation() + ": " + furthest.wherePeer);
    }
    if (!Double.isNaN(row.truth)) {
      assertTrue(furthest.truth <= row.truth, "from the exact value: " + furthest.whereTruth);
    }
    furthest.fromTruth.forEach(
        (column, ulps) ->
            assertTrue(
                ulps[0] <= ulps[1] + row.beyond,
                () ->
                    column
                        + " is "
                        + ulps[0]
                        + " ulp from the exact values, the framework "
                        + ulps[1]));
    if (row.way != Way.NETWORK) { // whose regularisation rounds as the loaded natives do
      assertNotOverTwice(furthest.peer, row.peer, "from the framework");
      assertNotOverTwice(furthest.truth, row.truth, "from the exact values");
    }
  }

  private static void assertNotOverTwice(double measured, double budget, String from) {
    assertFalse(
        budget > 2 * measured, "the budget " + from + " is " + budget + ", measured " + measured);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf_momentum.f32", "tf_momentum.f64"})
  void tfKeras2WithMomentumIsTheKernelOfTensorFlow1(String name) {
    Trajectory t = Trajectory.read(name);
    RmsProp config =
        RmsProp.builder(Flavor.TF_KERAS2)
            .learningRate(t.number("lr"))
            .rmsDecay(t.number("rho"))
            .epsilon(t.number("epsilon"))
            .momentum(t.number("momentum"))
            .build();
    Furthest furthest = replay(t, config, Way.UPDATER);
    assertTrue(furthest.sameBits, furthest.wherePeer);
  }

  private static Furthest replay(Trajectory t, RmsProp config, Way way) {
    Replay replay =
        switch (way) {
          case UPDATER -> Replay.ofUpdater(t, config);
          case NETWORK -> Replay.ofNetwork(t, config);
          case KERNEL -> Replay.ofKernel(t, config);
        };
    Map<String, double[]> peaks = new HashMap<>();
    peaks.put("param", magnitudes(t.start()));
    t.init()
        .forEach(
            (column, value) -> {
              double[] first = new double[t.start().length];
              Arrays.fill(first, Math.abs(value));
              peaks.put(column, first);
              if (replay.state.containsKey(Recipe.key(column))) {
                assertEquals(
                    Recipe.round(t, value),
                    replay.state.get(Recipe.key(column)).getDouble(0),
                    column + " before the first step");
              }
            });
    Furthest furthest = new Furthest();
    for (int step = 1; step <= t.steps(); step++) {
      INDArray gradient = Replay.array(t.type(), t.gradient(step));
      if (Recipe.sign(t) < 0) {
        gradient.negi();
      }
      replay.step(gradient, step);
      for (String column : peaks.keySet()) {
        double[] mine = column(t, replay, column);
        raise(peaks.get(column), mine);
        compare(t, furthest, step, column, mine, peaks.get(column));
      }
    }
    return furthest;
  }

  /** The values of a recorded column, in the framework's sign. */
  private static double[] column(Trajectory t, Replay replay, String column) {
    if (column.equals("param")) {
      return replay.params.toDoubleVector();
    }
    INDArray state = replay.state.get(Recipe.key(column));
    if (state == null && column.equals("mom")) {
      // TensorFlow keeps a momentum buffer also without momentum: it holds the update.
      state = replay.update;
    }
    double[] values = state.toDoubleVector();
    if (Recipe.sign(column) < 0) {
      for (int i = 0; i < values.length; i++) {
        values[i] = -values[i];
      }
    }
    return values;
  }

  private static double[] magnitudes(double[] values) {
    double[] magnitudes = new double[values.length];
    raise(magnitudes, values);
    return magnitudes;
  }

  private static void raise(double[] peaks, double[] values) {
    for (int i = 0; i < peaks.length; i++) {
      peaks[i] = Math.max(peaks[i], Math.abs(values[i]));
    }
  }

  private static void compare(
      Trajectory t, Furthest furthest, int step, String column, double[] mine, double[] peaks) {
    double[] peer = t.data().get("peer " + step + " " + column);
    double[] truth = t.data().get("truth " + step + " " + column);
    for (int i = 0; i < mine.length; i++) {
      if (peer != null) {
        double ulps = ulps(t, mine[i], peer[i], peaks[i]);
        boolean same = Double.doubleToLongBits(mine[i]) == Double.doubleToLongBits(peer[i]);
        if (ulps > furthest.peer || (!same && furthest.sameBits)) {
          furthest.wherePeer = where(step, column, i, mine[i], peer[i], ulps);
        }
        furthest.peer = Math.max(furthest.peer, ulps);
        furthest.sameBits &= same;
      }
      // Where the exact value is subnormal, a framework that flushes has nothing to say.
      if (truth != null && !(Recipe.flushesSubnormals(t) && t.isSubnormal(truth[i]))) {
        double ulps = ulps(t, mine[i], truth[i], peaks[i]);
        if (ulps > furthest.truth) {
          furthest.truth = ulps;
          furthest.whereTruth = where(step, column, i, mine[i], truth[i], ulps);
        }
        if (peer != null) {
          double[] both = furthest.fromTruth.computeIfAbsent(column, c -> new double[2]);
          both[0] = Math.max(both[0], ulps);
          both[1] = Math.max(both[1], ulps(t, peer[i], truth[i], peaks[i]));
        }
      }
    }
  }

  private static double ulps(Trajectory t, double a, double b, double peak) {
    double ulps = Math.abs(a - b) / t.ulp(peak);
    return Double.isNaN(ulps) ? Double.POSITIVE_INFINITY : ulps;
  }

  private static String where(
      int step, String column, int i, double mine, double expected, double ulps) {
    return "step "
        + step
        + ", "
        + column
        + "["
        + i
        + "] is "
        + mine
        + " and should be "
        + expected
        + ", "
        + ulps
        + " ulp of its peak";
  }
}
