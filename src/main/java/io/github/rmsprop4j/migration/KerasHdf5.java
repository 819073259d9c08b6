package io.github.rmsprop4j.migration;

import java.nio.file.Path;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;

/** Reads .h5 files by Deeplearning4j's own reader; the only class that needs it. */
final class KerasHdf5 {
  private static final String TRAINING_CONFIG = "training_config";

  private KerasHdf5() {}

  static String trainingConfig(Path file) {
    try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
      if (!archive.hasAttribute(TRAINING_CONFIG)) {
        if (!archive.hasAttribute("model_config")) {
          throw new IllegalArgumentException(
              file + " must hold a model, not only weights: it has no model_config");
        }
        throw KerasModel.notCompiled();
      }
      return read(archive, file);
    } catch (UnsupportedKerasConfigurationException e) {
      throw unreadable(file, e);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) { // all that JavaCPP makes of an exception of the HDF5 library
      throw unreadable(file, e);
    }
  }

  /**
   * Not readAttributeAsJson, which tries ever larger buffers up to 256 MB as long as Jackson, which
   * it calls without bounds, refuses the text. This buffer starts with zeros, so that there is a
   * NUL behind the text as soon as all of it fits.
   */
  private static String read(Hdf5Archive archive, Path file)
      throws UnsupportedKerasConfigurationException {
    for (int length = 1 << 12; length <= Json.MAX_LENGTH; length *= 2) {
      String text = archive.readAttributeAsFixedLengthString(TRAINING_CONFIG, length);
      int end = text.indexOf('\0');
      if (end >= 0) {
        return text.substring(0, end);
      }
    }
    throw new IllegalArgumentException(
        TRAINING_CONFIG
            + " of "
            + file
            + " must have at most "
            + Json.MAX_LENGTH
            + " bytes, got more");
  }

  private static IllegalArgumentException unreadable(Path file, Exception e) {
    return new IllegalArgumentException(
        file + " must be an HDF5 file that Deeplearning4j can read: " + e.getMessage(), e);
  }
}
