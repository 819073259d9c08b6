package io.github.rmsprop4j.dl4j;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.graph.FlatGraph;

/** Saved models, written again with another updater. */
final class ModelFiles {
  /** Of some 40,000 layers: an LSTM takes 1.5 kB. */
  private static final int MAX_CONFIGURATION = 64 << 20;

  /** Which swap, knowing whether the file has updater state. */
  interface Swaps {
    UpdaterSwap<?> swap(boolean stateKept);
  }

  private interface Content {
    void writeTo(Path part) throws IOException;
  }

  private ModelFiles() {}

  /** Files and folders; the contract is that of {@link TrainedModels#fromBuiltIn(Path, Path)}. */
  static void convert(Path in, Path out, Swaps swaps) throws IOException {
    if (!Files.exists(in)) {
      throw new NoSuchFileException(in.toString());
    }
    if (Files.exists(out) && Files.isSameFile(in, out)) {
      throw new IllegalArgumentException(
          "in and out must be two files, since the input is not touched; got " + in + " twice");
    }
    if (!Files.isDirectory(in)) {
      whole(out, part -> convertFile(in, part, swaps));
      return;
    }
    if (Files.exists(out)) {
      throw new FileAlreadyExistsException(out + ": a folder is written to a new one");
    }
    whole(out, part -> convertFolder(in, part, swaps));
  }

