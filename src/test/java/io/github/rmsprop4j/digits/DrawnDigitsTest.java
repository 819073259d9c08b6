package io.github.rmsprop4j.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class DrawnDigitsTest {
  @Test
  void areTheSameForTheSameSeed() {
    MnistData once = DrawnDigits.draw(200, 100, 5);
    MnistData again = DrawnDigits.draw(200, 100, 5);
    assertArrayEquals(once.train().pixels(), again.train().pixels());
    assertArrayEquals(once.test().pixels(), again.test().pixels());
    assertArrayEquals(once.train().labels(), again.train().labels());
  }

  /** The pixels themselves, so that no machine and no release draws others unnoticed. */
  @Test
  void areTheSameEverywhere() {
    byte[] all = new byte[50 * 784];
    byte[][] pixels = DrawnDigits.draw(50, 0, 42).train().pixels();
    for (int i = 0; i < pixels.length; i++) {
      System.arraycopy(pixels[i], 0, all, i * 784, 784);
    }
    assertEquals("0db774f53dc8d206feffc4ea5e108c2e", MnistFiles.md5(all));
  }

  @Test
  void areOthersForAnotherSeedAndForTheTest() {
    MnistData one = DrawnDigits.draw(100, 100, 5);
    MnistData other = DrawnDigits.draw(100, 100, 6);
    for (int i = 0; i < 100; i++) {
      assertFalse(Arrays.equals(one.train().pixels()[i], other.train().pixels()[i]));
      assertFalse(Arrays.equals(one.train().pixels()[i], one.test().pixels()[i]));
    }
  }

  @Test
  void aSmallSetIsTheBeginningOfALargeOne() {
    MnistData small = DrawnDigits.draw(30, 20, 5);
    MnistData large = DrawnDigits.draw(70, 20, 5);
    assertArrayEquals(small.train().pixels(), large.train().first(30).pixels());
    assertArrayEquals(small.test().pixels(), large.test().pixels());
  }

  @Test
  void areAsManyOfEachDigit() {
    int[] counts = new int[10];
    for (int label : DrawnDigits.draw(1000, 0, 5).train().labels()) {
      counts[label]++;
    }
    for (int count : counts) {
      assertEquals(100, count);
    }
  }

  /** Neither empty nor full images: most of the paper stays free. */
  @Test
  void lookLikeWriting() {
    for (byte[] image : DrawnDigits.draw(1000, 0, 5).train().pixels()) {
      assertEquals(784, image.length);
      double ink = 0;
      for (byte pixel : image) {
        ink += (pixel & 0xff) / 255.0;
      }
      assertTrue(ink > 10 && ink < 350, "ink of " + ink + " full pixels");
    }
  }

  /** They can be told apart by the crudest means, but not well. */
  @Test
  void areNeitherHopelessNorTrivial() {
    MnistData data = DrawnDigits.draw(5000, 1000, 5);
    double[][] mean = new double[10][784];
    for (int i = 0; i < data.train().count(); i++) {
      for (int p = 0; p < 784; p++) {
        mean[data.train().labels()[i]][p] += (data.train().pixels()[i][p] & 0xff) / 500.0;
      }
    }
    int right = 0;
    for (int i = 0; i < data.test().count(); i++) {
      int nearest = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int digit = 0; digit < 10; digit++) {
        double distance = 0;
        for (int p = 0; p < 784; p++) {
          double d = (data.test().pixels()[i][p] & 0xff) - mean[digit][p];
          distance += d * d;
        }
        if (distance < least) {
          least = distance;
          nearest = digit;
        }
      }
      right += nearest == data.test().labels()[i] ? 1 : 0;
    }
    assertTrue(
        right > 500 && right < 800, right + " of 1000 are nearest to the mean of their digit");
  }
}
