package io.github.rmsprop4j.kernel;

/**
 * Every form of the step in plain Java. C2 vectorises loops over heap arrays but not over direct
 * buffers (4096 floats take 9.6 µs through a buffer and 1.2 µs on the heap, JDK 17), so a tile at a
 * time is copied to the heap, stepped there and copied back. Each line of the step is a loop of its
 * own: with its alternatives inside, C2 vectorises none of them (4.5 against 0.5 ns per parameter,
 * JDK 17), and the tile stays in the first-level cache anyway.
 */
final class PlainPass implements Pass {
  private static final int TILE = 1024;

  // The common pool's threads lose theirs after every task and make them anew, 16 or 32 kB each
  // time.
  private static final ThreadLocal<FloatTiles> FLOAT_TILES =
      ThreadLocal.withInitial(FloatTiles::new);
  private static final ThreadLocal<DoubleTiles> DOUBLE_TILES =
      ThreadLocal.withInitial(DoubleTiles::new);

  private final boolean wide;
  private final boolean setsAside;

  /**
   * A pass over one type.
   *
   * @param wide whether over doubles, not floats
   * @param setsAside whether dead weights are set aside, see {@link Subnormals}
   */
  PlainPass(boolean wide, boolean setsAside) {
    this.wide = wide;
    this.setsAside = setsAside;
  }

  @Override
  public void run(Step step, Operands arrays, int from, int to) {
    if (wide) {
      doubles(step, arrays, from, to);
    } else {
      floats(step, arrays, from, to);
    }
  }

  private void floats(Step step, Operands arrays, int from, int to) {
    ParameterDecay decay = step.parameterDecay();
    FloatTiles tiles = FLOAT_TILES.get();
    float[] g = tiles.g;
    float[] v = tiles.v;
    float[] m = tiles.m;
    float[] b = tiles.b;
    for (int i = from; i < to; i += TILE) {
      int size = Math.min(TILE, to - i);
      loadPrepared(step, tiles, arrays, i, size);
      load(v, arrays.v, arrays.vAt, i, size);
      int dead = setsAside ? Subnormals.setAside(step, g, v, tiles.where, tiles.aside, size) : 0;
      moveMeanSquare(step, v, g, size);
      if (arrays.m == null) {
        divide(step, g, v, size);
      } else {
        load(m, arrays.m, arrays.mAt, i, size);
        moveMean(step, m, g, size);
        divideCentered(step, g, v, m, size);
        store(m, arrays.m, arrays.mAt, i, size);
      }
      Subnormals.putBack(v, tiles.where, tiles.aside, dead);
      store(v, arrays.v, arrays.vAt, i, size);
      if (arrays.b != null) {
        load(b, arrays.b, arrays.bAt, i, size);
        addMomentum(step, g, b, size);
        store(b, arrays.b, arrays.bAt, i, size);
      }
      if (arrays.p != null) {
        float[] p = b; // done with
        load(p, arrays.p, arrays.pAt, i, size);
        if (decay.weightDecay() != 0) {
          addParameters((float) decay.weightDecay(), step.fusedDecay(), p, g, size);
          if (decay.twice()) {
            addParameters((float) decay.weightDecay(), step.fusedDecay(), p, g, size);
          }
        }
        subtract(g, p, size);
        store(p, arrays.p, arrays.pAt, i, size);
      }
      if (arrays.p == null || step.keepUpdate()) {
        store(g, arrays.g, arrays.gAt, i, size);
      }
    }
  }

  private static void loadPrepared(Step step, FloatTiles tiles, Operands arrays, int from, int n) {
    load(tiles.g, arrays.g, arrays.gAt, from, n);
    divideByDivisor(step, tiles.g, n);
    ParameterDecay decay = step.parameterDecay();
    if (decay.l2() != 0) {
      load(tiles.b, arrays.p, arrays.pAt, from, n); // whose tile is free until the momentum
      addParameters((float) decay.l2(), step.fusedDecay(), tiles.b, tiles.g, n);
    }
  }

  private static void load(float[] tile, Window window, int at, int from, int n) {
    window.floats.get(at / Float.BYTES + from, tile, 0, n);
  }

  private static void store(float[] tile, Window window, int at, int from, int n) {
    window.floats.put(at / Float.BYTES + from, tile, 0, n);
  }

  private static void divideByDivisor(Step step, float[] g, int n) {
    if (step.scales()) {
      float scale = 1 / (float) step.divisor();
      for (int i = 0; i < n; i++) {
        g[i] = g[i] * scale;
      }
    } else if (step.divisor() != 1) {
      float divisor = (float) step.divisor();
      for (int i = 0; i < n; i++) {
        g[i] = g[i] / divisor;
      }
    }
  }