  /** Written beside its place, and moved there when it is complete and on the disk. */
  private static void whole(Path out, Content content) throws IOException {
    Path part = out.resolveSibling(out.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      content.writeTo(part);
      Files.move(part, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      delete(part);
    }
  }

  private static void delete(Path part) throws IOException {
    if (Files.isDirectory(part)) {
      for (Path file : files(part)) {
        Files.delete(file);
      }
    }
    Files.deleteIfExists(part);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void convertFolder(Path in, Path part, Swaps swaps) throws IOException {
    Files.createDirectory(part);
    boolean any = false;
    for (Path file : files(in)) {
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException(file + ": the folder must hold files only");
      }
      Path copy = part.resolve(file.getFileName().toString());
      if (isModelZip(file)) {
        convertFile(file, copy, swaps);
        any = true;
      } else {
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        sync(copy);
      }
    }
    if (!any) {
      throw new IllegalArgumentException(
          in + ": there is no zip in it with a " + ModelSerializer.CONFIGURATION_JSON);
    }
  }

  private static boolean isModelZip(Path file) throws IOException {
    if (!isZip(file)) {
      return false;
    }
    try (ZipFile zip = open(file)) {
      return zip.getEntry(ModelSerializer.CONFIGURATION_JSON) != null;
    }
  }

  private static boolean isZip(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] start = bytes.readNBytes(2);
      return start.length == 2 && start[0] == 'P' && start[1] == 'K';
    }
  }

  private static ZipFile open(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new IOException(file + ": the zip is damaged: " + e.getMessage(), e);
    }
  }

  private static void convertFile(Path in, Path part, Swaps swaps) throws IOException {
    try {
      if (isZip(in)) {
        convertZip(in, part, swaps);
      } else {
        convertSameDiff(in, part, swaps);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(in + ": " + e.getMessage(), e);
    }
    sync(part);
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void convertZip(Path in, Path part, Swaps swaps) throws IOException {
    try (ZipFile zip = open(in)) {
      ZipEntry configuration = zip.getEntry(ModelSerializer.CONFIGURATION_JSON);
      if (configuration == null) {
        throw new IOException(
            in + ": there is no " + ModelSerializer.CONFIGURATION_JSON + " in the zip");
      }
      // Read and swapped before anything is written.
      boolean state = zip.getEntry(ModelSerializer.UPDATER_BIN) != null;
      byte[] swapped = swapped(in, zip, configuration, swaps.swap(state));
      try (OutputStream file = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW);
          ZipOutputStream copy = new ZipOutputStream(file)) {
        copy.setComment(zip.getComment());
        for (ZipEntry entry : Collections.list(zip.entries())) {
          if (entry.getName().equals(configuration.getName())) {
            ZipEntry changed = new ZipEntry(entry.getName());
            changed.setTime(entry.getTime());
            copy.putNextEntry(changed);
            copy.write(swapped);
          } else {
            copy(in, zip, entry, copy);
          }
          copy.closeEntry();
        }
      } catch (ZipException e) {
        throw new IOException(in + ": the zip is damaged: " + e.getMessage(), e);
      }
    }
  }

  private static void copy(Path in, ZipFile zip, ZipEntry entry, ZipOutputStream out)
      throws IOException {
    ZipEntry same = new ZipEntry(entry);
    if (same.getMethod() == ZipEntry.DEFLATED) {
      same.setCompressedSize(-1); // which may come out otherwise
    }
    out.putNextEntry(same);
    try (InputStream content = checked(in, zip, entry)) {
      content.transferTo(out);
    }
  }

  /** ZipFile does not compare checksums: damage would be copied, and get a right one. */
  private static InputStream checked(Path in, ZipFile zip, ZipEntry entry) throws IOException {
    CheckedInputStream content = new CheckedInputStream(zip.getInputStream(entry), new CRC32());
    return new FilterInputStream(content) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int n;
        try {
          n = super.read(bytes, offset, length);
        } catch (IOException e) {
          throw damaged(e.getMessage());
        }
        if (n < 0 && content.getChecksum().getValue() != entry.getCrc()) {
          throw damaged("its checksum is wrong");
        }
        return n;
      }

      private IOException damaged(String how) {
        return new IOException(in + ": " + entry.getName() + " in the zip is damaged: " + how);
      }
    };
  }

  private static byte[] swapped(Path in, ZipFile zip, ZipEntry entry, UpdaterSwap<?> swap)
      throws IOException {
    checkSize(in, entry.getName(), entry.getSize());
    byte[] content;
    try (InputStream bytes = checked(in, zip, entry)) {
      content = bytes.readNBytes(MAX_CONFIGURATION + 1);
    }
    checkSize(in, entry.getName(), content.length); // what the entry says may be a lie
    // Deeplearning4j writes in the platform's charset: each byte as a char, and so back again.
    String json = new String(content, StandardCharsets.ISO_8859_1);
    try {
      return swap.json(json).getBytes(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IOException(
          in + ": " + entry.getName() + " cannot be read: " + firstLine(e.getMessage()), e);
    }
  }

  private static void checkSize(Path in, String name, long size) throws IOException {
    if (size > MAX_CONFIGURATION) {
      throw new IOException(
          in + ": " + name + " must have at most " + MAX_CONFIGURATION + " bytes, got " + size);
    }
  }

  private static String firstLine(String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("");
  }

  private static void convertSameDiff(Path in, Path part, Swaps swaps) throws IOException {
    SameDiff model;
    try {
      checkCounts(in);
      model = SameDiff.load(in.toFile(), true);
    } catch (RuntimeException e) {
      // FlatBuffers have no mark and no checksum: anything may come of other bytes.
      throw new IOException(
          in + ": is neither a zip that Deeplearning4j saved nor a model of SameDiff: " + e, e);
    }
    TrainedModels.swap(model, swaps.swap(model.getUpdaterMap() != null));
    model.save(part.toFile(), true);
  }

  /** Lists of as many as a hostile file says would be allocated. */
  private static void checkCounts(Path in) throws IOException {
    if (Files.size(in) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a model of SameDiff has at most 2147483647 bytes");
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(in)).order(ByteOrder.LITTLE_ENDIAN);
    FlatGraph graph = FlatGraph.getRootAsFlatGraph(bytes);
    int most = bytes.capacity() / Integer.BYTES;
    for (int count :
        new int[] {
          graph.nodesLength(),
          graph.variablesLength(),
          graph.placeholdersLength(),
          graph.updaterStateLength()
        }) {
      if (count < 0 || count > most) {
        throw new IllegalArgumentException("it says that it has " + count + " parts");
      }
    }
  }
}
