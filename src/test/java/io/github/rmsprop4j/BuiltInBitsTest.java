package io.github.rmsprop4j;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** Random settings, types, lengths and gradients: the bits of the built-in updater. */
class BuiltInBitsTest {
  @Property(tries = 300)
  void updateAndStateAreThoseOfTheBuiltInUpdater(
      @ForAll @Scale(12) @DoubleRange(min = 0, max = 10) double learningRate,
      @ForAll @Scale(12) @DoubleRange(min = 0, max = 1, maxIncluded = false) double rmsDecay,
      @ForAll @Scale(12) @DoubleRange(min = 0, max = 1e-3) double epsilon,
      @ForAll boolean wide,
      @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll @IntRange(min = -30, max = 15) int magnitude,
      @ForAll long seed) {
    DataType type = wide ? DataType.DOUBLE : DataType.FLOAT;
    INDArray state = Nd4j.create(type, length);
    INDArray builtInState = Nd4j.create(type, length);
    IUpdater config = new RmsProp(learningRate, rmsDecay, epsilon);
    IUpdater builtInConfig =
        new org.nd4j.linalg.learning.config.RmsProp(learningRate, rmsDecay, epsilon);
    GradientUpdater<?> updater = config.instantiate(state, true);
    GradientUpdater<?> builtIn = builtInConfig.instantiate(builtInState, true);
    Random random = new Random(seed);
    for (int t = 0; t < 4; t++) {
      double[] values = new double[length];
      for (int i = 0; i < length; i++) {
        values[i] = random.nextGaussian() * Math.pow(10, magnitude);
      }
      INDArray gradient = Nd4j.createFromArray(values).castTo(type);
      INDArray builtInGradient = gradient.dup();
      updater.applyUpdater(gradient, t, 0);
      builtIn.applyUpdater(builtInGradient, t, 0);
      Bits.assertSame(builtInGradient, gradient, "update of step " + t);
      Bits.assertSame(builtInState, state, "state after step " + t);
    }
  }
}
