package io.github.rmsprop4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class WholeFileTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

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

  @Test
  void sweepsWhatKilledProgramsLeftAndNothingElse() throws Exception {
    Process ended = new ProcessBuilder(JAVA, "-version").start();
    ended.waitFor();
    Process running = new ProcessBuilder(JAVA, "--source", "17", "/dev/stdin").start();
    Path target = folder.resolve("target");
    try {
      Files.writeString(folder.resolve("target." + ended.pid()), "of a process that has ended");
      Path reused = Files.writeString(folder.resolve("target.1"), "older than the process");
      Files.setLastModifiedTime(reused, FileTime.fromMillis(0));
      Path live = Files.writeString(folder.resolve("target." + running.pid()), "being written");
      Path other = Files.writeString(folder.resolve("target.txt"), "of the user");
      WholeFile.check(target);
      assertEquals(Set.of(live, other), Set.copyOf(list()));
    } finally {
      running.destroy();
    }
  }

  @Test
  void refusesATargetThatIsAFolder() throws IOException {
    Path target = Files.createDirectory(folder.resolve("target"));
    FileSystemException e = assertThrows(FileSystemException.class, () -> WholeFile.check(target));
    assertEquals(target + ": is a folder, a file is expected", e.getMessage());
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
