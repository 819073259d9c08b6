package io.github.rmsprop4j.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** How steps of one form and type are done at present, and the choosers by size of array. */
final class Route {
  /** Choosers by size: that of n elements is at the number of n's bits. */
  static final int SIZES = 65;

  final Form form;
  final boolean wide;

  /** Elements stepped so far; that threads may lose some does not matter. */
  long stepped;

  /** Whether a faster pass was asked for. */
  final AtomicBoolean asked = new AtomicBoolean();

  private volatile Ways ways;

  Route(Form form, boolean wide, Pass pass) {
    this.form = form;
    this.wide = wide;
    change(pass);
  }

  /** The pass, and the same reading ahead, with what was found out about them. */
  record Ways(Pass pass, Pass ahead, AtomicReferenceArray<Chooser> choosers) {
    /** {@return the chooser for arrays of about this length} */
    Chooser chooser(long length, int candidates) {
      int size = Long.SIZE - Long.numberOfLeadingZeros(length);
      Chooser chooser = choosers.get(size);
      if (chooser == null) {
        choosers.compareAndSet(size, null, new Chooser(candidates));
        chooser = choosers.get(size);
      }
      return chooser;
    }
  }

  Ways ways() {
    return ways;
  }

  /** As if no faster pass had been asked for. */
  void forget() {
    stepped = 0;
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
