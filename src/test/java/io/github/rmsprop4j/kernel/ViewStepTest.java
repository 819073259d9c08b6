package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.ReferenceMath;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays that do not lie in memory one element after the other, or not in float or double. */
class ViewStepTest {
  private static final Step STEP = StepCase.dl4j(false).step();

  /** A way to look at a part of a larger array; the gradient's and the state's shape may differ. */
  record View(String name, long[] base, Function<INDArray, INDArray> of) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final View FLAT = view("flat", a -> a, 60);
  private static final View ROW = view("row", a -> a, 1, 60);
  private static final View COLUMN = view("column", a -> a.getColumn(2), 60, 5);
  private static final View MATRIX = view("matrix", a -> a, 6, 10);
  private static final View F_ORDER = view("f order", a -> a.dup('f'), 6, 10);
  private static final View TRANSPOSED = view("transposed", INDArray::transpose, 10, 6);
  private static final View COLUMNS =
      view("columns", a -> a.get(NDArrayIndex.all(), NDArrayIndex.interval(2, 12)), 6, 15);
  private static final View EVERY_SECOND =
      view("every second", a -> a.get(NDArrayIndex.interval(0, 2, 120)), 120);
  private static final View PERMUTED = view("permuted", a -> a.permute(2, 0, 1), 3, 4, 5);
  private static final View CUBE = view("cube", a -> a, 5, 3, 4);

  private static View view(String name, Function<INDArray, INDArray> of, long... base) {
    return new View(name, base, of);
  }

  static Stream<Arguments> pairs() {
    return Stream.of(
            new View[] {MATRIX, F_ORDER},
            new View[] {F_ORDER, MATRIX},
            new View[] {F_ORDER, F_ORDER},
            new View[] {COLUMN, FLAT},
            new View[] {ROW, FLAT},
            new View[] {FLAT, ROW},
            new View[] {COLUMNS, FLAT},
            new View[] {COLUMNS, MATRIX},
            new View[] {MATRIX, COLUMNS},
            new View[] {TRANSPOSED, TRANSPOSED},
            new View[] {TRANSPOSED, FLAT},
            new View[] {EVERY_SECOND, EVERY_SECOND},
            new View[] {PERMUTED, PERMUTED},
            new View[] {PERMUTED, CUBE},
            new View[] {CUBE, PERMUTED},
            new View[] {CUBE, FLAT})
        .flatMap(
            pair ->
                KernelsUnderTest.all().stream()
                    .flatMap(
                        kernel ->
                            Stream.of(DataType.FLOAT, DataType.DOUBLE)
                                .map(type -> arguments(pair[0], pair[1], kernel, type))));
  }

  @ParameterizedTest(name = "gradient {0}, state {1}, {2}, {3}")
  @MethodSource("pairs")
  void stepsInPlace(View gradientView, View stateView, StepKernel kernel, DataType type) {
    INDArray gradients = ramp(type, -1, gradientView.base);
    INDArray state = ramp(type, 0, stateView.base);
    INDArray g = gradientView.of.apply(gradients);
    INDArray v = stateView.of.apply(state);
    double[] expectedG = g.dup('c').data().asDouble();
    double[] expectedV = v.dup('c').data().asDouble();
    double before = gradients.sumNumber().doubleValue() - g.sumNumber().doubleValue();
    step(type, expectedG, expectedV);

    Kernels.step(kernel, STEP, g, new State(v, null, null), null);

    Bits.assertSame(expectedG, g.dup('c').data().asDouble(), "update");
    Bits.assertSame(expectedV, v.dup('c').data().asDouble(), "state");
    if (gradientView != F_ORDER) { // which is a copy of its base
      double after = gradients.sumNumber().doubleValue() - g.sumNumber().doubleValue();
      assertEquals(before, after, 1e-3, "the elements outside the view");
    }
  }

