package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies between arrays and Java doubles, in c order; a double holds every value of any type. */
final class Doubles {
  private static final String[] PARTS = {
    RmsPropUpdater.G_STATE, RmsPropUpdater.M_STATE, RmsPropUpdater.B_STATE
  };

  private Doubles() {}

  static double[] of(INDArray array) {
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      try (INDArray copy = Nd4j.createUninitialized(DataType.DOUBLE, array.shape(), 'c')) {
        return copy.assign(array).data().asDouble();
      }
    }
  }

  /** The reverse; an array that is not there takes nothing. */
  static void assign(INDArray array, double[] values) {
    if (array == null) {
      return;
    }
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      try (INDArray copy = Nd4j.createFromArray(values)) {
        array.assign(copy.reshape('c', array.shape()));
      }
    }
  }

  /** {@return the parts of an updater's state, one after the other} */
  static double[] ofState(Map<String, INDArray> state) {
    double[][] parts = new double[PARTS.length][];
    int length = 0;
    for (int i = 0; i < PARTS.length; i++) {
      INDArray part = state.get(PARTS[i]);
      parts[i] = part == null ? new double[0] : of(part);
      length += parts[i].length;
    }
    double[] all = new double[length];
    int at = 0;
    for (double[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** {@return a reference that goes on from an updater's state} */
  static Reference reference(RmsProp settings, Map<String, INDArray> state) {
    double[][] parts = new double[PARTS.length][];
    for (int i = 0; i < PARTS.length; i++) {
      INDArray part = state.get(PARTS[i]);
      parts[i] = part == null ? null : of(part);
    }
    return new Reference(settings, parts[0], parts[1], parts[2]);
  }
}
