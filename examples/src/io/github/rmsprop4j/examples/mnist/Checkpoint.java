package io.github.rmsprop4j.examples.mnist;

import io.github.rmsprop4j.cli.WholeFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a training needs to go on after its process was killed: one file that is whole or absent.
 *
 * <p>It begins with the settings of the training, since to go on with others would be another
 * training, and ends with a CRC-32 of all before.
 */
public final class Checkpoint {
  private static final String FORMAT = "rmsprop4j checkpoint 1";

  /** Puts down where a training is. */
  public interface Writer {
    /** Writes all of it. */
    void writeTo(DataOutputStream out) throws IOException;
  }

  /** Takes up a training where it was. */
  public interface Reader {
    /** Reads what the {@link Writer} wrote. */
    void readFrom(DataInputStream in) throws IOException;
  }

  private final Path file;
  private final Map<String, String> settings;

  /**
   * Writes nothing yet.
   *
   * @param settings what must be the same in a training that goes on, by names for people
   */
  public Checkpoint(Path file, Map<String, String> settings) {
    this.file = file;
    this.settings = new LinkedHashMap<>(settings);
  }

  /** Replaces the file. */
  public void write(Writer state) throws IOException {
    WholeFile.write(
        file,
        part -> {
          CRC32 crc = new CRC32();
          try (DataOutputStream out =
              new DataOutputStream(
                  new CheckedOutputStream(
                      new BufferedOutputStream(Files.newOutputStream(part)), crc))) {
            out.writeUTF(FORMAT);
            out.writeInt(settings.size());
            for (Map.Entry<String, String> setting : settings.entrySet()) {
              out.writeUTF(setting.getKey());
              out.writeUTF(setting.getValue());
            }
            state.writeTo(out);
            out.writeLong(crc.getValue());
          }
        });
  }

  /**
   * Reads the file if there is one.
   *
   * @return whether there is one
   * @throws IllegalArgumentException naming a setting that differs, before anything is read
   * @throws IOException if the file is not one that {@link #write} made
   */
  public boolean read(Reader state) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    if (!Files.isRegularFile(file) || !isWhole()) {
      throw new IOException(file + ": no whole checkpoint; delete it to begin anew");
    }
    try (DataInputStream in = open(new CRC32())) {
      String format = in.readUTF();
      if (!format.equals(FORMAT)) {
        throw new IOException(file + ": format is " + format + ", expected " + FORMAT);
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        String value = in.readUTF();
        if (!value.equals(settings.get(name))) {
          throw new IllegalArgumentException(
              "%s must be %s, as in the training that left %s, got %s"
                  .formatted(name, value, file, settings.get(name)));
        }
      }
      state.readFrom(in);
    }
    return true;
  }

  /** Deletes the file if there is one. */
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  private DataInputStream open(CRC32 crc) throws IOException {
    return new DataInputStream(
        new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), crc));
  }

  private boolean isWhole() throws IOException {
    CRC32 crc = new CRC32();
    try (DataInputStream in = open(crc)) {
      in.skipNBytes(Math.max(0, Files.size(file) - Long.BYTES));
      long found = crc.getValue();
      return in.readLong() == found;
    } catch (EOFException e) {
      return false;
    }
  }

  /** Writes an array's values, which are FLOAT, to the bit. */
  public static void write(INDArray array, DataOutputStream out) throws IOException {
    float[] values = array.dup('c').data().asFloat();
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    bytes.asFloatBuffer().put(values);
    out.write(bytes.array());
  }

  /** Reads them into an array of the same length. */
  public static void read(INDArray array, DataInputStream in) throws IOException {
    float[] values = new float[Math.toIntExact(array.length())];
    byte[] bytes = in.readNBytes(Math.multiplyExact(values.length, Float.BYTES));
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    array.assign(Nd4j.create(values, array.shape(), 'c'));
  }
}
