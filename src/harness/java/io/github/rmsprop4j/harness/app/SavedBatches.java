package io.github.rmsprop4j.harness.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Mini-batches that {@code DataSet.save} and {@code MultiDataSet.save} have written. */
final class SavedBatches {
  /** A DataSet begins with one byte of flags, of which there are six. */
  private static final int FLAGS = 1 << 6;

  /** Features, labels, and their masks; bit 2 says that labels are the features. */
  private static final int ARRAY_FLAGS = 0b11011;

  /** Features, labels and masks of both. */
  private static final int KINDS = 4;

  private static final int MAX_ARRAYS = 10_000;

  private SavedBatches() {}

  /**
   * Reads them.
   *
   * @param path a file, or a folder whose visible files are all read, in the order of their names
   * @throws IllegalArgumentException if there is none, or a file is something else
   */
  static List<MultiDataSet> read(Path path) throws IOException {
    List<MultiDataSet> batches = new ArrayList<>();
    for (Path file : files(path)) {
      batches.add(batch(file));
    }
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("--data must have files in it, got " + path);
    }
    return batches;
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  /** A MultiDataSet begins with the number of its inputs in four bytes, of which the first is 0. */
  private static MultiDataSet batch(Path file) throws IOException {
    int first;
    try (InputStream in = Files.newInputStream(file)) {
      first = in.read();
    }
    try {
      checkHeaders(file, first);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(message(file) + ": " + e.getMessage(), e);
    }
    try {
      MultiDataSet batch = null;
      if (first == 0) {
        batch = new org.nd4j.linalg.dataset.MultiDataSet();
        batch.load(file.toFile());
      } else if (first > 0 && first < FLAGS) {
        DataSet single = new DataSet();
        single.load(file.toFile());
        batch = single.toMultiDataSet();
      }
      if (batch != null && batch.getFeatures() != null && batch.getLabels() != null) {
        return batch;
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) { // whatever the bytes led to
      throw new IllegalArgumentException(message(file) + ": " + e, e);
    }
    throw new IllegalArgumentException(message(file));
  }

  /** That the arrays are as long as they say, before any of them is allocated. */
  private static void checkHeaders(Path file, int first) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      ArrayHeaders headers = new ArrayHeaders(in, Files.size(file));
      long arrays = 0;
      if (first == 0) {
        for (int i = 0; i < KINDS; i++) {
          int count = headers.in().readInt();
          if (count < 0 || count > MAX_ARRAYS) {
            throw new IOException("it must have at most " + MAX_ARRAYS + " arrays, got " + count);
          }
          arrays += count;
        }
      } else {
        arrays = Integer.bitCount(headers.in().readByte() & ARRAY_FLAGS);
      }
      for (long i = 0; i < arrays; i++) {
        headers.check();
      }
    }
  }

  private static String message(Path file) {
    return "--data must be what DataSet.save or MultiDataSet.save wrote, with features and labels,"
        + " got "
        + file;
  }
}
