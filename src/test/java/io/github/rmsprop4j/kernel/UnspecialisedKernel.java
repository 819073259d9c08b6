package io.github.rmsprop4j.kernel;

/**
 * Vector passes as they are where no class can be made for each form, such as in a native image:
 * slower, to the same bits. Named only where the vector module is readable.
 */
final class UnspecialisedKernel extends HostKernel {
  UnspecialisedKernel(int threads, Limits limits) {
    super(threads, false, limits);
  }

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public String toString() {
    return "simd, one class for all forms";
  }

  @Override
  Pass pass(Form form, boolean wide) {
    return new SimdPass(
        wide ? new DoublePass(form) : new FloatPass(form),
        new PlainPass(wide, false),
        wide ? VectorMemory.DOUBLES.length() : VectorMemory.FLOATS.length());
  }
}
