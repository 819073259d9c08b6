package io.github.rmsprop4j.digits;

import io.github.rmsprop4j.digits.MnistFiles.Idx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The four files of a small data set in the format of MNIST, and ways to put them on a disk. */
public final class IdxFolder {
  static final MnistData DATA = DrawnDigits.draw(30, 20, 7);

  /** Unzipped content by name, in the order of {@link MnistFiles#MNIST}. */
  static final Map<String, byte[]> CONTENT = content();

  /** What {@link MnistFiles} must be told to accept it. */
  public static final List<Idx> FILES =
      CONTENT.entrySet().stream()
          .map(file -> new Idx(file.getKey(), MnistFiles.md5(file.getValue())))
          .toList();

  private IdxFolder() {}

  private static Map<String, byte[]> content() {
    Map<String, byte[]> content = new LinkedHashMap<>();
    content.put(MnistFiles.MNIST.get(0).name(), images(DATA.train()));
    content.put(MnistFiles.MNIST.get(1).name(), labels(DATA.train()));
    content.put(MnistFiles.MNIST.get(2).name(), images(DATA.test()));
    content.put(MnistFiles.MNIST.get(3).name(), labels(DATA.test()));
    return content;
  }

  private static byte[] images(Digits digits) {
    ByteBuffer idx = ByteBuffer.allocate(16 + digits.count() * 784);
    idx.putInt(2051).putInt(digits.count()).putInt(28).putInt(28);
    for (byte[] image : digits.pixels()) {
      idx.put(image);
    }
    return idx.array();
  }

  private static byte[] labels(Digits digits) {
    ByteBuffer idx = ByteBuffer.allocate(8 + digits.count());
    idx.putInt(2049).putInt(digits.count());
    for (int label : digits.labels()) {
      idx.put((byte) label);
    }
    return idx.array();
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  public static Path writePlain(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : CONTENT.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  static Path writeZipped(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : CONTENT.entrySet()) {
      Files.write(folder.resolve(file.getKey() + ".gz"), gzip(file.getValue()));
    }
    return folder;
  }
}
