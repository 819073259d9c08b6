package io.github.rmsprop4j.kernel;

/** Plain Java, for JVMs that were started without the vector module. */
final class PlainKernel extends HostKernel {
  private final boolean setsAside;

  PlainKernel(int threads) {
    this(threads, Subnormals.areSlow(), Limits.USUAL);
  }

  PlainKernel(int threads, boolean setsAside, Limits limits) {
    super(threads, setsAside, limits);
    this.setsAside = setsAside;
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public String toString() {
    return name();
  }

  /** The search for dead weights pays only where subnormal numbers are slow, whatever the form. */
  @Override
  Pass pass(Form form, boolean wide) {
    return new PlainPass(wide, setsAside && form.setsAside());
  }
}
