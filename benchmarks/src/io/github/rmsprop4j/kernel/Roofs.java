package io.github.rmsprop4j.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.bytedeco.javacpp.Pointer;

/**
 * Passes over the arrays of a step, in its order and on its threads, that compute next to nothing:
 * what the memory gives. In this package for the kernels' access to off-heap memory.
 */
public final class Roofs {
  /** What {@link #stream} keeps of an array: little enough for the sum to stay bounded. */
  public static final double KEPT = 0.5;

  private static final int LINES_AHEAD = 2; // as the simd kernel

  private Roofs() {}

  /**
   * A multiply-add for each array: {@code v = KEPT v + g}, likewise m and b, and g becomes the last
   * sum. Reads and writes each array once, as the step does. Its step may be null.
   *
   * @param threads at most how many share a large pass
   * @throws LinkageError if this JVM was started without the vector module
   */
  public static StepKernel stream(int threads) {
    return new Stream(threads);
  }

  /**
   * The C library's {@code memcpy} from g to v, on to m and b if they are there, and back to g.
   * Reads and writes each array once, as the step does. Its step may be null.
   *
   * @param threads at most how many share a large pass
   */
  public static StepKernel copy(int threads) {
    return new Copy(threads);
  }

  private static final class Stream extends HostKernel {
    Stream(int threads) {
      super(threads);
    }

    @Override
    public String name() {
      return "stream";
    }

    @Override
    public String toString() {
      return "stream, " + VectorMemory.FLOATS.vectorBitSize() + "-bit vectors";
    }

    @Override
    void floats(Step step, long g, long v, long m, long b, int n) {
      Window gWindow = Window.at(g);
      Window vWindow = Window.at(v);
      Window mWindow = m == NONE ? gWindow : Window.at(m);
      Window bWindow = b == NONE ? gWindow : Window.at(b);
      long gOffset = gWindow.offset(g);
      long vOffset = vWindow.offset(v);
      long mOffset = mWindow.offset(m);
      long bOffset = bWindow.offset(b);
      int whole = VectorMemory.FLOATS.loopBound(n);
      int page = Window.PAGE / Float.BYTES;
      for (int block = 0; block < whole; block += page) {
        int end = Math.min(whole, block + page);
        if (whole - end >= 2 * page) {
          long ahead = (block + 2L * page) * Float.BYTES;
          Window.ask(g + ahead, LINES_AHEAD);
          Window.ask(v + ahead, LINES_AHEAD);
        }
        for (int i = block; i < end; i += VectorMemory.FLOATS.length()) {
          long at = (long) i * Float.BYTES;
          FloatVector kept = VectorMemory.floats((float) KEPT);
          FloatVector gradient = VectorMemory.floats(gWindow.memory, gOffset + at);
          FloatVector sum = VectorMemory.floats(vWindow.memory, vOffset + at).fma(kept, gradient);
          VectorMemory.put(sum, vWindow.memory, vOffset + at);
          if (m != NONE) {
            sum = VectorMemory.floats(mWindow.memory, mOffset + at).fma(kept, gradient);
            VectorMemory.put(sum, mWindow.memory, mOffset + at);
          }
          if (b != NONE) {
            sum = VectorMemory.floats(bWindow.memory, bOffset + at).fma(kept, gradient);
            VectorMemory.put(sum, bWindow.memory, bOffset + at);
          }
          VectorMemory.put(sum, gWindow.memory, gOffset + at);
        }
      }
      for (int i = whole; i < n; i++) {
        float gradient = gWindow.floats.get((int) gOffset / Float.BYTES + i);
        float sum = add(vWindow, vOffset, i, gradient);
        if (m != NONE) {
          sum = add(mWindow, mOffset, i, gradient);
        }
        if (b != NONE) {
          sum = add(bWindow, bOffset, i, gradient);
        }
        gWindow.floats.put((int) gOffset / Float.BYTES + i, sum);
      }
    }