  /** All of the state lies as no kernel takes it. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#kernelsAndTypes")
  void momentumAndMeanInPlace(StepKernel kernel, DataType type) {
    Step step = Step.builder().rateIn(0.1).decay(0.9).epsilonInside(1e-7).momentum(0.9).build();
    INDArray g = COLUMNS.of.apply(ramp(type, -1, COLUMNS.base));
    INDArray v = COLUMNS.of.apply(ramp(type, 4, COLUMNS.base));
    INDArray m = COLUMNS.of.apply(ramp(type, -0.5, COLUMNS.base));
    INDArray b = COLUMNS.of.apply(ramp(type, -2, COLUMNS.base));
    INDArray expectedG = g.dup('c').reshape(60);
    State expected =
        new State(v.dup('c').reshape(60), m.dup('c').reshape(60), b.dup('c').reshape(60));
    new PlainKernel(1).step(step, expectedG, expected, null);

    Kernels.step(kernel, step, g, new State(v, m, b), null);

    Bits.assertSame(expectedG, g.dup('c').reshape(60), "update");
    Bits.assertSame(expected.meanSquare(), v.dup('c').reshape(60), "mean square");
    Bits.assertSame(expected.mean(), m.dup('c').reshape(60), "mean");
    Bits.assertSame(expected.momentum(), b.dup('c').reshape(60), "momentum buffer");
  }

  private static void step(DataType type, double[] g, double[] v) {
    if (type == DataType.DOUBLE) {
      ReferenceMath.step(STEP, g, v, null, null);
      return;
    }
    float[] floatG = new float[g.length];
    float[] floatV = new float[v.length];
    for (int i = 0; i < g.length; i++) {
      floatG[i] = (float) g[i];
      floatV[i] = (float) v[i];
    }
    ReferenceMath.step(STEP, floatG, floatV, null, null);
    for (int i = 0; i < g.length; i++) {
      g[i] = floatG[i];
      v[i] = floatV[i];
    }
  }

  private static INDArray ramp(DataType type, double from, long... shape) {
    long n = 1;
    for (long size : shape) {
      n *= size;
    }
    return Nd4j.linspace(from, from + 2, n, type).reshape('c', shape);
  }

  static Stream<Arguments> halfTypes() {
    return KernelsUnderTest.all().stream()
        .flatMap(
            kernel ->
                Stream.of(DataType.FLOAT16, DataType.BFLOAT16)
                    .map(type -> arguments(kernel, type)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("halfTypes")
  void halfTypesAreComputedInFloat(StepKernel kernel, DataType type) {
    INDArray g = ramp(DataType.FLOAT, -1, 4, 25).castTo(type);
    g.putScalar(3, 0.0);
    g.putScalar(4, 1e-6);
    INDArray v = Nd4j.create(type, 4, 25).assign(1e-8);
    float[] expectedG = g.castTo(DataType.FLOAT).data().asFloat();
    float[] expectedV = v.castTo(DataType.FLOAT).data().asFloat();
    ReferenceMath.step(STEP, expectedG, expectedV, null, null);

    Kernels.step(kernel, STEP, g, new State(v, null, null), null);

    Bits.assertSame(Nd4j.createFromArray(expectedG).castTo(type), g.reshape(100), "update");
    Bits.assertSame(Nd4j.createFromArray(expectedV).castTo(type), v.reshape(100), "state");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#all")
  void scalarsAreArraysToo(StepKernel kernel) {
    INDArray g = Nd4j.scalar(DataType.FLOAT, 2.0);
    INDArray v = Nd4j.scalar(DataType.FLOAT, 1e-8);
    float[] expectedG = {2};
    float[] expectedV = {(float) 1e-8};
    ReferenceMath.step(STEP, expectedG, expectedV, null, null);

    Kernels.step(kernel, STEP, g, new State(v, null, null), null);

    Bits.assertSame(expectedG, new float[] {g.getFloat()}, "update");
    Bits.assertSame(expectedV, new float[] {v.getFloat()}, "state");
  }

  @Test
  void nothingToDoForNoElements() {
    INDArray empty = Nd4j.empty(DataType.FLOAT);
    KernelsUnderTest.all()
        .forEach(kernel -> Kernels.step(kernel, STEP, empty, new State(empty, null, null), null));
  }
}
