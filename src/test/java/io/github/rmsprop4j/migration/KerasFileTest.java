package io.github.rmsprop4j.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole files: HDF5, .keras and JSON, whatever they are called, and those that are none of these.
 */
class KerasFileTest {
  private static final Path FILES = Path.of("src/test/resources/migration");

  @TempDir Path folder;

  private static Path zip(Path file, String entry, byte[] content) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("metadata.json"));
      zip.write('{');
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return file;
  }

  @Test
  void readsAKerasFile() throws IOException {
    byte[] config = Files.readAllBytes(FILES.resolve("k03-keras3-config.json"));
    Path file = zip(folder.resolve("model.keras"), "config.json", config);
    assertEquals(RmsProp.fromKeras(new String(config)), RmsProp.fromKeras(file));
  }

  @Test
  void theContentSaysWhatItIs() throws IOException {
    Path hdf5 = Files.copy(FILES.resolve("old.h5"), folder.resolve("model.keras"));
    assertEquals(RmsProp.fromKeras(FILES.resolve("old.h5")), RmsProp.fromKeras(hdf5));
    Path text = Files.copy(FILES.resolve("k12-get.json"), folder.resolve("model"));
    assertEquals(RmsProp.fromKeras(FILES.resolve("k12-get.json")), RmsProp.fromKeras(text));
  }

  /** DL4J's reader leaves memory behind the text. */
  @ParameterizedTest
  @ValueSource(strings = {"old.h5", "new.h5", "keras3.h5"})
  void readsWhatDeeplearning4jsReaderGives(String name) throws Exception {
    String file = FILES.resolve(name).toString();
    for (int i = 0; i < 4; i++) {
      try (Hdf5Archive archive = new Hdf5Archive(file)) {
        String json = archive.readAttributeAsJson("training_config");
        assertTrue(json.indexOf('\0') > 0, "or there is nothing to test");
        assertEquals(RmsProp.fromKeras(Path.of(file)), RmsProp.fromKeras(json));
      }
    }
  }

  private void refused(String reason, Path file) {
    var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromKeras(file));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    refused("the Keras file must not be null", null);
    refused("must be .h5, .keras or .json, got the folder " + folder, folder);
    assertThrows(NoSuchFileException.class, () -> RmsProp.fromKeras(folder.resolve("no.h5")));
    Path empty = Files.createFile(folder.resolve("empty.h5"));
    refused("the Keras configuration must be JSON", empty);
    byte[] hdf5 = Files.readAllBytes(FILES.resolve("old.h5"));
    Path half = folder.resolve("half.h5");
    Files.write(half, Arrays.copyOf(hdf5, hdf5.length / 2));
    refused(half + " must be an HDF5 file that Deeplearning4j can read", half);
    Path other = zip(folder.resolve("other.keras"), "weights.h5", new byte[5]);
    refused(other + " must hold a config.json", other);
    Path cut = folder.resolve("cut.keras");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(other), 40));
    refused(cut + " must be a whole .keras file", cut);
  }

  @Test
  void doesNotUnpackWhatIsTooLarge() throws IOException {
    Path bomb = zip(folder.resolve("bomb.keras"), "config.json", new byte[(1 << 24) + 1]);
    refused("config.json of " + bomb + " must have at most 16777216 bytes, got more", bomb);
    Path large = Files.write(folder.resolve("large.json"), new byte[(1 << 24) + 1]);
    refused(large + " must have at most 16777216 bytes, got more", large);
  }

  /** Everything but deeplearning4j-modelimport, as for one who has ND4J alone. */
  @Test
  void saysWhatIsMissingForHdf5() throws Exception {
    URL[] urls =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("modelimport"))
            .map(KerasFileTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      var fromKeras = loader.loadClass(RmsProp.class.getName()).getMethod("fromKeras", Path.class);
      fromKeras.invoke(null, FILES.resolve("k12-get.json").toAbsolutePath());
      Path file = FILES.resolve("old.h5").toAbsolutePath();
      var e = assertThrows(InvocationTargetException.class, () -> fromKeras.invoke(null, file));
      assertInstanceOf(IllegalStateException.class, e.getCause());
      assertEquals(
          "reading "
              + file
              + " needs org.deeplearning4j:deeplearning4j-modelimport on the class path, with its"
              + " HDF5 library; without it, hand over json.dumps(model.optimizer.get_config())",
          e.getCause().getMessage());
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
