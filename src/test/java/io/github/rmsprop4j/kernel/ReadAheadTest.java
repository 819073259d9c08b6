package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Reading ahead steps every element, once and in order. */
class ReadAheadTest {
  private static final int FLOATS_IN_PAGE = Window.PAGE / Float.BYTES;

  /** What lies behind them belongs to others, or to nobody: here to a file that has ended. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a mapped file cannot be cut")
  void readsNothingBehindTheArrays(@TempDir Path directory) throws IOException {
    int pages = 5;
    Path file = directory.resolve("pages");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * pages * Window.PAGE);
      channel.truncate((long) pages * Window.PAGE);
      long address = new BytePointer(memory).address();
      for (int page = 0; page < pages; page++) {
        long at = address + (long) page * Window.PAGE;
        Operands arrays = new Operands(at, at, at, at, at);
        for (boolean wide : new boolean[] {false, true}) {
          for (int missing : new int[] {0, 1, 15, 511}) {
            int inPage = Window.PAGE / (wide ? Double.BYTES : Float.BYTES);
            int[] steps = new int[1];
            Pass pass = (step, operands, start, end) -> steps[0]++;
            new Route(Form.at(0), wide, pass)
                .ways()
                .ahead()
                .run(null, arrays, 0, (pages - page) * inPage - missing);
            assertEquals(pages - page, steps[0]);
          }
        }
      }
    }
  }

  @Test
  void everyElementInOrder() {
    for (int from : new int[] {0, 1, 700}) {
      for (int length : new int[] {1, 1000, 1024, 1025, 3072, 3073, 5000}) {
        List<Integer> ends = new ArrayList<>(List.of(from));
        ByteBuffer memory = ByteBuffer.allocateDirect((from + length) * Float.BYTES);
        long address = new BytePointer(memory).address();
        Operands arrays =
            new Operands(address, address, Operands.NONE, Operands.NONE, Operands.NONE);
        Pass pass =
            (step, operands, start, end) -> {
              assertEquals(ends.get(ends.size() - 1), start);
              ends.add(end);
            };
        new ReadAhead(pass, Float.BYTES).run(null, arrays, from, from + length);
        assertEquals(from + length, ends.get(ends.size() - 1));
        assertEquals((length - 1) / FLOATS_IN_PAGE + 2, ends.size());
      }
    }
  }

  /** The first byte of two cache lines of each array; all others are 0. */
  @Test
  void twoCacheLinesOfEveryArray() {
    int ahead = 2 * Window.PAGE;
    int line = 64;
    try (BytePointer memory = new BytePointer(15L * Window.PAGE)) {
      memory.put(new byte[15 * Window.PAGE], 0, 15 * Window.PAGE);
      long[] at = new long[5];
      for (int array = 0; array < at.length; array++) {
        at[array] = memory.address() + 3L * array * Window.PAGE;
        memory.put(3L * array * Window.PAGE + ahead, (byte) (1 << array));
        memory.put(3L * array * Window.PAGE + ahead + line, (byte) (2 << array));
      }
      assertEquals(3 * 31, ReadAhead.read(new Operands(at[0], at[1], at[2], at[3], at[4]), ahead));
      assertEquals(
          3 * 3,
          ReadAhead.read(
              new Operands(at[0], at[1], Operands.NONE, Operands.NONE, Operands.NONE), ahead));
    }
  }
}
