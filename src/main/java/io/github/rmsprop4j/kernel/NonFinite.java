package io.github.rmsprop4j.kernel;

/** Looks for NaN and infinities in memory. */
final class NonFinite {
  private NonFinite() {}

  /**
   * The first of them.
   *
   * @param address of an array of floats or doubles
   * @param length its elements
   * @param wide whether they are doubles
   * @param span bytes that are addressed at once, at most {@link Window#SPAN}
   * @return its index, or −1
   */
  static long first(long address, long length, boolean wide, long span) {
    int width = wide ? Double.BYTES : Float.BYTES;
    long most = span / width;
    for (long i = 0; i < length; i += most) {
      int n = (int) Math.min(most, length - i);
      long at = address + i * width;
      int index = wide ? firstDouble(at, n) : firstFloat(at, n);
      if (index >= 0) {
        return i + index;
      }
    }
    return -1;
  }

  private static int firstFloat(long address, int n) {
    Window window = Window.at(address);
    int at = window.offset(address) / Float.BYTES;
    for (int i = 0; i < n; i++) {
      if (!Float.isFinite(window.floats.get(at + i))) {
        return i;
      }
    }
    return -1;
  }

  private static int firstDouble(long address, int n) {
    Window window = Window.at(address);
    int at = window.offset(address) / Double.BYTES;
    for (int i = 0; i < n; i++) {
      if (!Double.isFinite(window.doubles.get(at + i))) {
        return i;
      }
    }
    return -1;
  }
}
