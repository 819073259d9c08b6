package io.github.rmsprop4j.harness.app;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.io.input.CountingInputStream;
import org.nd4j.linalg.api.buffer.BaseDataBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Reads the headers of saved arrays, and passes over what is in them: ND4J allocates what a header
 * asks for before it finds that the file ends.
 */
final class ArrayHeaders {
  private static final int MAX_RANK = 32;

  private final CountingInputStream counted;
  private final DataInputStream in;
  private final long size;

  /**
   * Sets up.
   *
   * @param in from its first byte
   * @param size how many bytes there are
   */
  ArrayHeaders(InputStream in, long size) {
    this.counted = new CountingInputStream(in);
    this.in = new DataInputStream(counted);
    this.size = size;
  }

  /** {@return the stream, to read what stands between the arrays} */
  DataInputStream in() {
    return in;
  }

  /**
   * Checks the array that begins here and goes to its end.
   *
   * @throws IOException if the file ends before it, or its shape has more elements than there are
   */
  void check() throws IOException {
    var shapeHeader = BaseDataBuffer.readHeader(in);
    boolean longs = shapeHeader.getRight() != DataType.INT;
    long[] shape = new long[(int) Math.min(shapeHeader.getMiddle(), 2 * MAX_RANK + 4)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = longs ? in.readLong() : in.readInt();
    }
    long rank = shape[0];
    if (rank < 0 || rank > MAX_RANK || shapeHeader.getMiddle() != 2 * rank + 4) {
      throw new IOException("the rank of an array must be in [0, " + MAX_RANK + "], got " + rank);
    }
    var header = BaseDataBuffer.readHeader(in);
    DataType type = header.getRight();
    long length = header.getMiddle();
    long left = size - counted.getByteCount();
    if (type.width() < 1 || length < 0 || length > left / type.width()) {
      throw new IOException(
          "an array of %,d elements of type %s needs more than the %,d bytes that are left"
              .formatted(length, type, left));
    }
    long last = 0;
    for (int i = 1; i <= rank; i++) {
      long stride = shape[(int) rank + i];
      if (shape[i] < 0 || stride < 0 || shape[i] > length || stride > length) {
        throw new IOException(
            "the shape of an array must fit into its %,d elements".formatted(length));
      }
      last += Math.max(0, shape[i] - 1) * stride; // each below 2^31 times 2^31, of 32
      if (last < 0 || last >= Math.max(1, length)) {
        throw new IOException(
            "the shape of an array must fit into its %,d elements".formatted(length));
      }
    }
    in.skipNBytes(length * type.width());
  }
}
