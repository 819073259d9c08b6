package io.github.rmsprop4j.kernel;

import io.github.rmsprop4j.Bits;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
              && !(form.fused() && form.difference())
              && (form.momentum() || !form.nesterov());
      StepCase stepCase = new StepCase(form.example(), form.centered(), form.momentum());
      if (possible && KernelsUnderTest.can(kernel, type, stepCase)) {
        check(kernel, type, form, 'c', 'c', LENGTH);
      }
    }
  }

  /** State and parameters in another order than the gradient: arrays that no kernel takes. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("io.github.rmsprop4j.kernel.KernelsUnderTest#kernelsAndTypes")
  void arraysThatAreNotDense(StepKernel kernel, DataType type) {
    Form form = Form.at(Form.COUNT - 1 - 0b10000 - 0b1111); // divides, changes, keeps, corrected
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
      if (form.divides()) {
        expectedG.divi(step.divisor());
      }
      Kernels.step(new PlainKernel(1), step.divided(), expectedG, expected, null);
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

  private static INDArray random(DataType type, Random random, long... shape) {
    double[] values = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = type == DataType.DOUBLE ? Values.nextDouble(random) : Values.nextFloat(random);
    }
    return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
  }
}
