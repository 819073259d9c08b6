package io.github.rmsprop4j.reliability;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every input in the corpus, and a few thousand near them. {@code mvn -Pfuzz} looks further, and
 * writes what it finds into the corpus, where this test finds it again.
 */
class DoorTest {
  private static final int MUTANTS = 60;

  @TestFactory
  Stream<DynamicTest> standsTheCorpus() {
    return Stream.of(Door.values())
        .flatMap(
            door ->
                files(door).stream()
                    .map(
                        file ->
                            dynamicTest(
                                door + ", " + file.getFileName(),
                                () -> door.open(Files.readAllBytes(file)))));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KERAS_HDF5") // which is native code
  void standsWhatIsNearTheCorpus(Door door) throws IOException {
    Random random = new Random(door.name().hashCode());
    for (Path file : files(door)) {
      byte[] seed = Files.readAllBytes(file);
      for (int i = 0; i < MUTANTS; i++) {
        byte[] mutant = mutate(seed, random);
        try {
          door.open(mutant);
        } catch (Throwable e) {
          Path kept = Files.write(Path.of("target", "door-" + door + "-" + i), mutant);
          throw new AssertionError(door + " does not stand " + kept + ", from " + file, e);
        }
      }
    }
  }

  /** A few bytes changed, taken out, doubled, or taken from elsewhere in the same input. */
  private static byte[] mutate(byte[] seed, Random random) {
    byte[] mutant = seed.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && mutant.length > 1; changes--) {
      int from = random.nextInt(mutant.length);
      int length = 1 + random.nextInt(Math.min(8, mutant.length - from));
      int to = random.nextInt(mutant.length - length + 1);
      switch (random.nextInt(4)) {
        case 0 -> mutant[from] = (byte) random.nextInt(256);
        case 1 -> System.arraycopy(mutant, from, mutant, to, length);
        case 2 -> {
          byte[] shorter = new byte[mutant.length - length];
          System.arraycopy(mutant, 0, shorter, 0, from);
          System.arraycopy(mutant, from + length, shorter, from, shorter.length - from);
          mutant = shorter;
        }
        default -> {
          byte[] longer = new byte[mutant.length + length];
          System.arraycopy(mutant, 0, longer, 0, from + length);
          System.arraycopy(mutant, from, longer, from + length, mutant.length - from);
          mutant = longer;
        }
      }
    }
    return mutant;
  }

  private static List<Path> files(Door door) {
    try (Stream<Path> files = Files.list(door.corpus())) {
      List<Path> sorted = files.sorted().toList();
      assertFalse(sorted.isEmpty(), "no corpus in " + door.corpus());
      return sorted;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
