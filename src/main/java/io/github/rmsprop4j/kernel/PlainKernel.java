package io.github.rmsprop4j.kernel;

/**
 * Plain Java, for JVMs that were started without the vector module. C2 vectorises loops over heap
 * arrays but not over direct buffers (4096 floats take 9.6 µs through a buffer and 1.2 µs on the
 * heap, JDK 17), so a tile at a time is copied to the heap, stepped there and copied back. Each
 * line of the step is a loop of its own: with its alternatives inside, C2 vectorises none of them
 * (4.5 against 0.5 ns per parameter, JDK 17), and the tile stays in the first-level cache anyway.
 */
class PlainKernel extends HostKernel {
  private static final int TILE = 1024;

  // Of the next tile; measured against 2, 4 and 16 lines, and against the tile after the next.
  private static final int LINES_AHEAD = 8;

  // The common pool's threads lose theirs after every task and make them anew, 16 or 32 kB each
  // time.
  private static final ThreadLocal<FloatTiles> FLOAT_TILES =
      ThreadLocal.withInitial(FloatTiles::new);
  private static final ThreadLocal<DoubleTiles> DOUBLE_TILES =
      ThreadLocal.withInitial(DoubleTiles::new);

  PlainKernel(int threads) {
    super(threads);
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
  void floats(Step step, long gAddress, long vAddress, long mAddress, long bAddress, int n) {
    FloatTiles tiles = FLOAT_TILES.get();
    float[] g = tiles.g;
    float[] v = tiles.v;
    float[] m = tiles.m;
    float[] b = tiles.b;
    boolean mayBeDead = DeadWeights.canBeSetAside(step);
    boolean dead = false;
    for (int i = 0; i < n; i += TILE) {
      int size = Math.min(TILE, n - i);
      long offset = (long) i * Float.BYTES;
      load(g, gAddress + offset, size);
      load(v, vAddress + offset, size);
      if (n - i >= 2 * TILE) {
        long next = offset + TILE * Float.BYTES;
        Window.ask(gAddress + next, LINES_AHEAD);
        Window.ask(vAddress + next, LINES_AHEAD);
      }
      boolean setAside = dead;
      if (setAside) {
        dead = DeadWeights.setAside(step, g, v, tiles.aside, size);
      }
      moveMeanSquare(step, v, g, size);
      if (mAddress == NONE) {
        divide(step, g, v, size);
      } else {
        load(m, mAddress + offset, size);
        moveMean(step, m, g, size);
        divideCentered(step, g, v, m, size);
        store(m, mAddress + offset, size);
      }
      if (setAside) {
        DeadWeights.putBack(v, tiles.aside, size);
      } else if (mayBeDead) {
        dead = DeadWeights.anyDead(v, size); // then of the next tile too, in all likelihood
      }
      store(v, vAddress + offset, size);
      if (bAddress != NONE) {
        load(b, bAddress + offset, size);
        addMomentum(step, g, b, size);
        store(b, bAddress + offset, size);
      }
      store(g, gAddress + offset, size);
    }
  }

  private static void load(float[] tile, long address, int n) {
    Window window = Window.at(address);
    window.floats.get(window.offset(address) / Float.BYTES, tile, 0, n);
  }

  private static void store(float[] tile, long address, int n) {
    Window window = Window.at(address);
    window.floats.put(window.offset(address) / Float.BYTES, tile, 0, n);
  }

  private static void moveMeanSquare(Step step, float[] v, float[] g, int n) {
    float decay = (float) step.decay();
    float rest = step.floatOneMinusDecay();
    if (step.fused()) {
      for (int i = 0; i < n; i++) {
        v[i] = Math.fma(v[i], decay, (g[i] * g[i]) * rest);
      }
    } else if (step.difference()) {
      for (int i = 0; i < n; i++) {
        v[i] = v[i] + (g[i] * g[i] - v[i]) * rest;
      }
    } else {
      for (int i = 0; i < n; i++) {
        v[i] = v[i] * decay + (g[i] * g[i]) * rest;
      }
    }
  }

  private static void moveMean(Step step, float[] m, float[] g, int n) {
    float decay = (float) step.decay();
    float rest = step.floatOneMinusDecay();
    if (step.difference()) {
      for (int i = 0; i < n; i++) {
        m[i] = m[i] + (g[i] - m[i]) * rest;
      }
    } else {
      for (int i = 0; i < n; i++) {
        m[i] = m[i] * decay + g[i] * rest;
      }
    }
  }

  private static void divide(Step step, float[] g, float[] v, int n) {
    float rate = (float) step.rateIn();
    float correction = (float) step.correction();
    float inside = (float) step.epsilonInside();
    float outside = (float) step.epsilonOutside();
    for (int i = 0; i < n; i++) {
      float d = v[i] * correction;
      g[i] = (rate * g[i]) / ((float) Math.sqrt(d + inside) + outside);
    }
  }

  private static void divideCentered(Step step, float[] g, float[] v, float[] m, int n) {
    float rate = (float) step.rateIn();
    float correction = (float) step.correction();
    float inside = (float) step.epsilonInside();
    float outside = (float) step.epsilonOutside();
    for (int i = 0; i < n; i++) {
      float mean = m[i] * correction;
      float d = Math.max(v[i] * correction - mean * mean, 0);
      g[i] = (rate * g[i]) / ((float) Math.sqrt(d + inside) + outside);
    }
  }

  private static void addMomentum(Step step, float[] g, float[] b, int n) {
    float momentum = (float) step.momentum();
    float rate = (float) step.rateOut();
    if (step.nesterov()) {
      for (int i = 0; i < n; i++) {
        b[i] = b[i] * momentum + g[i];
        g[i] = rate * (b[i] * momentum + g[i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        b[i] = b[i] * momentum + g[i];
        g[i] = rate * b[i];
      }
    }
  }

  @Override
  void doubles(Step step, long gAddress, long vAddress, long mAddress, long bAddress, int n) {
    DoubleTiles tiles = DOUBLE_TILES.get();
    double[] g = tiles.g;
    double[] v = tiles.v;
    double[] m = tiles.m;
    double[] b = tiles.b;
    for (int i = 0; i < n; i += TILE) {
      int size = Math.min(TILE, n - i);
      long offset = (long) i * Double.BYTES;
      load(g, gAddress + offset, size);
      load(v, vAddress + offset, size);
      if (n - i >= 2 * TILE) {
        long next = offset + TILE * Double.BYTES;
        Window.ask(gAddress + next, LINES_AHEAD);
        Window.ask(vAddress + next, LINES_AHEAD);
      }
      moveMeanSquare(step, v, g, size);
      if (mAddress == NONE) {
        divide(step, g, v, size);
      } else {
        load(m, mAddress + offset, size);
        moveMean(step, m, g, size);
        divideCentered(step, g, v, m, size);
        store(m, mAddress + offset, size);
      }
      store(v, vAddress + offset, size);
      if (bAddress != NONE) {
        load(b, bAddress + offset, size);
        addMomentum(step, g, b, size);
        store(b, bAddress + offset, size);
      }
      store(g, gAddress + offset, size);
    }
  }

  private static void load(double[] tile, long address, int n) {
    Window window = Window.at(address);
    window.doubles.get(window.offset(address) / Double.BYTES, tile, 0, n);
  }

  private static void store(double[] tile, long address, int n) {
    Window window = Window.at(address);
    window.doubles.put(window.offset(address) / Double.BYTES, tile, 0, n);
  }

  private static void moveMeanSquare(Step step, double[] v, double[] g, int n) {
    double decay = step.decay();
    double rest = step.oneMinusDecay();
    if (step.fused()) {
      for (int i = 0; i < n; i++) {
        v[i] = Math.fma(v[i], decay, (g[i] * g[i]) * rest);
      }
    } else if (step.difference()) {
      for (int i = 0; i < n; i++) {
        v[i] = v[i] + (g[i] * g[i] - v[i]) * rest;
      }
    } else {
      for (int i = 0; i < n; i++) {
        v[i] = v[i] * decay + (g[i] * g[i]) * rest;
      }
    }
  }

  private static void moveMean(Step step, double[] m, double[] g, int n) {
    double decay = step.decay();
    double rest = step.oneMinusDecay();
    if (step.difference()) {
      for (int i = 0; i < n; i++) {
        m[i] = m[i] + (g[i] - m[i]) * rest;
      }
    } else {
      for (int i = 0; i < n; i++) {
        m[i] = m[i] * decay + g[i] * rest;
      }
    }
  }

  private static void divide(Step step, double[] g, double[] v, int n) {
    double rate = step.rateIn();
    double correction = step.correction();
    double inside = step.epsilonInside();
    double outside = step.epsilonOutside();
    for (int i = 0; i < n; i++) {
      double d = v[i] * correction;
      g[i] = (rate * g[i]) / (Math.sqrt(d + inside) + outside);
    }
  }

  private static void divideCentered(Step step, double[] g, double[] v, double[] m, int n) {
    double rate = step.rateIn();
    double correction = step.correction();
    double inside = step.epsilonInside();
    double outside = step.epsilonOutside();
    for (int i = 0; i < n; i++) {
      double mean = m[i] * correction;
      double d = Math.max(v[i] * correction - mean * mean, 0);
      g[i] = (rate * g[i]) / (Math.sqrt(d + inside) + outside);
    }
  }

  private static void addMomentum(Step step, double[] g, double[] b, int n) {
    double momentum = step.momentum();
    double rate = step.rateOut();
    if (step.nesterov()) {
      for (int i = 0; i < n; i++) {
        b[i] = b[i] * momentum + g[i];
        g[i] = rate * (b[i] * momentum + g[i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        b[i] = b[i] * momentum + g[i];
        g[i] = rate * b[i];
      }
    }
  }

  /** One thread's heap tiles. */
  private static final class FloatTiles {
    final float[] g = new float[TILE];
    final float[] v = new float[TILE];
    final float[] m = new float[TILE];
    final float[] b = new float[TILE];
    final float[] aside = new float[TILE];
  }

  /** One thread's heap tiles. */
  private static final class DoubleTiles {
    final double[] g = new double[TILE];
    final double[] v = new double[TILE];
    final double[] m = new double[TILE];
    final double[] b = new double[TILE];
  }
}
