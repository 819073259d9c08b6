package io.github.rmsprop4j.digits;

import io.github.rmsprop4j.cli.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Finds the four MNIST files: in a folder that the user names, in the cache, or on a mirror.
 *
 * <p>Every file is checked whole, down to its MD5; DL4J's own reader takes a file at its word. What
 * is named by the user is never changed, and never replaced by another source when something is
 * wrong with it.
 */
public final class MnistFiles {
  /** The names the files are published under, and the MD5s of their unzipped content. */
  public static final List<Idx> MNIST =
      List.of(
          new Idx("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"),
          new Idx("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"),
          new Idx("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"),
          new Idx("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"));

  static final List<String> MIRRORS =
      List.of(
          "https://ossci-datasets.s3.amazonaws.com/mnist/",
          "https://storage.googleapis.com/cvdf-datasets/mnist/",
          "https://azureopendatastorage.blob.core.windows.net/mnist/");

  private static final int IMAGE_MAGIC = 2051;
  private static final int LABEL_MAGIC = 2049;
  private static final int IMAGE_HEADER = 16;
  private static final int LABEL_HEADER = 8;

  private static final int CONNECT_MILLIS = 4_000;
  private static final int READ_MILLIS = 10_000;

  /** More than any of the files has; all of them fit in an array. */
  private static final int MAX_ENTRIES = 100_000;

  /** No answer is read beyond this: the largest file has 10 MB. */
  private static final int MAX_BYTES = 64 << 20;

  /** A file in the format of the MNIST page, known by name and by the MD5 of its content. */
  public record Idx(String name, String md5) {
    boolean holdsImages() {
      return name.contains("images");
    }
  }

  private final List<Idx> files;
  private final List<String> mirrors;
  private final Map<String, String> environment;
  private final Path cache;

  public MnistFiles(
      List<Idx> files, List<String> mirrors, Map<String, String> environment, Path home) {
    this.files = files;
    this.mirrors = mirrors;
    this.environment = environment;
    this.cache = home.resolve(".rmsprop4j").resolve("mnist");
  }

  /** MNIST itself, with this machine's environment, home folder and network. */
  public static MnistFiles ofThisMachine() {
    return new MnistFiles(
        MNIST, MIRRORS, System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /**
   * Reads MNIST from the first of: {@code data}, the folder in the environment variable {@code
   * MNIST_DIR}, the cache in the home folder, the mirrors.
   *
   * @param data a folder, or null
   * @param out told where the files are, of downloads and of what went wrong with them
   * @return empty if no folder was named and no mirror could give the files
   * @throws IOException if something is wrong with a named folder; the message is meant for its
   *     owner
   */
  public Optional<MnistData> load(Path data, PrintWriter out) throws IOException {
    if (data != null) {
      return Optional.of(read(data, "--data", out));
    }
    String fromEnvironment = environment.getOrDefault("MNIST_DIR", "");
    if (!fromEnvironment.isEmpty()) {
      return Optional.of(read(Path.of(fromEnvironment), "MNIST_DIR", out));
    }
    List<Idx> missing = notInCache(out);
    if (!missing.isEmpty() && !download(missing, out)) {
      return Optional.empty();
    }
    return Optional.of(read(cache, "cache", out));
  }

  private MnistData read(Path folder, String namedBy, PrintWriter out) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(namedBy + " must be a folder with the MNIST files, got " + folder);
    }
    List<byte[]> content = new ArrayList<>();
    for (Idx file : files) {
      content.add(contentOf(find(folder, file.name), file));
    }
    expectAsManyLabels(content, 0);
    expectAsManyLabels(content, 2);
    MnistData mnist =
        new MnistData(
            parse(content.get(0), content.get(1)), parse(content.get(2), content.get(3)), "MNIST");
    out.println("MNIST from " + folder);
    return mnist;
  }

