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

  private Roofs() {}

  /**
   * A multiply-add for each array: {@code v = KEPT v + g}, likewise m and b, and g becomes the last
   * sum. Reads and writes each array once, as the step does.
   *
   * @param threads at most how many share a large pass
   * @throws LinkageError if this JVM was started without the vector module
   */
  public static StepKernel stream(int threads) {
    return new Stream(threads);
  }

  /**
   * The C library's {@code memcpy} from g to v, on to m and b if they are there, and back to g.
   * Reads and writes each array once, as the step does.
   *
   * @param threads at most how many share a large pass
   */
  public static StepKernel copy(int threads) {
    return new Copy(threads);
  }

  private static final class Stream extends HostKernel {
    Stream(int threads) {
      super(threads, false, Limits.USUAL);
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
    Pass pass(Form form, boolean wide) {
      return wide ? Stream::doubles : Stream::floats;
    }

    private static void floats(Step step, Operands arrays, int from, int to) {
      arrays.open();
      boolean hasM = arrays.m != null;
      boolean hasB = arrays.b != null;
      int gAt = arrays.gAt;
      int vAt = arrays.vAt;
      int mAt = arrays.mAt;
      int bAt = arrays.bAt;
      Object gMemory;
      Object vMemory;
      Object mMemory;
      Object bMemory;
      int turns = VectorMemory.TURNS;
      do {
        gMemory = VectorMemory.of(arrays.g, true);
        vMemory = VectorMemory.of(arrays.v, true);
        mMemory = hasM ? VectorMemory.of(arrays.m, true) : null;
        bMemory = hasB ? VectorMemory.of(arrays.b, true) : null;
      } while (--turns > 0);
      int whole = to - (to - from) % VectorMemory.FLOATS.length();
      for (int i = from; i < whole; i += VectorMemory.FLOATS.length()) {
        int at = i * Float.BYTES;
        FloatVector kept = VectorMemory.floats((float) KEPT);
        FloatVector gradient = VectorMemory.floats(gMemory, gAt + at);
        FloatVector sum = VectorMemory.floats(vMemory, vAt + at).fma(kept, gradient);
        VectorMemory.put(sum, vMemory, vAt + at);
        if (hasM) {
          sum = VectorMemory.floats(mMemory, mAt + at).fma(kept, gradient);
          VectorMemory.put(sum, mMemory, mAt + at);
        }
        if (hasB) {
          sum = VectorMemory.floats(bMemory, bAt + at).fma(kept, gradient);
          VectorMemory.put(sum, bMemory, bAt + at);
        }
        VectorMemory.put(sum, gMemory, gAt + at);
      }
      for (int i = whole; i < to; i++) {
        float gradient = arrays.g.floats.get(arrays.gAt / Float.BYTES + i);
        float sum = add(arrays.v, arrays.vAt, i, gradient);
        if (hasM) {
          sum = add(arrays.m, arrays.mAt, i, gradient);
        }
        if (hasB) {
          sum = add(arrays.b, arrays.bAt, i, gradient);
        }
        arrays.g.floats.put(arrays.gAt / Float.BYTES + i, sum);
      }
    }

    private static float add(Window window, int offset, int i, float gradient) {
      int at = offset / Float.BYTES + i;
      float sum = Math.fma(window.floats.get(at), (float) KEPT, gradient);
      window.floats.put(at, sum);
      return sum;
    }

    private static void doubles(Step step, Operands arrays, int from, int to) {
      arrays.open();
      boolean hasM = arrays.m != null;
      boolean hasB = arrays.b != null;
      int gAt = arrays.gAt;
      int vAt = arrays.vAt;
      int mAt = arrays.mAt;
      int bAt = arrays.bAt;
      Object gMemory;
      Object vMemory;
      Object mMemory;
      Object bMemory;
      int turns = VectorMemory.TURNS;
      do {
        gMemory = VectorMemory.of(arrays.g, true);
        vMemory = VectorMemory.of(arrays.v, true);
        mMemory = hasM ? VectorMemory.of(arrays.m, true) : null;
        bMemory = hasB ? VectorMemory.of(arrays.b, true) : null;
      } while (--turns > 0);
      int whole = to - (to - from) % VectorMemory.DOUBLES.length();
      for (int i = from; i < whole; i += VectorMemory.DOUBLES.length()) {
        int at = i * Double.BYTES;
        DoubleVector kept = VectorMemory.doubles(KEPT);
        DoubleVector gradient = VectorMemory.doubles(gMemory, gAt + at);
        DoubleVector sum = VectorMemory.doubles(vMemory, vAt + at).fma(kept, gradient);
        VectorMemory.put(sum, vMemory, vAt + at);
        if (hasM) {
          sum = VectorMemory.doubles(mMemory, mAt + at).fma(kept, gradient);
          VectorMemory.put(sum, mMemory, mAt + at);
        }
        if (hasB) {
          sum = VectorMemory.doubles(bMemory, bAt + at).fma(kept, gradient);
          VectorMemory.put(sum, bMemory, bAt + at);
        }
        VectorMemory.put(sum, gMemory, gAt + at);
      }
      for (int i = whole; i < to; i++) {
        double gradient = arrays.g.doubles.get(arrays.gAt / Double.BYTES + i);
        double sum = add(arrays.v, arrays.vAt, i, gradient);
        if (hasM) {
          sum = add(arrays.m, arrays.mAt, i, gradient);
        }
        if (hasB) {
          sum = add(arrays.b, arrays.bAt, i, gradient);
        }
        arrays.g.doubles.put(arrays.gAt / Double.BYTES + i, sum);
      }
    }

    private static double add(Window window, int offset, int i, double gradient) {
      int at = offset / Double.BYTES + i;
      double sum = Math.fma(window.doubles.get(at), KEPT, gradient);
      window.doubles.put(at, sum);
      return sum;
    }
  }

  private static final class Copy extends HostKernel {
    Copy(int threads) {
      super(threads, false, Limits.USUAL);
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
    Pass pass(Form form, boolean wide) {
      int width = wide ? Double.BYTES : Float.BYTES;
      return (step, arrays, from, to) -> copy(arrays, from * width, (to - from) * width);
    }

    private static void copy(Operands arrays, int from, int bytes) {
      long g = arrays.g.address(arrays.gAt + from);
      long last = copy(g, arrays.v, arrays.vAt + from, bytes);
      last = copy(last, arrays.m, arrays.mAt + from, bytes);
      last = copy(last, arrays.b, arrays.bAt + from, bytes);
      copy(last, arrays.g, arrays.gAt + from, bytes);
    }

    private static long copy(long from, Window to, int offset, int bytes) {
      if (to == null) {
        return from;
      }
      long address = to.address(offset);
      Pointer.memcpy(new Memory(address), new Memory(from), bytes);
      return address;
    }
  }

  /** A pointer to a given address, which JavaCPP lets only subclasses make. */
  private static final class Memory extends Pointer {
    Memory(long at) {
      address = at;
    }
  }
}
