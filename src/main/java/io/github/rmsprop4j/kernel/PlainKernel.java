package io.github.rmsprop4j.kernel;

/** Plain Java, for JVMs that were started without the vector module. */
final class PlainKernel extends HostKernel {
  PlainKernel(int threads) {
    this(threads, Subnormals.areSlow(), Limits.USUAL);
  }

  PlainKernel(int threads, boolean setsAside, Limits limits) {
    super(threads, setsAside, limits);
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  Pass pass(Form form, boolean wide) {
    return new PlainPass(wide, form.setsAside());
  }
}
