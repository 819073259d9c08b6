package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

/** Reading ahead steps every element, once and in order. */
class ReadAheadTest {
  private static final int FLOATS_IN_PAGE = Window.PAGE / Float.BYTES;

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
}
