package io.github.rmsprop4j.dl4j;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.graph.FlatGraph;

/** Saved models, written again with another updater. */
final class ModelFiles {
  private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;

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
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder + ", where to write " + out.getFileName());
    }
    if (Files.isDirectory(out) || Files.isDirectory(in) && Files.exists(out)) {
      throw new FileAlreadyExistsException(out.toString());
    }
    if (Files.isDirectory(in)) {
      whole(out, part -> convertFolder(in, part, swaps));
    } else {
      whole(out, part -> convertFile(in, part, swaps));
    }
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
      throw new IllegalArgumentException(in + ": there is no zip in it with a " + CONFIGURATION);
    }
  }

  private static boolean isModelZip(Path file) throws IOException {
    return isZip(file) && listed(file).contains(CONFIGURATION);
  }

  private static boolean isZip(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] start = bytes.readNBytes(2);
      return start.length == 2 && start[0] == 'P' && start[1] == 'K';
    }
  }

  /** The entries that the directory at the end of the zip lists. */
  private static Set<String> listed(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry configuration = zip.getEntry(CONFIGURATION);
      if (configuration != null) {
        checkSize(file, configuration.getSize());
      }
      return zip.stream().map(ZipEntry::getName).collect(Collectors.toSet());
    } catch (ZipException e) {
      throw damaged(file, e.getMessage());
    } catch (EOFException e) { // its directory is said to lie before its beginning
      throw damaged(file, "it ends too early");
    }
  }

  private static void checkSize(Path file, long size) throws IOException {
    if (size > MAX_CONFIGURATION) {
      throw new IOException(
          file
              + ": "
              + CONFIGURATION
              + " must have at most "
              + MAX_CONFIGURATION
              + " bytes, got "
              + size);
    }
  }

  private static IOException damaged(Path file, String how) {
    return new IOException(file + ": the zip is damaged: " + how);
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
    Set<String> listed = listed(in);
    Set<String> found = new HashSet<>();
    AtomicReference<byte[]> configuration = new AtomicReference<>();
    // First all is read, which compares the checksums, and nothing is written.
    forEachEntry(
        in,
        (entry, content) -> {
          found.add(entry.getName());
          if (entry.getName().equals(CONFIGURATION)) {
            configuration.set(content.readNBytes(MAX_CONFIGURATION + 1));
            checkSize(in, configuration.get().length); // the directory may lie
          }
        });
    if (!found.equals(listed)) {
      throw damaged(in, "its directory lists " + listed + ", and there are " + found);
    }
    if (configuration.get() == null) {
      throw new IOException(in + ": there is no " + CONFIGURATION + " in the zip");
    }
    boolean stateKept = found.contains(ModelSerializer.UPDATER_BIN);
    byte[] swapped = swapped(in, configuration.get(), swaps.swap(stateKept));
    try (OutputStream file = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW);
        ZipOutputStream copy = new ZipOutputStream(new BufferedOutputStream(file))) {
      forEachEntry(
          in,
          (entry, content) -> {
            if (entry.getName().equals(CONFIGURATION)) {
              ZipEntry changed = new ZipEntry(CONFIGURATION);
              changed.setTime(entry.getTime());
              copy.putNextEntry(changed);
              copy.write(swapped);
            } else {
              ZipEntry same = new ZipEntry(entry);
              if (same.getMethod() == ZipEntry.DEFLATED) {
                same.setCompressedSize(-1); // which may come out otherwise
              }
              copy.putNextEntry(same);
              content.transferTo(copy);
            }
            copy.closeEntry();
          });
    }
  }

  private interface EntryReader {
    void read(ZipEntry entry, InputStream content) throws IOException;
  }

  /** As Deeplearning4j reads them; of ZipFile, nothing would compare the checksums. */
  private static void forEachEntry(Path in, EntryReader reader) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(in));
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        reader.read(entry, zip);
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw damaged(in, e.getMessage()); // the last one of a name that is none
    }
  }

  private static byte[] swapped(Path in, byte[] configuration, UpdaterSwap<?> swap)
      throws IOException {
    // Deeplearning4j writes in the platform's charset: each byte as a char, and so back again.
    String json = new String(configuration, StandardCharsets.ISO_8859_1);
    try {
      return swap.json(json).getBytes(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IOException(
          in + ": " + CONFIGURATION + " cannot be read: " + firstLine(e.getMessage()), e);
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