  private static Path find(Path folder, String name) throws IOException {
    String dotted = name.replace("-idx", ".idx");
    for (String candidate : List.of(name, dotted, name + ".gz", dotted + ".gz")) {
      Path path = folder.resolve(candidate);
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    throw new IOException(
        folder.resolve(name) + ": no such file, nor " + dotted + ", nor either with .gz");
  }

  private static boolean isZipped(Path file) {
    return file.toString().endsWith(".gz");
  }

  /** The unzipped content, checked. */
  private static byte[] contentOf(Path path, Idx file) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return isZipped(path)
          ? unzip(path.toString(), in, Files.size(path), file)
          : read(path.toString(), in, file);
    } catch (FileSystemException e) {
      throw new IOException(path + ": cannot be read: " + e, e);
    }
  }

  private static byte[] unzip(String name, InputStream zipped, long size, Idx file)
      throws IOException {
    try (InputStream in = new GZIPInputStream(zipped)) {
      return read(name, in, file);
    } catch (EOFException | ZipException e) {
      throw new IOException(
          name + ": " + size + " bytes, expected a whole gzip file: " + e.getMessage(), e);
    }
  }

  /**
   * Reads what the header announces and not more, and checks all of it.
   *
   * @throws IOException naming the file, what was found and what was expected
   */
  private static byte[] read(String name, InputStream in, Idx file) throws IOException {
    int header = file.holdsImages() ? IMAGE_HEADER : LABEL_HEADER;
    byte[] start = in.readNBytes(header);
    expect(
        name, "size is " + start.length + " bytes", "at least " + header, start.length == header);
    ByteBuffer idx = ByteBuffer.wrap(start);
    int magic = idx.getInt();
    int expectedMagic = file.holdsImages() ? IMAGE_MAGIC : LABEL_MAGIC;
    expect(name, "magic number is " + magic, "" + expectedMagic, magic == expectedMagic);
    int count = idx.getInt();
    expect(
        name,
        "its header announces " + count + " entries",
        "0 to " + MAX_ENTRIES,
        count >= 0 && count <= MAX_ENTRIES);
    int entry = 1;
    if (file.holdsImages()) {
      int rows = idx.getInt();
      int columns = idx.getInt();
      expect(
          name,
          "images are " + rows + " x " + columns,
          Digits.SIDE + " x " + Digits.SIDE,
          rows == Digits.SIDE && columns == Digits.SIDE);
      entry = rows * columns;
    }
    int size = header + count * entry;
    byte[] content = Arrays.copyOf(start, size);
    int found = header + in.readNBytes(content, header, size - header);
    boolean more = in.read() >= 0;
    expect(
        name,
        more ? "size is more than " + size + " bytes" : "size is " + found + " bytes",
        size + " for the " + count + " entries that its header announces",
        found == size && !more);
    if (!file.holdsImages()) {
      for (int i = 0; i < count; i++) {
        int label = content[header + i] & 0xff;
        expect(name, "label " + i + " is " + label, "0 to 9", label < Digits.CLASSES);
      }
    }
    String md5 = md5(content);
    expect(name, "MD5 of the unzipped content is " + md5, file.md5, md5.equals(file.md5));
    return content;
  }

  private static void expect(String name, String found, String expected, boolean ok)
      throws IOException {
    if (!ok) {
      throw new IOException(name + ": " + found + ", expected " + expected);
    }
  }

  static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has MD5
    }
  }

  private void expectAsManyLabels(List<byte[]> content, int images) throws IOException {
    int count = (content.get(images).length - IMAGE_HEADER) / (Digits.SIDE * Digits.SIDE);
    int labels = content.get(images + 1).length - LABEL_HEADER;
    expect(files.get(images + 1).name, "has " + labels + " labels", "" + count, labels == count);
  }

  private static Digits parse(byte[] images, byte[] labels) {
    int entry = Digits.SIDE * Digits.SIDE;
    byte[][] pixels = new byte[labels.length - LABEL_HEADER][];
    int[] digits = new int[pixels.length];
    for (int i = 0; i < digits.length; i++) {
      int from = IMAGE_HEADER + i * entry;
      pixels[i] = Arrays.copyOfRange(images, from, from + entry);
      digits[i] = labels[LABEL_HEADER + i];
    }
    return new Digits(pixels, digits);
  }

  private List<Idx> notInCache(PrintWriter out) {
    List<Idx> missing = new ArrayList<>();
    for (Idx file : files) {
      Path cached = cache.resolve(file.name);
      try {
        if (Files.isRegularFile(cached)) {
          contentOf(cached, file);
        } else {
          expect(cached.toString(), "is no file", "one", !Files.exists(cached));
          missing.add(file);
        }
      } catch (IOException e) {
        out.println(e.getMessage() + "; fetching it again");
        missing.add(file);
      }
    }
    return missing;
  }

  /** Fetches the files into the cache; a mirror that fails once is not asked again. */
  private boolean download(List<Idx> missing, PrintWriter out) {
    List<String> failures = new ArrayList<>();
    List<Idx> wanted = new ArrayList<>(missing);
    try {
      for (Idx file : files) {
        WholeFile.check(cache.resolve(file.name));
      }
    } catch (IOException e) {
      out.println("MNIST cannot be downloaded, its cache cannot be written: " + e);
      return false;
    }
    for (String mirror : mirrors) {
      try {
        while (!wanted.isEmpty()) {
          Idx file = wanted.get(0);
          String url = mirror + file.name + ".gz";
          byte[] zipped = fetch(URI.create(url));
          byte[] content = unzip(url, new ByteArrayInputStream(zipped), zipped.length, file);
          WholeFile.write(cache.resolve(file.name), part -> Files.write(part, content));
          out.println("downloaded " + url);
          out.flush();
          wanted.remove(0);
        }
        return true;
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    out.println("MNIST cannot be downloaded (" + String.join("; ", failures) + ")");
    return false;
  }

  private static byte[] fetch(URI url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    try (InputStream in = connection.getInputStream()) {
      return in.readNBytes(MAX_BYTES);
    } catch (UnknownHostException e) {
      throw new IOException(url.getHost() + ": unknown host", e);
    } catch (IOException e) {
      throw new IOException(url + ": " + e, e);
    } finally {
      connection.disconnect();
    }
  }
}
