package io.github.rmsprop4j.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes files all or not at all, whatever happens to the program or the machine. */
public final class WholeFile {
  /** Fills a file that is not there yet. */
  public interface Content {
    /** Writes the whole of it. */
    void writeTo(Path file) throws IOException;
  }

  private WholeFile() {}

  /**
   * The content is written beside the target and takes its name when it is complete and on the
   * disk; whatever goes wrong, an older target stays as it was. Only a killed program leaves
   * something behind, for {@link #check} to sweep.
   */
  public static void write(Path target, Content content) throws IOException {
    Path part = part(target);
    try {
      content.writeTo(part);
      sync(part, StandardOpenOption.WRITE);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncFolder(target);
    } catch (IOException e) {
      throw new IOException(target + ": cannot be written: " + e, e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Sees to it that {@link #write} can be called later, before much work is done for its content:
   * makes the folder, sweeps what killed programs left of this target, and fails unless files can
   * be written to the folder and the target is free or a file.
   */
  public static void check(Path target) throws IOException {
    checkFolder(target.toAbsolutePath().getParent());
    sweep(target);
    if (Files.isDirectory(target)) {
      throw new FileSystemException(target.toString(), null, "is a folder, a file is expected");
    }
  }

  /** Makes a folder if it is not there, and fails unless files can be written to it. */
  public static void checkFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path probe = folder.resolve("check");
    sweep(probe);
    Files.delete(Files.createFile(part(probe)));
  }

  /** Deletes what programs that run no longer have left of a target. */
  public static void sweep(Path target) throws IOException {
    Pattern parts = Pattern.compile(Pattern.quote(target.getFileName() + ".") + "[0-9]{1,18}");
    try (Stream<Path> siblings = Files.list(target.toAbsolutePath().getParent())) {
      for (Path file : (Iterable<Path>) siblings::iterator) {
        if (parts.matcher(file.getFileName().toString()).matches()
            && Files.isRegularFile(file)
            && !isBeingWritten(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Path part(Path target) {
    return target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid());
  }

  /** Numbers of processes are given out again, in containers soon. */
  private static boolean isBeingWritten(Path part) throws IOException {
    String name = part.getFileName().toString();
    long pid = Long.parseLong(name.substring(name.lastIndexOf('.') + 1));
    Optional<ProcessHandle> writer = ProcessHandle.of(pid);
    if (writer.isEmpty()) {
      return false;
    }
    Instant written = Files.getLastModifiedTime(part).toInstant();
    return writer.get().info().startInstant().map(written::isAfter).orElse(true);
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /** A new name is on the disk when its folder is. */
  private static void syncFolder(Path file) throws IOException {
    try {
      sync(file.toAbsolutePath().getParent(), StandardOpenOption.READ);
    } catch (AccessDeniedException e) {
      // Windows opens no folders and needs none of this.
    }
  }
}
