package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** Windows are made of any address; only reading needs one that is mapped. */
class WindowTest {
  private static final long ADDRESS = 0x7f12_3456_7890L;

  @Test
  void anAddressIsFoundAgain() {
    Window window = Window.at(ADDRESS);
    assertEquals(ADDRESS, window.address(window.offset(ADDRESS)));
    assertSame(window, Window.at(ADDRESS + 16));
  }

  /** Their windows share a slot; taken for one another, the second would be stepped elsewhere. */
  @Test
  void addressesFarApartHaveWindowsOfTheirOwn() {
    long distance = Window.SLOTS * Window.SPAN;
    for (long address : new long[] {ADDRESS, ADDRESS + distance, ADDRESS, ADDRESS - distance}) {
      Window window = Window.at(address);
      assertEquals(address, window.address(window.offset(address)));
    }
  }

  @Test
  void aSpanFromTheLastByteOfItsGigabyteOnIsWithinTheWindow() {
    long last = (ADDRESS | Window.SPAN - 1);
    long offset = Window.at(last).offset(last);
    assertEquals(Window.SPAN - 1, offset);
    assertEquals(true, offset + Window.SPAN - 1 <= Integer.MAX_VALUE - 1);
  }

  @Test
  void theFirstGigabyteCountsFromBehindThePageOfNull() {
    assertEquals(4096, Window.at(4096).address(0));
    assertEquals(904, Window.at(5000).offset(5000));
  }
}
