package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the policies say of what they kept out. */
class SkippedTest {
  private static final int N = 20;

  private static INDArray gradient(DataType type) {
    INDArray gradient = Nd4j.ones(type, 4, 5);
    gradient.putScalar(3, Double.NaN);
    gradient.putScalar(7, Double.POSITIVE_INFINITY);
    gradient.putScalar(19, Double.NEGATIVE_INFINITY);
    return gradient;
  }

  private static RmsPropUpdater updater(NonFinitePolicy policy, DataType type) {
    return RmsProp.builder().nonFinite(policy).build().instantiate(Nd4j.ones(type, N), false);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void elementsAreCountedOneByOne(DataType type) {
    long before = NonFinitePolicy.ZERO_ELEMENT.skipped();
    RmsPropUpdater updater = updater(NonFinitePolicy.ZERO_ELEMENT, type);
    updater.applyUpdater(gradient(type), 0, 0);
    updater.applyUpdater(Nd4j.ones(type, N), 1, 0);
    updater.applyUpdater(gradient(type), 2, 0);
    assertEquals(before + 6, NonFinitePolicy.ZERO_ELEMENT.skipped());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void updatesAreCountedAsOne(DataType type) {
    long skipped = NonFinitePolicy.SKIP_STEP.skipped();
    RmsPropUpdater skipping = updater(NonFinitePolicy.SKIP_STEP, type);
    skipping.applyUpdater(gradient(type), 0, 0);
    skipping.applyUpdater(gradient(type), 1, 0);
    skipping.applyUpdater(Nd4j.ones(type, N), 2, 0);
    assertEquals(skipped + 2, NonFinitePolicy.SKIP_STEP.skipped());

    long refused = NonFinitePolicy.THROW.skipped();
    RmsPropUpdater refusing = updater(NonFinitePolicy.THROW, type);
    assertThrows(ArithmeticException.class, () -> refusing.applyUpdater(gradient(type), 0, 0));
    assertEquals(refused + 1, NonFinitePolicy.THROW.skipped());
  }

  @Test
  void theFirstElementCountsToo() {
    long before = NonFinitePolicy.SKIP_STEP.skipped();
    INDArray gradient = Nd4j.ones(DataType.FLOAT, N).putScalar(0, Float.NaN);
    updater(NonFinitePolicy.SKIP_STEP, DataType.FLOAT).applyUpdater(gradient, 0, 0);
    assertEquals(before + 1, NonFinitePolicy.SKIP_STEP.skipped());
    assertEquals(Nd4j.zeros(DataType.FLOAT, N), gradient);
  }

  @Test
  void propagatingDoesNotLook() {
    updater(NonFinitePolicy.PROPAGATE, DataType.FLOAT).applyUpdater(gradient(DataType.FLOAT), 0, 0);
    assertEquals(0, NonFinitePolicy.PROPAGATE.skipped());
  }

  @Test
  void noCountIsLostBetweenThreads() throws InterruptedException {
    long before = NonFinitePolicy.SKIP_STEP.skipped();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          RmsPropUpdater updater =
                              updater(NonFinitePolicy.SKIP_STEP, DataType.FLOAT);
                          INDArray gradient = gradient(DataType.FLOAT);
                          INDArray work = gradient.dup();
                          awaitQuietly(start);
                          for (int step = 0; step < 50; step++) {
                            updater.applyUpdater(work.assign(gradient), step, 0);
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(before + 400, NonFinitePolicy.SKIP_STEP.skipped());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A thousand skipped steps are a few lines, however many there were before this test. */
  @Test
  void logsAtPowersOfTen() {
    long before = NonFinitePolicy.SKIP_STEP.skipped();
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      RmsPropUpdater updater = updater(NonFinitePolicy.SKIP_STEP, DataType.FLOAT);
      INDArray gradient = gradient(DataType.FLOAT);
      INDArray work = gradient.dup();
      for (int step = 0; step < 1000; step++) {
        updater.applyUpdater(work.assign(gradient), step, 0);
      }
    } finally {
      System.setErr(err);
    }
    List<String> lines =
        said.toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("NonFinitePolicy.SKIP_STEP"))
            .toList();
    List<Long> told =
        IntStream.range(0, 10)
            .mapToObj(i -> Math.round(Math.pow(10, i)))
            .filter(n -> before < n && n <= before + 1000)
            .toList();
    assertEquals(told.size(), lines.size(), said::toString);
    for (int i = 0; i < told.size(); i++) {
      long step = told.get(i) - before - 1;
      String expected =
          "NonFinitePolicy.SKIP_STEP, updates skipped so far: "
              + told.get(i)
              + "; the latest for NaN at element 3 of 20, iteration "
              + step
              + ", epoch 0; next told at "
              + 10 * told.get(i);
      assertEquals(expected, lines.get(i).substring(lines.get(i).indexOf("NonFinitePolicy.")));
    }
  }
}
