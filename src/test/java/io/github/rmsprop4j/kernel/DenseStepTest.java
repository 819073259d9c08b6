package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.ReferenceMath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Kernels x lengths x offsets x types x settings: update and state, by bits. */
class DenseStepTest {
  /** Around the vector widths, primes, around a tile or a page. */
  private static final int[] LENGTHS = {
    1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 35, 61, 100, 127, 1021, 1024, 1025, 4095, 4096, 4097
  };

  /** Just too few to split over threads, just enough, and too many for equal parts. */
  private static final int[] SPLIT_LENGTHS = {
    HostKernel.Limits.USUAL.large() - 1,
    HostKernel.Limits.USUAL.large(),
    HostKernel.Limits.USUAL.large() + 4099
  };

  private static final int[] OFFSETS = {0, 1, 13};
  private static final int STEPS = 4; // each way to do a large step once
  private static final int GUARD = 19;

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#kernelsAndTypes")
  void everyLengthAndOffset(StepKernel kernel, DataType type) {
    for (boolean fused : new boolean[] {false, true}) {
      StepCase dl4j = StepCase.dl4j(fused);
      if (KernelsUnderTest.can(kernel, type, dl4j)) {
        for (int length : LENGTHS) {
          for (int offset : OFFSETS) {
            check(kernel, type, dl4j, length, offset);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#kernelsAndTypes")
  @Tag("long")
  void everyCombinationOfSettings(StepKernel kernel, DataType type) {
    int checked = 0;
    for (StepCase stepCase : StepCase.all()) {
      if (KernelsUnderTest.can(kernel, type, stepCase)) {
        for (int length : new int[] {67, 1100}) {
          check(kernel, type, stepCase, length, 3);
        }
        checked++;
      }
    }
    assertTrue(checked >= 160, checked + " combinations");
  }

  /** Near-constant gradients: the variance is rounded to less than zero. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#kernelsAndTypes")
  void aVarianceBelowZeroIsZeroAndNaNStaysOne(StepKernel kernel, DataType type) {
    Step step = Step.builder().rateIn(0.5).decay(0.5).epsilonInside(0.25).build();
    double[] gradient = new double[37];
    double[] mean = new double[37];
    Arrays.fill(gradient, 4);
    Arrays.fill(mean, 8);
    mean[3] = Double.NaN;
    try (INDArray g = Nd4j.createFromArray(gradient).castTo(type);
        INDArray v = Nd4j.ones(type, 37);
        INDArray m = Nd4j.createFromArray(mean).castTo(type)) {
      kernel.step(step, g, new State(v, m, null), null);
      for (int i = 0; i < gradient.length; i++) {
        assertEquals(i == 3 ? Double.NaN : 4, g.getDouble(i), "0.5 * 4 / sqrt(0 + 0.25)");
        assertEquals(8.5, v.getDouble(i));
        assertEquals(i == 3 ? Double.NaN : 6, m.getDouble(i));
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#kernelsAndTypes")
  @Tag("long")
  void everyArrayIsSplitOverThreadsAlike(StepKernel kernel, DataType type) {
    Step step =
        Step.builder()
            .rateIn(0.1)
            .decay(0.9)
            .restInDouble(true)
            .epsilonInside(1e-7)
            .momentum(0.9)
            .nesterov(true)
            .build();
    for (int length : SPLIT_LENGTHS) {
      check(kernel, type, new StepCase(step, true, true), length, 1);
    }
  }

  private static void check(
      StepKernel kernel, DataType type, StepCase stepCase, int length, int offset) {
    String what = kernel + " " + type + " length " + length + " offset " + offset + " " + stepCase;
    Random random = new Random(31L * length + offset);
    Guarded g = new Guarded(type, length, offset, random);
    Guarded v = new Guarded(type, length, 2 * offset, random);
    Guarded m = stepCase.centered() ? new Guarded(type, length, 3 * offset, random) : null;
    Guarded b = stepCase.momentum() ? new Guarded(type, length, offset, random) : null;
    List<Guarded> all = new ArrayList<>(List.of(g, v));
    if (m != null) {
      m.set(0);
      all.add(m);
    }
    if (b != null) {
      b.set(0);
      all.add(b);
    }
    v.set(1e-8);
    State state = new State(v.view, view(m), view(b));
    for (int t = 0; t < STEPS; t++) {
      g.refill(random);
      kernel.step(stepCase.step(), g.view, state, null);
      if (type == DataType.DOUBLE) {
        double[] gs = doubles(g);
        double[] vs = doubles(v);
        double[] ms = doubles(m);
        double[] bs = doubles(b);
        ReferenceMath.step(stepCase.step(), gs, vs, ms, bs);
        g.expect(gs);
        v.expect(vs);
        if (m != null) {
          m.expect(ms);
        }
        if (b != null) {
          b.expect(bs);
        }
      } else {
        float[] gs = floats(g);
        float[] vs = floats(v);
        float[] ms = floats(m);
        float[] bs = floats(b);
        ReferenceMath.step(stepCase.step(), gs, vs, ms, bs);
        g.expect(gs);
        v.expect(vs);
        if (m != null) {
          m.expect(ms);
        }
        if (b != null) {
          b.expect(bs);
        }
      }
      for (int i = 0; i < all.size(); i++) {
        all.get(i).check(what + " step " + t + " array " + i);
      }
    }
    all.forEach(Guarded::close);
  }

  private static INDArray view(Guarded array) {
    return array == null ? null : array.view;
  }

  private static double[] doubles(Guarded array) {
    return array == null ? null : array.expectedView.dup().data().asDouble();
  }

  private static float[] floats(Guarded array) {
    return array == null ? null : array.expectedView.dup().data().asFloat();
  }

  /** A view into a larger array, what it must hold, and elements around it that must not change. */
  private static final class Guarded {
    private final INDArray whole;
    private final INDArray expected;
    private final INDArray view;
    private final INDArray expectedView;

    Guarded(DataType type, int length, int offset, Random random) {
      whole = Nd4j.createUninitializedDetached(type, offset + length + GUARD);
      fill(whole, random);
      expected = Nd4j.createUninitializedDetached(type, whole.length());
      expected.assign(whole);
      view = whole.get(NDArrayIndex.interval(offset, offset + length));
      expectedView = expected.get(NDArrayIndex.interval(offset, offset + length));
    }

    void set(double value) {
      view.assign(value);
      expectedView.assign(value);
    }

    void refill(Random random) {
      fill(view, random);
      expectedView.assign(view);
    }

    void expect(double[] values) {
      expectedView.assign(Nd4j.createFromArray(values));
    }

    void expect(float[] values) {
      expectedView.assign(Nd4j.createFromArray(values));
    }

    void check(String what) {
      Bits.assertSame(expected, whole, what);
    }

    void close() {
      whole.close();
      expected.close();
    }

    private static void fill(INDArray array, Random random) {
      int n = (int) array.length();
      if (array.dataType() == DataType.DOUBLE) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
          values[i] = Values.nextDouble(random);
        }
        array.assign(Nd4j.createFromArray(values));
      } else {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
          values[i] = Values.nextFloat(random);
        }
        array.assign(Nd4j.createFromArray(values));
      }
    }
  }
}
