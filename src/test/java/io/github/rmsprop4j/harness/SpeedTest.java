package io.github.rmsprop4j.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** The table, and what it says of times that no updater can explain. */
class SpeedTest {
  private static Speed speed(double millis) {
    return new Speed(
        "kernel (why); off",
        DataType.FLOAT,
        1234,
        10,
        List.of(
            new Speed.Row("built-in", 20, OptionalDouble.of(10), 1),
            new Speed.Row("simd", millis, OptionalDouble.of(1), 20 / millis),
            new Speed.Row("one pass", 10, OptionalDouble.empty(), 2)));
  }

  @Test
  void aQuietMachineNeedsNoWord() {
    assertEquals(
        List.of(
            "kernel (why)",
            "off",
            "1,234 FLOAT parameters; ms for a mini-batch, medians of 10 rounds",
            "",
            "updater     mini-batch     updater   everything else     times as fast",
            "built-in        20.000      10.000            10.000              1.00",
            "simd            11.000       1.000            10.000              1.82",
            "one pass        10.000           -                 -              2.00"),
        speed(11).toString().lines().toList());
  }

  @Test
  void aBusyOneIsTold() {
    assertEquals(
        List.of(
            "",
            "Everything else is the same work in each row and differs by 50 %: the machine",
            "was busy. Compare the updaters, or repeat this on a quiet one."),
        speed(16).toString().lines().skip(8).toList());
  }
}
