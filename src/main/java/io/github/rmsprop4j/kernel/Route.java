package io.github.rmsprop4j.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** How steps of one form and type are done at present, and the choosers by size of array. */
final class Route {
  /** Choosers by size: that of n elements is at the number of n's bits. */
  static final int SIZES = 65;

  /**
   * A warm-up of vectors takes 50 to 100 ms of a busy machine's steps; a byte of the arrays takes
   * the plain pass 0.02 to 0.05 ns more in all forms and both types (0.34 ns of a float of the
   * plain form, 1.43 ns of a double with momentum and mean; Zen 4): by then as much is lost without
   * vectors as they will cost, so nobody loses much by them (with a sixteenth of it, 5,000 steps of
   * 10^5 parameters took 359 ms, and 287 in plain alone, JDK 25). That is in the caches.
   */
  private static final long WORTH = 1L << 31;

  /**
   * How often a byte of large arrays counts, or one of dead weights where plain searches for them.
   * Behind the caches plain takes up to 0.13 ns a byte more (one pass of 10^7 floats 2.1 and 0.6
   * ns, JDK 25, benchmarks/results/xeon-jdk25-fused.tsv), and a training with such arrays spends
   * most of its time elsewhere, so that a warm-up takes little from steps. Counted once, the first
   * 225 iterations of MNIST in one pass were plain.
   */
  private static final int MORE = 4;

  /** How many times as much must be at stake until what was refused is asked for again. */
  private static final int LATER = 4;

  final Form form;
  final boolean wide;

  /** Bytes of arrays, as they count, from which on another pass is worth the compiler's time. */
  volatile long worth = WORTH;

  /** Of these, those stepped so far; that threads may lose some does not matter. */
  long stepped;

  /** Whether a faster pass was asked for. */
  final AtomicBoolean asked = new AtomicBoolean();

  /** Bytes that belong to one parameter. */
  private final int bytes;

  private volatile Ways ways;

  Route(Form form, boolean wide, Pass pass) {
    this.form = form;
    this.wide = wide;
    bytes = form.arrays() * (wide ? Double.BYTES : Float.BYTES);
    change(pass);
  }

  /** The pass, and the same reading ahead, with what was found out about them. */
  record Ways(Pass pass, Pass ahead, AtomicReferenceArray<Chooser> choosers) {
    /** {@return the chooser for arrays of about this length; null if there is none yet} */
    Chooser chooser(long length) {
      return choosers.get(size(length));
    }

    /** {@return that chooser, or the one that another thread added before} */
    Chooser add(long length, Chooser chooser) {
      choosers.compareAndSet(size(length), null, chooser);
      return choosers.get(size(length));
    }

    private static int size(long length) {
      return Long.SIZE - Long.numberOfLeadingZeros(length);
    }
  }

  Ways ways() {
    return ways;
  }

  /**
   * Counts a step.
   *
   * @param length its parameters
   * @param plainSearches whether plain searches for dead weights
   * @return whether another pass is worth it by now
   */
  boolean isWorth(long length, boolean plainSearches) {
    boolean more = length >= HostKernel.Limits.USUAL.large() || form.setsAside() && plainSearches;
    stepped += length * bytes * (more ? MORE : 1);
    return stepped >= worth;
  }

  /** As if no faster pass had been asked for. */
  void forget() {
    stepped = 0;
    asked.set(false);
  }

  /** {@return whether a warm-up was for nothing} */
  boolean wasRefused() {
    return worth > WORTH;
  }

  /** Another process may have had the cores: what was not faster then may be so later. */
  void askLater() {
    worth *= LATER;
    asked.set(false);
  }

  /** Uses another pass from now on; what was found out about the old one does not count. */
  void change(Pass pass) {
    ways =
        new Ways(
            pass,
            new ReadAhead(pass, wide ? Double.BYTES : Float.BYTES),
            new AtomicReferenceArray<>(SIZES));
  }
}
