package io.github.rmsprop4j.kernel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loads and stores vectors in a {@link Window}. The Vector API reads byte buffers up to JDK 18 and
 * memory segments from JDK 19 on, and no release has both; constant method handles serve them from
 * one class file, at the speed of direct calls and without garbage.
 */
final class VectorMemory {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  // (Object memory, int byteOffset) -> vector, and (vector, Object memory, int byteOffset) -> void
  private static final MethodHandle LOAD_FLOATS = load(FloatVector.class, FLOATS);
  private static final MethodHandle STORE_FLOATS = store(FloatVector.class);
  private static final MethodHandle LOAD_DOUBLES = load(DoubleVector.class, DOUBLES);
  private static final MethodHandle STORE_DOUBLES = store(DoubleVector.class);

  private static final boolean BUFFERS = Memory.find().type == ByteBuffer.class;

  /**
   * How often a pass asks {@link #of} for its memory before the loop. C2 removes all turns but one;
   * but it is certain to inline a call only where that was counted a quarter as often as the calls
   * of the method around it, and nothing is counted before C1 has compiled that. Where it does not
   * inline, each step allocates its views: with one turn 2 to 8 of 252 forms did, with four one
   * form in 24 processes.
   */
  static final int TURNS = 8;

  /**
   * So many calls of {@link #of} and C1 has compiled it and counts. With a thousand no step
   * allocated views in any of 8 processes, without in 5 of 8. They take 10 ms.
   */
  private static final int CALLS = 2000;

  private VectorMemory() {}

  /**
   * What a window's vectors are loaded from.
   *
   * @param own whether this is to be a buffer of the caller's own. Of a buffer that others know, C2
   *     of JDK 17 reads and checks limit, base and address again at each access, as if it changed
   *     in between: 83 instructions for 8 floats. A buffer that never leaves the method is no
   *     object at all, everything is known before the loop, and 32 are left. Memory segments have
   *     no need of it.
   */
  static Object of(Window window, boolean own) {
    Object memory = window.memory;
    // Cast to what all direct buffers are: ByteBuffer.duplicate would go through a bridge method.
    return own && BUFFERS ? ((MappedByteBuffer) memory).duplicate() : memory;
  }

  /** Tells C2 what {@link #of} calls, before a pass that relies on it is compiled. */
  static void count() {
    if (BUFFERS) {
      Window window = Window.at(0);
      window.open();
      for (int i = 0; i < CALLS; i++) {
        of(window, true);
      }
    }
  }

  /**
   * A scalar in every lane. Where it is used more than once this keeps the step short: operations
   * on scalars broadcast each time, and JDK 17 stops inlining what is too long and allocates
   * vectors. Inside the loop, since JDK 17 may keep one that lives across it as an object.
   */
  static FloatVector floats(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /** The same for doubles. */
  static DoubleVector doubles(double value) {
    return DoubleVector.broadcast(DOUBLES, value);
  }

  static FloatVector floats(Object memory, int offset) {
    try {
      return (FloatVector) LOAD_FLOATS.invokeExact(memory, offset);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static void put(FloatVector vector, Object memory, int offset) {
    try {
      STORE_FLOATS.invokeExact(vector, memory, offset);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static DoubleVector doubles(Object memory, int offset) {
    try {
      return (DoubleVector) LOAD_DOUBLES.invokeExact(memory, offset);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static void put(DoubleVector vector, Object memory, int offset) {
    try {
      STORE_DOUBLES.invokeExact(vector, memory, offset);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  private static MethodHandle load(Class<?> vector, VectorSpecies<?> species) {
    Memory memory = Memory.find();
    MethodHandle load =
        find(
            lookup ->
                lookup.findStatic(
                    vector,
                    "from" + memory.name,
                    MethodType.methodType(
                        vector, VectorSpecies.class, memory.type, memory.offset, ByteOrder.class)));
    load = MethodHandles.insertArguments(load, 3, ByteOrder.nativeOrder());
    load = MethodHandles.insertArguments(load, 0, species);
    return MethodHandles.explicitCastArguments(
        load, MethodType.methodType(vector, Object.class, int.class));
  }

  private static MethodHandle store(Class<?> vector) {
    Memory memory = Memory.find();
    MethodHandle store =
        find(
            lookup ->
                lookup.findVirtual(
                    vector,
                    "into" + memory.name,
                    MethodType.methodType(
                        void.class, memory.type, memory.offset, ByteOrder.class)));
    store = MethodHandles.insertArguments(store, 3, ByteOrder.nativeOrder());
    return MethodHandles.explicitCastArguments(
        store, MethodType.methodType(void.class, vector, Object.class, int.class));
  }

  private static MethodHandle find(Finder finder) {
    try {
      return finder.in(MethodHandles.lookup());
    } catch (ReflectiveOperationException e) {
      throw new UnsupportedOperationException(
          "this JDK's Vector API loads from neither byte buffers nor memory segments", e);
    }
  }

  private interface Finder {
    MethodHandle in(Lookup lookup) throws ReflectiveOperationException;
  }

  /**
   * The kind of memory that this JDK's vectors are loaded from, as {@link Window#memory} holds it.
   */
  private record Memory(String name, Class<?> type, Class<?> offset) {
    static Memory find() {
      try {
        return new Memory(
            "MemorySegment",
            Class.forName("java.lang.foreign.MemorySegment", false, null),
            long.class);
      } catch (ClassNotFoundException e) {
        return new Memory("ByteBuffer", ByteBuffer.class, int.class);
      }
    }
  }

  private static RuntimeException rethrow(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) e; // neither method declares a checked exception
  }
}
