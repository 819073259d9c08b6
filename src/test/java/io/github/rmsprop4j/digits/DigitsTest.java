package io.github.rmsprop4j.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

@Tag("once")
class DigitsTest {
  private static final Digits DIGITS = DrawnDigits.draw(50, 0, 3).train();

  @Test
  void everyImageIsInABatchAndTheLastIsShort() {
    DataSetIterator batches = DIGITS.batches(16);
    int seen = 0;
    for (int size : new int[] {16, 16, 16, 2}) {
      DataSet batch = batches.next();
      assertArrayEquals(new long[] {size, 784}, batch.getFeatures().shape());
      assertArrayEquals(new long[] {size, 10}, batch.getLabels().shape());
      for (int i = 0; i < size; i++, seen++) {
        for (int p = 0; p < 784; p++) {
          float expected = (DIGITS.pixels()[seen][p] & 0xff) / 255f;
          assertEquals(expected, batch.getFeatures().getFloat(i, p));
        }
        for (int digit = 0; digit < 10; digit++) {
          int expected = digit == DIGITS.labels()[seen] ? 1 : 0;
          assertEquals(expected, batch.getLabels().getFloat(i, digit));
        }
      }
    }
    assertEquals(50, seen);
    assertEquals(false, batches.hasNext());
  }

  @Test
  void shufflesByTheSeedAlone() {
    List<String> once = images(DIGITS.shuffled(16, 1));
    assertEquals(once, images(DIGITS.shuffled(16, 1)));
    assertNotEquals(once, images(DIGITS.shuffled(16, 2)));
    assertNotEquals(once, images(DIGITS.batches(16)));
    assertEquals(sorted(images(DIGITS.batches(16))), sorted(once));
  }

  private static List<String> images(DataSetIterator batches) {
    List<String> images = new ArrayList<>();
    while (batches.hasNext()) {
      DataSet batch = batches.next();
      for (int i = 0; i < batch.numExamples(); i++) {
        images.add(batch.get(i).getLabels() + " " + batch.get(i).getFeatures().toStringFull());
      }
    }
    return images;
  }

  private static List<String> sorted(List<String> images) {
    return images.stream().sorted().toList();
  }
}
