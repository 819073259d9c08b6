package io.github.rmsprop4j;

import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutionerUtil;
import org.nd4j.linalg.exception.ND4JIllegalStateException;
import org.nd4j.linalg.profiler.OpProfiler;
import org.nd4j.linalg.profiler.ProfilerConfig;

/**
 * What ND4J checks around each of its own operations ({@code DefaultOpExecutioner} of 1.0.0-M2.1,
 * the profiling hooks): a step that goes past its operations would go past these as well. As there,
 * {@code Nd4j.getExecutioner().setProfilingConfig} turns them off and on.
 */
final class Nd4jChecks {
  private Nd4jChecks() {}

  /**
   * Checks that an array's memory is still there, before anything writes to its address.
   *
   * @param name of the array, in the message
   * @param array null for none
   * @throws IllegalStateException if it was closed
   * @throws ND4JIllegalStateException if its workspace was closed, or closed and opened again
   */
  static void checkMemory(String name, INDArray array) {
    DataBuffer data = array == null ? null : array.data();
    if (data == null) { // an empty array has none
      return;
    }
    if (data.wasClosed()) {
      throw new IllegalStateException(name + " must be an open array, got one that was closed");
    }
    // Not isAttached(), which takes longer and comes to the same.
    MemoryWorkspace workspace = data.getParentWorkspace();
    if (workspace != null && checksWorkspaces()) {
      checkWorkspace(name, data, workspace);
    }
  }

  private static boolean checksWorkspaces() {
    ProfilerConfig config = OpProfiler.getInstance().getConfig();
    return config != null && config.isCheckWorkspaces(); // by default it does
  }

  private static void checkWorkspace(String name, DataBuffer data, MemoryWorkspace workspace) {
    if (workspace.getWorkspaceType() == MemoryWorkspace.Type.CIRCULAR) {
      return;
    }
    if (!workspace.isScopeActive()) {
      throw new ND4JIllegalStateException(
          name
              + " must lie in an open workspace or in none, got one of workspace "
              + workspace.getId()
              + ", which was closed: detach() or leverage() it before that");
    }
    if (workspace.getGenerationId() != data.getGenerationId()) {
      throw new ND4JIllegalStateException(
          name
              + " must be of the current generation of its workspace, "
              + workspace.getGenerationId()
              + ", got one of generation "
              + data.getGenerationId()
              + " of workspace "
              + workspace.getId()
              + ", which was closed and opened again since");
    }
  }

  /**
   * Stops where {@code checkForNAN} or {@code checkForINF} is on and an array has a NaN or an
   * infinity.
   *
   * @param arrays to look at; null for none
   * @throws org.nd4j.linalg.exception.ND4JOpProfilerException if so
   */
  static void panic(INDArray... arrays) {
    for (INDArray array : arrays) {
      if (array != null) {
        OpExecutionerUtil.checkForAny(array);
      }
    }
  }

  /** {@return whether {@link #panic} may stop anything} */
  static boolean panics() {
    ProfilerConfig config = OpProfiler.getInstance().getConfig();
    return config != null && (config.isCheckForNAN() || config.isCheckForINF());
  }
}
