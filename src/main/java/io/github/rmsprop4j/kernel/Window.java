package io.github.rmsprop4j.kernel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;

/**
 * Two gigabytes of the address space, seen as direct buffers. An array is reached through the
 * window of the gigabyte that it starts in, so a process has a handful of windows, whatever the
 * number of arrays, and a step makes none: a buffer for every call would be 64 bytes of garbage and
 * a JNI call that takes longer than the step of a small array.
 *
 * <p>A window neither owns memory nor keeps it alive. It must be read and written only inside an
 * array that the caller keeps reachable.
 */
final class Window {
  /** Bytes after which the processor's own prefetching starts anew. */
  static final int PAGE = 4096;

  /** An array piece of up to this many bytes lies within the window of its first byte. */
  static final long SPAN = 1L << 30;

  /** How many windows are kept; two whose gigabytes lie so far apart displace each other. */
  static final int SLOTS = 64;

  // Direct-mapped. The races on it are harmless: a window is immutable, and one that is lost or
  // replaced is made again.
  private static final Window[] WINDOWS = new Window[SLOTS];

  private static final int LINE = 64;

  @SuppressWarnings("unused") // hardly ever written, but C2 cannot know, and so keeps the reads
  private static int prefetched;

  /**
   * What vectors are loaded from: a {@code MemorySegment}, or before JDK 19 a byte buffer. Null
   * before {@link #open}.
   */
  Object memory;

  final FloatBuffer floats;
  final DoubleBuffer doubles;
  private final ByteBuffer bytes;
  private final long base;

  private Window(long base) {
    this.base = base;
    bytes = new Memory(base).asByteBuffer();
    floats = bytes.asFloatBuffer();
    doubles = bytes.asDoubleBuffer();
  }

  static Window at(long address) {
    // Address 0 is no buffer to JNI; nothing lies in the first page.
    long base = Math.max(address & -SPAN, 4096);
    int slot = (int) (base / SPAN % SLOTS);
    Window window = WINDOWS[slot];
    if (window == null || window.base != base) {
      window = new Window(base);
      WINDOWS[slot] = window;
    }
    return window;
  }

  /** For vectors; on demand, since the first {@code MemorySegment} takes 5 ms. */
  void open() {
    if (memory == null) {
      memory = Segments.OF_BUFFER == null ? bytes : Segments.of(bytes);
    }
  }

  /** {@return where the address lies in the window, in bytes} */
  int offset(long address) {
    return (int) (address - base);
  }

  /** {@return the address of an offset} */
  long address(int offset) {
    return base + offset;
  }

  /**
   * Reads a byte of each of a few cache lines that are needed soon, so that they are on their way
   * by then. The processor fetches ahead by itself, but only within a page. Bytes, since adding up
   * floats is slow where they are subnormal.
   *
   * @return a number for {@link #prefetched}, which makes C2 keep the reads
   */
  int prefetch(int offset, int lines) {
    int sum = 0;
    for (int i = 0; i < lines; i++) {
      sum += bytes.get(offset + i * LINE);
    }
    return sum;
  }

  /** Takes what {@link #prefetch} read; writes nothing that threads would have to share. */
  static void prefetched(int sum) {
    if (sum == Integer.MIN_VALUE) { // of so few bytes never
      prefetched = sum;
    }
  }

  /** Java 17 has no memory segments to compile against. */
  private static final class Segments {
    /** {@code MemorySegment.ofBuffer}, or null before JDK 19. */
    static final MethodHandle OF_BUFFER = find();

    private static MethodHandle find() {
      try {
        // Of the boot loader, or the others would look through all jars for it.
        Class<?> segment = Class.forName("java.lang.foreign.MemorySegment", false, null);
        return MethodHandles.lookup()
            .findStatic(segment, "ofBuffer", MethodType.methodType(segment, Buffer.class));
      } catch (ReflectiveOperationException e) {
        return null;
      }
    }

    static Object of(ByteBuffer bytes) {
      try {
        return OF_BUFFER.invoke(bytes);
      } catch (Throwable e) {
        throw new LinkageError("MemorySegment.ofBuffer failed", e);
      }
    }
  }

  /** A pointer to a given address, which JavaCPP lets only subclasses make. */
  private static final class Memory extends Pointer {
    Memory(long base) {
      address = base;
      limit = Integer.MAX_VALUE;
      capacity = Integer.MAX_VALUE;
    }
  }
}
