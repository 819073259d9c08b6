package io.github.rmsprop4j.kernel;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Passes of the Vector API, one made for each form in use. Never named outside a lookup by name, so
 * that a JVM without the module never links it.
 */
final class SimdKernel extends HostKernel {
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private static final AtomicBoolean COUNTED = new AtomicBoolean();

  // For all kernels of this JVM: what C2 has compiled for one need not be compiled for another.
  private static final Map<Form, Pass> FLOATS = new ConcurrentHashMap<>();
  private static final Map<Form, Pass> DOUBLES = new ConcurrentHashMap<>();

  /**
   * Checks that this JVM can load vectors.
   *
   * @param threads at most how many share a large step
   * @throws UnsupportedOperationException if it cannot
   */
  SimdKernel(int threads) {
    this(threads, true, Limits.USUAL);
  }

  SimdKernel(int threads, boolean setsAside, Limits limits) {
    super(threads, setsAside, limits);
    VectorMemory.FLOATS.length();
  }

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public String toString() {
    return "simd, " + VectorMemory.FLOATS.vectorBitSize() + "-bit vectors";
  }

  @Override
  Pass pass(Form form, boolean wide) {
    return new SimdPass(
        vectors(form.withinRoom(), wide),
        new PlainPass(wide, form.setsAside()),
        wide ? VectorMemory.DOUBLES.length() : VectorMemory.FLOATS.length());
  }

  private static Pass vectors(Form form, boolean wide) {
    int page = Window.PAGE / (wide ? Double.BYTES : Float.BYTES);
    return form.isLarge()
        ? new PassInHalves(made(form.means(), wide), made(form.update(), wide), page)
        : made(form, wide);
  }

  private static Pass made(Form form, boolean wide) {
    return wide
        ? DOUBLES.computeIfAbsent(form, f -> made(DoublePass.class, f, DoublePass::new))
        : FLOATS.computeIfAbsent(form, f -> made(FloatPass.class, f, FloatPass::new));
  }

  static Pass made(Class<? extends Pass> template, Form form, Function<Form, Pass> unspecialised) {
    if (COUNTED.compareAndSet(false, true)) { // here, since the warm-up makes passes on its thread
      VectorMemory.count();
    }
    try {
      return specialised(template, form);
    } catch (ReflectiveOperationException
        | IOException
        | SecurityException
        | UnsupportedOperationException
        | LinkageError e) {
      if (WARNED.compareAndSet(false, true)) {
        Kernels.LOG.warn(
            "The simd kernel cannot be made for each form of the step ({}): it will be slower where"
                + " a process uses several.",
            e.toString());
      }
      return unspecialised.apply(form);
    }
  }

  /** A hidden class of the template's class file whose constant is the form. */
  static Pass specialised(Class<? extends Pass> template, Form form)
      throws ReflectiveOperationException, IOException {
    String file = template.getSimpleName() + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      if (in == null) {
        throw new FileNotFoundException(file);
      }
      return MethodHandles.lookup()
          .defineHiddenClassWithClassData(in.readAllBytes(), form, true)
          .lookupClass()
          .asSubclass(Pass.class)
          .getDeclaredConstructor(Form.class)
          .newInstance(form);
    }
  }

  /** {@return the form that a hidden class was made for; null in an ordinary class} */
  static Form constantOf(Lookup lookup) {
    try {
      return MethodHandles.classData(lookup, "_", Form.class);
    } catch (IllegalAccessException e) {
      throw new LinkageError("a class may read its own data", e);
    }
  }
}
