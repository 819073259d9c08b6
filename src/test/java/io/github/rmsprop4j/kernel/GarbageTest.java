package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a warmed step allocates in a JVM that has used every form. Where C2 gives up on a form, each
 * vector is an object, and it is hundreds of kilobytes.
 */
class GarbageTest {
  private static final int BYTES = 200;
  private static final int LENGTH = 2048;
  private static final int STEPS = 100;

  /**
   * As long as this may pass without another form that ends well. C2 compiles aside, in 0.2 s each
   * of 252 forms (Zen 3), and may be kept waiting; a form that it cannot compile never ends well.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** With gradients of 1, and with weights that are dead, which on some processors go apart. */
  static Stream<Arguments> kernelsAndArrays() {
    return KernelsUnderTest.names().stream()
        .map(
            name ->
                name.equals("simd")
                    ? new SimdKernel(1, true, HostKernel.Limits.USUAL)
                    : new PlainKernel(1, true, HostKernel.Limits.USUAL))
        .flatMap(
            kernel ->
                Stream.of(
                    Arguments.of(kernel, DataType.FLOAT, 1),
                    Arguments.of(kernel, DataType.FLOAT, 0),
                    Arguments.of(kernel, DataType.DOUBLE, 1)));
  }

  @ParameterizedTest(name = "{0}, {1}, gradients of {2}")
  @MethodSource("kernelsAndArrays")
  void everyFormInOneProcess(StepKernel kernel, DataType type, int gradient) {
    INDArray[] arrays = new INDArray[5];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = Nd4j.ones(type, LENGTH);
    }
    if (gradient == 0) {
      arrays[1].assign(Float.MIN_VALUE);
      arrays[4].assign(0); // or L2 would give them one
    }
    List<Form> wasteful = forms();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!wasteful.isEmpty() && System.nanoTime() < end) {
      if (wasteful.removeIf(form -> bytesOfAStep(kernel, form, arrays, gradient) < BYTES)) {
        end = System.nanoTime() + PATIENCE.toNanos();
      }
    }
    assertTrue(wasteful.isEmpty(), "steps with more garbage: " + wasteful);
  }

  /** Every form, as it is with the drop-in updater and in one pass. */
  private static List<Form> forms() {
    List<Form> forms = new ArrayList<>();
    for (int i = 0; i < Form.COUNT; i++) {
      Form form = Form.at(i);
      boolean possible =
          !(form.fused() && form.difference())
              && (form.momentum() || !form.nesterov())
              && (form.changes() || !form.l2() && !form.weightDecay())
              && (form.weightDecay() || !form.decayTwice())
              && !form.fusedDecay()
              && !form.setsAside() // which the kernel does where weights are dead
              && !form.scales(); // as large as division
      if (possible && form.divides() == form.changes() && form.changes() != form.keeps()) {
        forms.add(form);
      }
    }
    return forms;
  }

  private static long bytesOfAStep(StepKernel kernel, Form form, INDArray[] arrays, int gradient) {
    State state =
        new State(
            arrays[1], form.centered() ? arrays[2] : null, form.momentum() ? arrays[3] : null);
    INDArray parameters = form.changes() ? arrays[4] : null;
    arrays[0].assign(gradient);
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    for (int i = 0; i < STEPS; i++) {
      Kernels.step(kernel, form.example(), arrays[0], state, parameters);
    }
    return (THREADS.getThreadAllocatedBytes(thread) - before) / STEPS;
  }
}
