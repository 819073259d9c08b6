package io.github.rmsprop4j.migration;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The configuration in a model that Keras saved, as JSON. What a file is, its first bytes say:
 * there are HDF5 files that end in .keras.
 */
final class KerasFile {
  private static final String HDF5 = "\u0089HDF\r\n\u001a\n";
  private static final String ZIP = "PK\u0003\u0004";

  private KerasFile() {}

  static String json(Path file) throws IOException {
    if (file == null) {
      throw new IllegalArgumentException("the Keras file must not be null");
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "the Keras file must be .h5, .keras or .json, got the folder "
              + file
              + "; of a SavedModel, hand over model.optimizer.get_config()");
    }
    String head;
    try (InputStream in = Files.newInputStream(file)) {
      head = new String(in.readNBytes(HDF5.length()), StandardCharsets.ISO_8859_1);
    }
    if (head.equals(HDF5)) {
      return hdf5(file);
    }
    if (head.startsWith(ZIP)) {
      return zipped(file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return text(in, file.toString());
    }
  }

  private static String hdf5(Path file) {
    try {
      return KerasHdf5.trainingConfig(file);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "reading "
              + file
              + " needs org.deeplearning4j:deeplearning4j-modelimport on the class path, with its"
              + " HDF5 library; without it, hand over json.dumps(model.optimizer.get_config())",
          e);
    }
  }

  private static String zipped(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry("config.json");
      if (entry == null) {
        throw new IllegalArgumentException(
            file + " must hold a config.json, as a .keras file does");
      }
      try (InputStream in = zip.getInputStream(entry)) {
        return text(in, "config.json of " + file);
      }
    } catch (ZipException | EOFException e) {
      throw new IllegalArgumentException(
          file + " must be a whole .keras file: " + e.getMessage(), e);
    }
  }

  private static String text(InputStream in, String what) throws IOException {
    byte[] bytes = in.readNBytes(Json.MAX_LENGTH + 1); // whatever a header says of its size
    if (bytes.length > Json.MAX_LENGTH) {
      throw new IllegalArgumentException(
          what + " must have at most " + Json.MAX_LENGTH + " bytes, got more");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
