package io.github.rmsprop4j.digits;

import java.util.zip.CRC32;

/**
 * What the example trains and tests on.
 *
 * @param name what the images are, for people
 */
public record MnistData(Digits train, Digits test, String name) {
  /** {@return a CRC-32 of all images and labels} */
  public long checksum() {
    CRC32 crc = new CRC32();
    for (Digits digits : new Digits[] {train, test}) {
      for (int i = 0; i < digits.count(); i++) {
        crc.update(digits.pixels()[i]);
        crc.update(digits.labels()[i]);
      }
    }
    return crc.getValue();
  }
}
