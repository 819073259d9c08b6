package io.github.rmsprop4j.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The fastest pass at every moment: until C2 has compiled it, a vector is a boxed object, and the
 * simd kernel a hundred times slower than plain. So each form begins with the plain pass, and goes
 * on with the vector pass when {@link WarmUp} has measured that one to be as fast. Nobody can tell
 * which one did a step: the bits are the same.
 */
final class FastestKernel extends HostKernel {
  private final Supplier<HostKernel> simdKernel;
  private final HostKernel plain;
  private final boolean plainSearches;
  private final WarmUp warmUp = new WarmUp(this::pick);
  private final AtomicInteger picked = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile HostKernel simd; // once a form is worth it: vectors alone take 30 ms to load

  FastestKernel(Supplier<HostKernel> simdKernel, int threads) {
    this(simdKernel, threads, Subnormals.areSlow());
  }

  /**
   * A kernel.
   *
   * @param simdKernel of vectors
   * @param threads at most how many share a large step, &gt;= 1
   * @param plainSearches whether plain sets dead weights aside, see {@link Subnormals}
   */
  FastestKernel(Supplier<HostKernel> simdKernel, int threads, boolean plainSearches) {
    super(threads, true, Limits.USUAL);
    this.simdKernel = simdKernel;
    this.plainSearches = plainSearches;
    plain = new PlainKernel(threads, plainSearches, Limits.USUAL);
  }

  /** {@return the kernel of most steps in the end} */
  @Override
  public String name() {
    return picked.get() == 0 && refused.get() > 0 ? plain.name() : "simd";
  }

  @Override
  public String toString() {
    int forms = picked.get() + refused.get();
    if (forms == 0) {
      return "simd, plain until it is compiled";
    }
    if (picked.get() == 0) {
      return "plain, as simd" + vectors() + " did not become faster";
    }
    return refused.get() == 0
        ? simd.toString()
        : simd + ", in " + picked + " of " + forms + " forms of the step";
  }

  private String vectors() {
    return simd == null ? "" : " with " + simd.toString().substring(simd.name().length() + 2);
  }

  @Override
  Pass pass(Form form, boolean wide) {
    return plain.pass(form, wide);
  }

  /** Where plain has no way of its own for dead weights, they begin with the pass of the others. */
  @Override
  Pass firstPass(int form, boolean wide) {
    if ((form & Form.SETS_ASIDE) == 0 || plainSearches) {
      return super.firstPass(form, wide);
    }
    Route alive = route(form ^ Form.SETS_ASIDE, wide);
    return (step, arrays, from, to) -> alive.ways().pass().run(step, arrays, from, to);
  }

  @Override
  void beforeStep(Route route, long length) {
    if (!route.asked.get()
        && route.isWorth(length, plainSearches)
        && route.asked.compareAndSet(false, true)) {
      warmUp.add(route, () -> simd().pass(route.form, route.wide));
    }
  }

  private HostKernel simd() {
    if (simd == null) {
      simd = simdKernel.get(); // on the one thread of the warm-up
    }
    return simd;
  }

  /** Told what came of a warm-up: the pass, or null if plain remains for now. */
  private void pick(Route route, Pass pass) {
    boolean again = route.wasRefused();
    boolean news;
    if (pass == null) {
      route.askLater();
      news = !again && refused.getAndIncrement() == 0;
    } else {
      route.change(pass);
      news = picked.getAndIncrement() == 0;
      refused.addAndGet(again ? -1 : 0);
    }
    if (news) {
      Kernels.LOG.info("RMSprop kernel: now {}", this);
    }
  }
}
