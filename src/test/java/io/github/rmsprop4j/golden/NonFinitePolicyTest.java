package io.github.rmsprop4j.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/** Each policy with a NaN or an infinity in a gradient of any type and strides. */
class NonFinitePolicyTest {
  private static final int N = 24;
  private static final int BAD = 5;

  static Stream<Arguments> cases() {
    Map<String, UnaryOperator<INDArray>> layouts =
        Map.of(
            "dense",
            array -> array,
            "every second",
            NonFinitePolicyTest::everySecond,
            "column",
            NonFinitePolicyTest::column,
            "f order",
            array -> array.reshape('c', 4, 6).dup('f'));
    return Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16)
        .flatMap(
            type ->
                Stream.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
                    .flatMap(
                        bad ->
                            layouts.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(
                                    layout ->
                                        arguments(type, bad, layout.getKey(), layout.getValue()))));
  }

  private static INDArray everySecond(INDArray array) {
    INDArray view = Nd4j.create(array.dataType(), 2 * N).get(NDArrayIndex.interval(0, 2, 2 * N));
    return view.assign(array);
  }

  private static INDArray column(INDArray array) {
    return Nd4j.create(array.dataType(), N, 3).getColumn(1).assign(array);
  }

  /** An updater after one good step, so that its state is not the first one. */
  private static GradientUpdater<?> updater(DataType type, NonFinitePolicy policy) {
    RmsProp config =
        RmsProp.builder(Flavor.GRAVES).momentum(0.5).epsilon(0.01).nonFinite(policy).build();
    GradientUpdater<?> updater = config.instantiate(Nd4j.create(type, config.stateSize(N)), true);
    updater.applyUpdater(good(type), 0, 0);
    return updater;
  }

  private static INDArray good(DataType type) {
    return Nd4j.linspace(DataType.DOUBLE, -1.0, 0.09, N).castTo(type);
  }

  private static INDArray with(DataType type, double value) {
    INDArray gradient = good(type);
    gradient.putScalar(BAD, value);
    return gradient;
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cases")
  void zeroElementIsAZeroThere(
      DataType type, double bad, String layout, UnaryOperator<INDArray> of) {
    GradientUpdater<?> expected = updater(type, NonFinitePolicy.PROPAGATE);
    GradientUpdater<?> actual = updater(type, NonFinitePolicy.ZERO_ELEMENT);
    INDArray zero = of.apply(with(type, 0));
    INDArray gradient = of.apply(with(type, bad));
    expected.applyUpdater(zero, 1, 0);
    actual.applyUpdater(gradient, 1, 0);
    Bits.assertSame(zero, gradient, "update");
    assertSameState(expected, actual);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cases")
  void skipStepMakesNoUpdateAndKeepsTheState(
      DataType type, double bad, String layout, UnaryOperator<INDArray> of) {
    GradientUpdater<?> expected = updater(type, NonFinitePolicy.SKIP_STEP);
    GradientUpdater<?> actual = updater(type, NonFinitePolicy.SKIP_STEP);
    INDArray gradient = of.apply(with(type, bad));
    actual.applyUpdater(gradient, 1, 0);
    Bits.assertSame(of.apply(Nd4j.zeros(type, N)), gradient, "update");
    assertSameState(expected, actual);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cases")
  void throwNamesTheElementAndChangesNothing(
      DataType type, double bad, String layout, UnaryOperator<INDArray> of) {
    GradientUpdater<?> expected = updater(type, NonFinitePolicy.THROW);
    GradientUpdater<?> actual = updater(type, NonFinitePolicy.THROW);
    INDArray gradient = of.apply(with(type, bad));
    ArithmeticException e =
        assertThrows(ArithmeticException.class, () -> actual.applyUpdater(gradient, 7, 2));
    assertEquals(
        "the gradient must be finite, got "
            + bad
            + " at element "
            + BAD
            + " of "
            + N
            + ", iteration 7, epoch 2",
        e.getMessage());
    Bits.assertSame(of.apply(with(type, bad)), gradient, "gradient");
    assertSameState(expected, actual);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cases")
  void propagateHarmsThatElementOnly(
      DataType type, double bad, String layout, UnaryOperator<INDArray> of) {
    GradientUpdater<?> good = updater(type, NonFinitePolicy.PROPAGATE);
    GradientUpdater<?> actual = updater(type, NonFinitePolicy.PROPAGATE);
    INDArray expected = good(type);
    INDArray gradient = of.apply(with(type, bad));
    good.applyUpdater(expected, 1, 0);
    actual.applyUpdater(gradient, 1, 0);
    INDArray flat = gradient.dup('c').reshape(N);
    assertFalse(Double.isFinite(flat.getDouble(BAD)), "the update must not hide it");
    flat.putScalar(BAD, expected.getDouble(BAD));
    Bits.assertSame(expected, flat, "updates of the others");
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cases")
  void policiesDoNothingToAFiniteGradient(
      DataType type, double bad, String layout, UnaryOperator<INDArray> of) {
    INDArray expected = of.apply(good(type));
    updater(type, NonFinitePolicy.PROPAGATE).applyUpdater(expected, 1, 0);
    for (NonFinitePolicy policy : NonFinitePolicy.values()) {
      INDArray gradient = of.apply(good(type));
      updater(type, policy).applyUpdater(gradient, 1, 0);
      Bits.assertSame(expected, gradient, policy.toString());
    }
  }

  private static void assertSameState(GradientUpdater<?> expected, GradientUpdater<?> actual) {
    expected
        .getState()
        .forEach((key, state) -> Bits.assertSame(state, actual.getState().get(key), key));
  }
}