    private static float add(Window window, long offset, int i, float gradient) {
      int at = (int) offset / Float.BYTES + i;
      float sum = Math.fma(window.floats.get(at), (float) KEPT, gradient);
      window.floats.put(at, sum);
      return sum;
    }

    @Override
    void doubles(Step step, long g, long v, long m, long b, int n) {
      Window gWindow = Window.at(g);
      Window vWindow = Window.at(v);
      Window mWindow = m == NONE ? gWindow : Window.at(m);
      Window bWindow = b == NONE ? gWindow : Window.at(b);
      long gOffset = gWindow.offset(g);
      long vOffset = vWindow.offset(v);
      long mOffset = mWindow.offset(m);
      long bOffset = bWindow.offset(b);
      int whole = VectorMemory.DOUBLES.loopBound(n);
      int page = Window.PAGE / Double.BYTES;
      for (int block = 0; block < whole; block += page) {
        int end = Math.min(whole, block + page);
        if (whole - end >= 2 * page) {
          long ahead = (block + 2L * page) * Double.BYTES;
          Window.ask(g + ahead, LINES_AHEAD);
          Window.ask(v + ahead, LINES_AHEAD);
        }
        for (int i = block; i < end; i += VectorMemory.DOUBLES.length()) {
          long at = (long) i * Double.BYTES;
          DoubleVector kept = VectorMemory.doubles(KEPT);
          DoubleVector gradient = VectorMemory.doubles(gWindow.memory, gOffset + at);
          DoubleVector sum = VectorMemory.doubles(vWindow.memory, vOffset + at).fma(kept, gradient);
          VectorMemory.put(sum, vWindow.memory, vOffset + at);
          if (m != NONE) {
            sum = VectorMemory.doubles(mWindow.memory, mOffset + at).fma(kept, gradient);
            VectorMemory.put(sum, mWindow.memory, mOffset + at);
          }
          if (b != NONE) {
            sum = VectorMemory.doubles(bWindow.memory, bOffset + at).fma(kept, gradient);
            VectorMemory.put(sum, bWindow.memory, bOffset + at);
          }
          VectorMemory.put(sum, gWindow.memory, gOffset + at);
        }
      }
      for (int i = whole; i < n; i++) {
        double gradient = gWindow.doubles.get((int) gOffset / Double.BYTES + i);
        double sum = add(vWindow, vOffset, i, gradient);
        if (m != NONE) {
          sum = add(mWindow, mOffset, i, gradient);
        }
        if (b != NONE) {
          sum = add(bWindow, bOffset, i, gradient);
        }
        gWindow.doubles.put((int) gOffset / Double.BYTES + i, sum);
      }
    }

    private static double add(Window window, long offset, int i, double gradient) {
      int at = (int) offset / Double.BYTES + i;
      double sum = Math.fma(window.doubles.get(at), KEPT, gradient);
      window.doubles.put(at, sum);
      return sum;
    }
  }

  private static final class Copy extends HostKernel {
    Copy(int threads) {
      super(threads);
    }

    @Override
    public String name() {
      return "copy";
    }

    @Override
    public String toString() {
      return "copy";
    }

    @Override
    void floats(Step step, long g, long v, long m, long b, int n) {
      copy(g, v, m, b, (long) n * Float.BYTES);
    }

    @Override
    void doubles(Step step, long g, long v, long m, long b, int n) {
      copy(g, v, m, b, (long) n * Double.BYTES);
    }

    private static void copy(long g, long v, long m, long b, long bytes) {
      Memory last = new Memory(g);
      for (long address : new long[] {v, m, b, g}) {
        if (address != NONE) {
          Memory next = new Memory(address);
          Pointer.memcpy(next, last, bytes);
          last = next;
        }
      }
    }
  }

  /** A pointer to a given address, which JavaCPP lets only subclasses make. */
  private static final class Memory extends Pointer {
    Memory(long at) {
      address = at;
    }
  }
}