  private static void addParameters(float factor, boolean fused, float[] p, float[] g, int n) {
    if (fused) {
      for (int i = 0; i < n; i++) {
        g[i] = Math.fma(p[i], factor, g[i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        g[i] = p[i] * factor + g[i];
      }
    }
  }

  private static void subtract(float[] g, float[] p, int n) {
    for (int i = 0; i < n; i++) {
      p[i] = p[i] - g[i];
    }
  }

  private static void moveMeanSquare(Step step, float[] v, float[] g, int n) {
    float decay = (float) step.decay();
    float oneMinusDecay = step.floatOneMinusDecay();
    if (step.fused()) {
      for (int i = 0; i < n; i++) {
        v[i] = Math.fma(v[i], decay, (g[i] * g[i]) * oneMinusDecay);
      }
    } else if (step.difference()) {
      for (int i = 0; i < n; i++) {
        v[i] = v[i] + (g[i] * g[i] - v[i]) * oneMinusDecay;
      }
    } else {
      for (int i = 0; i < n; i++) {
        v[i] = v[i] * decay + (g[i] * g[i]) * oneMinusDecay;
      }
    }
  }

  private static void moveMean(Step step, float[] m, float[] g, int n) {
    float decay = (float) step.decay();
    float oneMinusDecay = step.floatOneMinusDecay();
    if (step.difference()) {
      for (int i = 0; i < n; i++) {
        m[i] = m[i] + (g[i] - m[i]) * oneMinusDecay;
      }
    } else {
      for (int i = 0; i < n; i++) {
        m[i] = m[i] * decay + g[i] * oneMinusDecay;
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

  private static void doubles(Step step, Operands arrays, int from, int to) {
    ParameterDecay decay = step.parameterDecay();
    DoubleTiles tiles = DOUBLE_TILES.get();
    double[] g = tiles.g;
    double[] v = tiles.v;
    double[] m = tiles.m;
    double[] b = tiles.b;
    for (int i = from; i < to; i += TILE) {
      int size = Math.min(TILE, to - i);
      load(g, arrays.g, arrays.gAt, i, size);
      load(v, arrays.v, arrays.vAt, i, size);
      divideByDivisor(step, g, size);
      if (decay.l2() != 0) {
        load(b, arrays.p, arrays.pAt, i, size); // whose tile is free until the momentum
        addParameters(decay.l2(), step.fusedDecay(), b, g, size);
      }
      moveMeanSquare(step, v, g, size);
      if (arrays.m == null) {
        divide(step, g, v, size);
      } else {
        load(m, arrays.m, arrays.mAt, i, size);
        moveMean(step, m, g, size);
        divideCentered(step, g, v, m, size);
        store(m, arrays.m, arrays.mAt, i, size);
      }
      store(v, arrays.v, arrays.vAt, i, size);
      if (arrays.b != null) {
        load(b, arrays.b, arrays.bAt, i, size);
        addMomentum(step, g, b, size);
        store(b, arrays.b, arrays.bAt, i, size);
      }
      if (arrays.p != null) {
        double[] p = b; // done with
        load(p, arrays.p, arrays.pAt, i, size);
        if (decay.weightDecay() != 0) {
          addParameters(decay.weightDecay(), step.fusedDecay(), p, g, size);
          if (decay.twice()) {
            addParameters(decay.weightDecay(), step.fusedDecay(), p, g, size);
          }
        }
        subtract(g, p, size);
        store(p, arrays.p, arrays.pAt, i, size);
      }
      if (arrays.p == null || step.keepUpdate()) {
        store(g, arrays.g, arrays.gAt, i, size);
      }
    }
  }

  private static void load(double[] tile, Window window, int at, int from, int n) {
    window.doubles.get(at / Double.BYTES + from, tile, 0, n);
  }

  private static void store(double[] tile, Window window, int at, int from, int n) {
    window.doubles.put(at / Double.BYTES + from, tile, 0, n);
  }

  private static void divideByDivisor(Step step, double[] g, int n) {
    if (step.scales()) {
      double scale = 1 / step.divisor();
      for (int i = 0; i < n; i++) {
        g[i] = g[i] * scale;
      }
    } else if (step.divisor() != 1) {
      double divisor = step.divisor();
      for (int i = 0; i < n; i++) {
        g[i] = g[i] / divisor;
      }
    }
  }

  private static void addParameters(double factor, boolean fused, double[] p, double[] g, int n) {
    if (fused) {
      for (int i = 0; i < n; i++) {
        g[i] = Math.fma(p[i], factor, g[i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        g[i] = p[i] * factor + g[i];
      }
    }
  }

  private static void subtract(double[] g, double[] p, int n) {
    for (int i = 0; i < n; i++) {
      p[i] = p[i] - g[i];
    }
  }

  private static void moveMeanSquare(Step step, double[] v, double[] g, int n) {
    double decay = step.decay();
    double oneMinusDecay = step.oneMinusDecay();
    if (step.fused()) {
      for (int i = 0; i < n; i++) {
        v[i] = Math.fma(v[i], decay, (g[i] * g[i]) * oneMinusDecay);
      }
    } else if (step.difference()) {
      for (int i = 0; i < n; i++) {
        v[i] = v[i] + (g[i] * g[i] - v[i]) * oneMinusDecay;
      }
    } else {
      for (int i = 0; i < n; i++) {
        v[i] = v[i] * decay + (g[i] * g[i]) * oneMinusDecay;
      }
    }
  }

  private static void moveMean(Step step, double[] m, double[] g, int n) {
    double decay = step.decay();
    double oneMinusDecay = step.oneMinusDecay();
    if (step.difference()) {
      for (int i = 0; i < n; i++) {
        m[i] = m[i] + (g[i] - m[i]) * oneMinusDecay;
      }
    } else {
      for (int i = 0; i < n; i++) {
        m[i] = m[i] * decay + g[i] * oneMinusDecay;
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
    final int[] where = new int[TILE];
  }

  /** One thread's heap tiles. */
  private static final class DoubleTiles {
    final double[] g = new double[TILE];
    final double[] v = new double[TILE];
    final double[] m = new double[TILE];
    final double[] b = new double[TILE];
  }
}
