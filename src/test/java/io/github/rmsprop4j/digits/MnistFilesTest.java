package io.github.rmsprop4j.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("once")
class MnistFilesTest {
  private static final String TRAIN_IMAGES = MnistFiles.MNIST.get(0).name();
  private static final String TRAIN_LABELS = MnistFiles.MNIST.get(1).name();

  @TempDir private Path temp;
  private Path home;
  private Path cache;
  private HttpServer server;
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void startServer() throws IOException {
    home = Files.createDirectory(temp.resolve("home"));
    cache = home.resolve(".rmsprop4j").resolve("mnist");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void readsPlainFiles() throws IOException {
    assertIsTheData(files().load(IdxFolder.writePlain(temp.resolve("plain")), out()));
  }

  @Test
  void readsZippedFilesAndLeavesTheFolderAlone() throws IOException {
    Path folder = IdxFolder.writeZipped(temp.resolve("zipped"));
    Map<String, Integer> before = contentOf(folder);
    assertIsTheData(files().load(folder, out()));
    assertEquals(before, contentOf(folder));
  }

  @Test
  void readsTheNamesWithADot() throws IOException {
    Path plain = IdxFolder.writePlain(temp.resolve("plain"));
    Path zipped = IdxFolder.writeZipped(temp.resolve("zipped"));
    for (Path folder : List.of(plain, zipped)) {
      for (Path file : list(folder)) {
        Files.move(file, folder.resolve(file.getFileName().toString().replace("-idx", ".idx")));
      }
      assertIsTheData(files().load(folder, out()));
    }
  }

  @Test
  void looksAtTheOptionThenTheVariableThenTheCacheThenTheMirrors() throws IOException {
    String mirror = mirror("/good/", file -> IdxFolder.gzip(IdxFolder.CONTENT.get(file)));
    Path option = IdxFolder.writePlain(temp.resolve("option"));
    Path variable = IdxFolder.writePlain(temp.resolve("variable"));
    MnistFiles withVariable =
        new MnistFiles(
            IdxFolder.FILES, List.of(mirror), Map.of("MNIST_DIR", variable.toString()), home);
    assertIsTheData(withVariable.load(option, out()));
    assertSaid("MNIST from " + option);
    assertIsTheData(withVariable.load(null, out()));
    assertSaid("MNIST from " + variable);
    assertEquals(List.of(), requests);
    assertFalse(Files.exists(cache));

    MnistFiles without =
        new MnistFiles(IdxFolder.FILES, List.of(mirror), Map.of("MNIST_DIR", ""), home);
    assertIsTheData(without.load(null, out()));
    assertSaid("MNIST from " + cache);
    assertEquals(4, requests.size());
    assertIsTheData(without.load(null, out()));
    assertEquals(4, requests.size(), "the second time all files are in the cache");
  }

  static Stream<Arguments> corruptions() {
    byte[] images = IdxFolder.CONTENT.get(TRAIN_IMAGES);
    byte[] labels = IdxFolder.CONTENT.get(TRAIN_LABELS);
    byte[] zipped = IdxFolder.gzip(images);
    return Stream.of(
        corruption(
            "truncated gzip",
            TRAIN_IMAGES + ".gz",
            Arrays.copyOf(zipped, zipped.length / 2),
            zipped.length / 2 + " bytes, expected a whole gzip file: Unexpected end of"),
        corruption(
            "flipped byte in the gzip",
            TRAIN_IMAGES + ".gz",
            with(zipped, zipped.length - 6, (byte) ~zipped[zipped.length - 6]),
            zipped.length + " bytes, expected a whole gzip file: "),
        corruption(
            "no gzip",
            TRAIN_IMAGES + ".gz",
            images,
            images.length + " bytes, expected a whole gzip file: Not in GZIP format"),
        corruption(
            "labels for images",
            TRAIN_IMAGES,
            Arrays.copyOf(labels, 1000),
            "magic number is 2049, expected 2051"),
        corruption(
            "images for labels", TRAIN_LABELS, images, "magic number is 2051, expected 2049"),
        corruption(
            "one byte short",
            TRAIN_IMAGES,
            Arrays.copyOf(images, images.length - 1),
            "size is 23535 bytes, expected 23536 for the 30 entries that its header announces"),
        corruption(
            "one byte more",
            TRAIN_LABELS,
            Arrays.copyOf(labels, labels.length + 1),
            "size is more than 38 bytes, expected 38 for the 30 entries that its header announces"),
        corruption(
            "wrong count",
            TRAIN_LABELS,
            with(labels, 7, (byte) 31),
            "size is 38 bytes, expected 39 for the 31 entries that its header announces"),
        corruption("empty", TRAIN_LABELS, new byte[0], "size is 0 bytes, expected at least 8"),
        corruption(
            "other images",
            TRAIN_IMAGES,
            with(images, 15, (byte) 27),
            "images are 28 x 27, expected 28 x 28"),
        corruption(
            "label out of range",
            TRAIN_LABELS,
            with(labels, 8 + 5, (byte) 200),
            "label 5 is 200, expected 0 to 9"),
        corruption(
            "more entries than fit into memory",
            TRAIN_IMAGES,
            with(images, 4, (byte) 127),
            "its header announces 2130706462 entries, expected 0 to 100000"),
        corruption(
            "a negative number of entries",
            TRAIN_IMAGES,
            with(images, 4, (byte) 255),
            "its header announces -16777186 entries, expected 0 to 100000"),
        corruption(
            "flipped byte",
            TRAIN_IMAGES,
            with(images, 5000, (byte) ~images[5000]),
            "MD5 of the unzipped content is "
                + MnistFiles.md5(with(images, 5000, (byte) ~images[5000]))
                + ", expected "
                + MnistFiles.md5(images)));
  }

  private static Arguments corruption(
      String description, String file, byte[] content, String problem) {
    return Arguments.of(description, file, content, problem);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corruptions")
  void tellsWhatIsWrongWithANamedFolder(
      String description, String file, byte[] content, String problem) throws IOException {
    String mirror = mirror("/good/", name -> IdxFolder.gzip(IdxFolder.CONTENT.get(name)));
    Path folder = IdxFolder.writePlain(temp.resolve("corrupt"));
    Files.delete(folder.resolve(file.replace(".gz", "")));
    Files.write(folder.resolve(file), content);
    Map<String, Integer> before = contentOf(folder);
    Map<String, String> environment = Map.of("MNIST_DIR", folder.toString());
    MnistFiles byVariable = new MnistFiles(IdxFolder.FILES, List.of(mirror), environment, home);
    MnistFiles byOption = files(mirror);

    for (IOException e :
        List.of(
            assertThrows(IOException.class, () -> byVariable.load(null, out())),
            assertThrows(IOException.class, () -> byOption.load(folder, out())))) {
      String message = e.getMessage();
      assertTrue(message.startsWith(folder.resolve(file) + ": " + problem), message);
      assertEquals(1, message.lines().count(), message);
    }
    assertEquals(before, contentOf(folder));
    assertEquals(List.of(), requests, "no silent way to another source");
    assertFalse(Files.exists(cache));
  }

  @Test
  void tellsWhichFileIsMissing() throws IOException {
    Path folder = IdxFolder.writeZipped(temp.resolve("incomplete"));
    Files.delete(folder.resolve(TRAIN_LABELS + ".gz"));
    IOException e = assertThrows(IOException.class, () -> files().load(folder, out()));
    assertEquals(
        folder.resolve(TRAIN_LABELS)
            + ": no such file, nor train-labels.idx1-ubyte, nor either with .gz",
        e.getMessage());
  }

  @Test
  void tellsThatThereIsNoFolder() throws IOException {
    Path nowhere = temp.resolve("nowhere");
    IOException option = assertThrows(IOException.class, () -> files().load(nowhere, out()));
    assertEquals(
        "--data must be a folder with the MNIST files, got " + nowhere, option.getMessage());
    MnistFiles files =
        new MnistFiles(IdxFolder.FILES, List.of(), Map.of("MNIST_DIR", nowhere.toString()), home);
    IOException variable = assertThrows(IOException.class, () -> files.load(null, out()));
    assertEquals(
        "MNIST_DIR must be a folder with the MNIST files, got " + nowhere, variable.getMessage());
  }

  /** Each answers the first file rightly and the second in its own wrong way. */
  static Stream<Arguments> badAnswers() {
    UnaryOperator<byte[]> truncated = zipped -> Arrays.copyOf(zipped, zipped.length / 2);
    UnaryOperator<byte[]> other = zipped -> IdxFolder.gzip(IdxFolder.CONTENT.get(TRAIN_IMAGES));
    UnaryOperator<byte[]> page = zipped -> "<html>log in to this network</html>".getBytes();
    UnaryOperator<byte[]> none = zipped -> null;
    return Stream.of(
        Arguments.of("truncated", truncated, "expected a whole gzip file"),
        Arguments.of("other content", other, "magic number is 2051, expected 2049"),
        Arguments.of("a page", page, "Not in GZIP format"),
        Arguments.of("404", none, "FileNotFoundException"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void aBadDownloadLeavesNothingBehind(
      String description, UnaryOperator<byte[]> spoil, String problem) throws IOException {
    String mirror = mirror("/bad/", spoilSecond(spoil));
    assertEquals(Optional.empty(), files(mirror).load(null, out()));
    assertEquals(List.of(cache.resolve(TRAIN_IMAGES)), list(cache), "the first was whole");
    assertTrue(said.toString().contains("cannot be downloaded ("), said.toString());
    assertTrue(said.toString().contains(mirror + TRAIN_LABELS + ".gz: "), said.toString());
    assertTrue(said.toString().contains(problem), said.toString());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void theNextMirrorGivesTheRest(String description, UnaryOperator<byte[]> spoil, String problem)
      throws IOException {
    String bad = mirror("/bad/", spoilSecond(spoil));
    String good = mirror("/good/", file -> IdxFolder.gzip(IdxFolder.CONTENT.get(file)));
    assertIsTheData(files(bad, good).load(null, out()));
    assertEquals(2, requests.stream().filter(path -> path.startsWith("/bad/")).count());
    assertEquals(3, requests.stream().filter(path -> path.startsWith("/good/")).count());
    assertEquals(4, list(cache).size());
    assertIsTheData(files().load(cache, out()));
  }

  @Test
  void anAnswerThatBreaksOffLeavesNothingBehind() throws IOException {
    server.createContext(
        "/breaks/",
        exchange -> {
          byte[] zipped = IdxFolder.gzip(IdxFolder.CONTENT.get(TRAIN_IMAGES));
          exchange.sendResponseHeaders(200, zipped.length);
          exchange.getResponseBody().write(zipped, 0, zipped.length / 2);
          exchange.close();
        });
    assertEquals(Optional.empty(), files(url("/breaks/")).load(null, out()));
    assertEquals(List.of(), list(cache));
  }

  @Test
  void saysInOneLineThatNoMirrorAnswers() throws IOException {
    String first = url("/first/");
    String second = url("/second/");
    server.stop(0);
    assertEquals(Optional.empty(), files(first, second).load(null, out()));
    assertEquals(1, said.toString().lines().count(), said.toString());
    assertTrue(said.toString().contains(first), said.toString());
    assertTrue(said.toString().contains(second), said.toString());
    assertEquals(List.of(), list(cache));
  }

  @Test
  void fetchesACorruptFileOfTheCacheAgain() throws IOException {
    String mirror = mirror("/good/", file -> IdxFolder.gzip(IdxFolder.CONTENT.get(file)));
    IdxFolder.writePlain(cache);
    byte[] labels = IdxFolder.CONTENT.get(TRAIN_LABELS);
    Files.write(cache.resolve(TRAIN_LABELS), with(labels, 8, (byte) 9));
    assertIsTheData(files(mirror).load(null, out()));
    assertEquals(List.of("/good/" + TRAIN_LABELS + ".gz"), requests);
    assertTrue(
        said.toString().startsWith(cache.resolve(TRAIN_LABELS) + ": MD5 of the unzipped content"),
        said.toString());
    assertTrue(said.toString().contains("; fetching it again"), said.toString());
    assertArrayEquals(labels, Files.readAllBytes(cache.resolve(TRAIN_LABELS)));
  }

  /** Opening a pipe that nobody writes to would never return. */
  @Test
  @Timeout(20)
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void replacesAPipeInTheCache() throws Exception {
    String mirror = mirror("/good/", file -> IdxFolder.gzip(IdxFolder.CONTENT.get(file)));
    IdxFolder.writePlain(cache);
    Path pipe = cache.resolve(TRAIN_LABELS);
    Files.delete(pipe);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertIsTheData(files(mirror).load(null, out()));
    assertTrue(
        said.toString().startsWith(pipe + ": is no file, expected one; fetching it again"),
        said.toString());
    assertTrue(Files.isRegularFile(pipe));
  }

  @Test
  @Timeout(20)
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aPipeInANamedFolderIsNoFile() throws Exception {
    Path folder = IdxFolder.writePlain(temp.resolve("pipe"));
    Path pipe = folder.resolve(TRAIN_LABELS);
    Files.delete(pipe);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    IOException e = assertThrows(IOException.class, () -> files().load(folder, out()));
    assertTrue(e.getMessage().startsWith(pipe + ": no such file, "), e.getMessage());
  }

  @Test
  void aFolderInTheCacheIsSaidBeforeAnythingIsFetched() throws IOException {
    String mirror = mirror("/good/", file -> IdxFolder.gzip(IdxFolder.CONTENT.get(file)));
    Path folder = Files.createDirectories(cache.resolve(TRAIN_LABELS));
    assertEquals(Optional.empty(), files(mirror).load(null, out()));
    assertTrue(said.toString().contains(folder + ": is a folder"), said.toString());
    assertEquals(List.of(), requests);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void sweepsWhatAKilledDownloadLeft() throws Exception {
    String mirror = mirror("/good/", file -> IdxFolder.gzip(IdxFolder.CONTENT.get(file)));
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Files.createDirectories(cache);
    Files.writeString(cache.resolve(TRAIN_LABELS + "." + ended.pid()), "half");
    assertIsTheData(files(mirror).load(null, out()));
    assertEquals(4, list(cache).size(), list(cache).toString());
  }

  @Test
  void goesOnWithoutACacheThatCannotBeMade() throws IOException {
    String mirror = mirror("/good/", file -> IdxFolder.gzip(IdxFolder.CONTENT.get(file)));
    Path file = Files.writeString(temp.resolve("file"), "not a folder");
    MnistFiles files = new MnistFiles(IdxFolder.FILES, List.of(mirror), Map.of(), file);
    assertEquals(Optional.empty(), files.load(null, out()));
    assertEquals(1, said.toString().lines().count(), said.toString());
    assertTrue(said.toString().contains("cache cannot be written"), said.toString());
    assertEquals(List.of(), requests);
  }

  private MnistFiles files(String... mirrors) {
    return new MnistFiles(IdxFolder.FILES, List.of(mirrors), Map.of(), home);
  }

  private void assertSaid(String lastLine) {
    assertTrue(said.toString().endsWith(lastLine + System.lineSeparator()), said.toString());
  }

  private PrintWriter out() {
    return new PrintWriter(said, true);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Serves under a path what is given for a file name without .gz, and 404 for null. */
  private String mirror(String path, Function<String, byte[]> answer) {
    server.createContext(
        path,
        exchange -> {
          String request = exchange.getRequestURI().getPath();
          requests.add(request);
          byte[] body = answer.apply(request.substring(path.length()).replace(".gz", ""));
          exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
          if (body != null) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    return url(path);
  }

  private static Function<String, byte[]> spoilSecond(UnaryOperator<byte[]> spoil) {
    return file -> {
      byte[] zipped = IdxFolder.gzip(IdxFolder.CONTENT.get(file));
      return file.equals(TRAIN_LABELS) ? spoil.apply(zipped) : zipped;
    };
  }

  private static byte[] with(byte[] content, int index, byte value) {
    byte[] changed = content.clone();
    changed[index] = value;
    return changed;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static Map<String, Integer> contentOf(Path folder) throws IOException {
    Map<String, Integer> content = new TreeMap<>();
    for (Path file : list(folder)) {
      content.put(
          file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)).hashCode());
    }
    return content;
  }

  private static void assertIsTheData(Optional<MnistData> found) {
    MnistData data = found.orElseThrow();
    assertArrayEquals(IdxFolder.DATA.train().labels(), data.train().labels());
    assertArrayEquals(IdxFolder.DATA.test().labels(), data.test().labels());
    assertArrayEquals(IdxFolder.DATA.train().pixels(), data.train().pixels());
    assertArrayEquals(IdxFolder.DATA.test().pixels(), data.test().pixels());
  }
}
