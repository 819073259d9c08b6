package io.github.rmsprop4j.kernel;

import io.github.rmsprop4j.Bits;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Division, step and change at once: the bits of ND4J's division, the step, and subtraction. */
class OnePassStepTest {
  private static final int LENGTH = 1100;
  private static final int STEPS = 4;

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#kernelsAndTypes")
  void everyForm(StepKernel kernel, DataType type) {
    for (int i = 0; i < Form.COUNT; i++) {
      Form form = Form.at(i);
      boolean possible =
          form.changes()
              && !form.setsAside()
              && !(form.fused() && form.difference())
              && !(form.divides() && form.scales())
              && (form.momentum() || !form.nesterov())
              && (form.weightDecay() || !form.decayTwice());
      boolean decays = form.l2() || form.weightDecay();
      boolean wanted =
          decays ? form.divides() && !form.corrected() : !form.fusedDecay(); // or it takes minutes
      StepCase stepCase = new StepCase(form.example(), form.centered(), form.momentum());
      if (possible && wanted && KernelsUnderTest.can(kernel, type, stepCase)) {
        check(kernel, type, form, 'c', 'c', LENGTH);
      }
    }
  }

  /** State and parameters in another order than the gradient: arrays that no kernel takes. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#kernelsAndTypes")
  void arraysThatAreNotDense(StepKernel kernel, DataType type) {
    // It divides, changes, keeps, is corrected, and has L2 and weight decay twice, as ND4J rounds
    // them.
    int fusedDecay = Kernels.fusesDecay(type) ? 1 << 12 : 0;
    Form form = Form.at(0b1111_1110_0000 | fusedDecay);
    check(kernel, type, form, 'f', 'f', 20, 55);
    check(kernel, type, form, 'c', 'f', 20, 55); // the step is taken, the change is not
  }

  private static void check(
      StepKernel kernel,
      DataType type,
      Form form,
      char orderOfState,
      char orderOfParameters,
      long... shape) {
    Random random = new Random(1);
    Step step = form.example();
    INDArray p = random(type, random, shape).dup(orderOfParameters);
    INDArray v = Nd4j.ones(type, shape).dup(orderOfState);
    INDArray m = form.centered() ? Nd4j.zeros(type, shape).dup(orderOfState) : null;
    INDArray b = form.momentum() ? Nd4j.zeros(type, shape).dup(orderOfState) : null;
    INDArray expectedP = p.dup();
    State expected = new State(v.dup(), m == null ? null : m.dup(), b == null ? null : b.dup());
    for (int t = 0; t < STEPS; t++) {
      INDArray g = random(type, random, shape);
      INDArray expectedG = g.dup();
      if (form.divides() || form.scales()) {
        expectedG.divi(step.divisor());
      }
      ParameterDecay decay = step.parameterDecay();
      addParameters(decay.l2(), step.fusedDecay(), expectedP, expectedG);
      Kernels.step(new PlainKernel(1), step.alone(), expectedG, expected, null);
      for (int i = 0; i < (decay.twice() ? 2 : 1); i++) {
        addParameters(decay.weightDecay(), step.fusedDecay(), expectedP, expectedG);
      }
      expectedP.subi(expectedG);

      Kernels.step(kernel, step, g, new State(v, m, b), p);

      String what = kernel + " " + type + " " + form + " step " + t;
      Bits.assertSame(expectedP, p, what + ", parameters");
      Bits.assertSame(expected.meanSquare(), v, what + ", v");
      if (m != null) {
        Bits.assertSame(expected.mean(), m, what + ", m");
      }
      if (b != null) {
        Bits.assertSame(expected.momentum(), b, what + ", b");
      }
      if (form.keeps()) {
        Bits.assertSame(expectedG, g, what + ", update");
      }
    }
  }

  private static void addParameters(double factor, boolean fused, INDArray p, INDArray g) {
    for (int i = 0; factor != 0 && i < g.length(); i++) {
      if (g.dataType() == DataType.DOUBLE) {
        double x = p.getDouble(i);
        double y = g.getDouble(i);
        g.putScalar(i, fused ? Math.fma(x, factor, y) : x * factor + y);
      } else {
        float x = p.getFloat(i);
        float y = g.getFloat(i);
        float a = (float) factor;
        g.putScalar(i, fused ? Math.fma(x, a, y) : x * a + y);
      }
    }
  }

  /** What a step adds by itself is what Deeplearning4j's regularizations add. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void parametersAreAddedAsNd4jDoes(DataType type) {
    Random random = new Random(2);
    for (int length : new int[] {1, 5, 64, 1100}) {
      INDArray p = random(type, random, LENGTH).get(NDArrayIndex.interval(0, length)).dup();
      INDArray g = random(type, random, LENGTH).get(NDArrayIndex.interval(0, length)).dup();
      INDArray expected = g.dup();
      addParameters(1e-4, Kernels.fusesDecay(type), p, expected);
      Kernels.addParameters(1e-4, p, g);
      Bits.assertSame(expected, g, type + " " + length);
    }
  }

  private static INDArray random(DataType type, Random random, long... shape) {
    double[] values = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = type == DataType.DOUBLE ? Values.nextDouble(random) : Values.nextFloat(random);
    }
    return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
  }
}
