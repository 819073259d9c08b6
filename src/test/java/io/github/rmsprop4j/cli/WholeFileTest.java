package io.github.rmsprop4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class WholeFileTest {
  @TempDir private Path folder;

  @Test
  void replacesTheOldFileWithAWholeNewOne() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "old");
    WholeFile.write(
        target,
        part -> {
          Files.writeString(part, "new");
          assertEquals("old", Files.readString(target), "until the new one is whole");
        });
    assertEquals("new", Files.readString(target));
    assertEquals(List.of(target), list());
  }

  @Test
  void leavesTheOldFileWhenWritingBreaksOff() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "old");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                WholeFile.write(
                    target,
                    part -> {
                      Files.writeString(part, "ne");
                      throw new IOException("No space left on device");
                    }));
    assertEquals(
        target + ": cannot be written: java.io.IOException: No space left on device",
        e.getMessage());
    assertEquals("old", Files.readString(target));
    assertEquals(List.of(target), list());
  }

  @Test
  void leavesNothingWhenTheProgramFails() throws IOException {
    assertThrows(
        IllegalStateException.class,
        () ->
            WholeFile.write(
                folder.resolve("target"),
                part -> {
                  Files.writeString(part, "ne");
                  throw new IllegalStateException();
                }));
    assertEquals(List.of(), list());
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
