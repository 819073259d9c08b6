package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * Lets the JIT compiler see every updater before its times are taken. A comparison is so short that
 * they would be those of interpreted code.
 */
public final class JitWarmUp {
  /** Odd, so that the ends of the loops are compiled too. */
  private static final int[] PARAMETERS = {2055, 20_003};

  private static final int[] STEPS = {4000, 400};

  private static final AtomicBoolean DONE = new AtomicBoolean();

  private JitWarmUp() {}

  /** Once in a JVM. */
  public static void run() {
    if (DONE.getAndSet(true)) {
      return;
    }
    List<Contender> contenders = new ArrayList<>(List.of(Contender.BUILT_IN, Contender.ours()));
    contenders.addAll(Contender.otherKernels(List.of(RmsProp.builder().build()), DataType.FLOAT));
    for (int i = 0; i < PARAMETERS.length; i++) {
      for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
        for (Contender contender : contenders) {
          step(contender, type, PARAMETERS[i], STEPS[i]);
        }
      }
    }
  }

  private static void step(Contender contender, DataType type, int parameters, int steps) {
    try (INDArray gradient = Nd4j.createUninitialized(type, parameters);
        INDArray state = Nd4j.create(type, 1, parameters)) {
      GradientUpdater<?> updater =
          contender.maker().instantiate(RmsProp.builder().build(), state, true);
      for (int i = 0; i < steps; i++) {
        gradient.assign(1);
        updater.applyUpdater(gradient, i, 0);
      }
    }
  }
}
