package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Where arrays lie is found for any address; only reading needs one that is mapped. */
class OperandsTest {
  // Where no operating system lets a process have memory.
  private static final AtomicLong UNSEEN = new AtomicLong(1L << 50);

  /** {@return an address that has no window yet, nor do those of some gigabytes behind it} */
  static long unseen() {
    return UNSEEN.getAndAdd(Window.SLOTS * Window.SPAN);
  }

  @Test
  void everyArrayHasAWindowThatIsOpened() {
    long at = unseen();
    long far = 3 * Window.SPAN + 8;
    Operands arrays = new Operands(at, at + far, at + 2 * far, at + 3 * far, at + 4 * far);
    List<Window> windows = List.of(arrays.g, arrays.v, arrays.m, arrays.b, arrays.p);
    int[] offsets = {arrays.gAt, arrays.vAt, arrays.mAt, arrays.bAt, arrays.pAt};
    for (int i = 0; i < offsets.length; i++) {
      assertEquals(at + i * far, windows.get(i).address(offsets[i]), "array " + i);
      assertNull(windows.get(i).memory, "array " + i);
    }
    arrays.open();
    windows.forEach(window -> assertNotNull(window.memory));
  }

  @Test
  void whatIsNotThereHasNone() {
    long address = unseen();
    Operands arrays = new Operands(address, address, Operands.NONE, Operands.NONE, Operands.NONE);
    arrays.open();
    assertNull(arrays.m);
    assertNull(arrays.b);
    assertNull(arrays.p);
    assertEquals(0, arrays.mAt + arrays.bAt + arrays.pAt);
    assertNotNull(arrays.v.memory);
  }
}
