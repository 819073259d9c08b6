package io.github.rmsprop4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files all or not at all. */
public final class WholeFile {
  /** Fills a file that is not there yet. */
  public interface Content {
    /** Writes the whole of it. */
    void writeTo(Path file) throws IOException;
  }

  private WholeFile() {}

  /**
   * The content is written beside the target and takes its name when it is complete; whatever goes
   * wrong, nothing is left behind and an older target stays as it was.
   */
  public static void write(Path target, Content content) throws IOException {
    Path part = target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid());
    try {
      content.writeTo(part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IOException(target + ": cannot be written: " + e, e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Makes a folder if it is not there, and fails unless files can be written to it. */
  public static void checkFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.delete(Files.createTempFile(folder, "check", null));
  }
}
