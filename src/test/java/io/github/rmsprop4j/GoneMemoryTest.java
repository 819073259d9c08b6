package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.rmsprop4j.kernel.Kernels;
import io.github.rmsprop4j.kernel.StepKernel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.exception.ND4JIllegalStateException;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.profiler.OpProfiler;
import org.nd4j.linalg.profiler.ProfilerConfig;

/**
 * Arrays whose memory is gone: refused as by the built-in operation, before a kernel writes to an
 * address that belongs to another array by now, or to nobody.
 */
class GoneMemoryTest {
  private static final int N = 100;

  /** Of a flavor that ND4J's operations can step whatever the built-in updater's rounding is. */
  private static final RmsProp ALL =
      RmsProp.builder(Flavor.PYTORCH).centered(true).momentum(0.9).build();

  private static final WorkspaceConfiguration CONFIGURATION =
      WorkspaceConfiguration.builder()
          .initialSize(1 << 20)
          .policyAllocation(AllocationPolicy.STRICT)
          .policyLearning(LearningPolicy.NONE)
          .build();

  @AfterEach
  void sweep() {
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    OpProfiler.getInstance().setConfig(ProfilerConfig.builder().build());
  }

  /** An array of a workspace that was closed since. */
  private static INDArray closedScope(long length) {
    try (MemoryWorkspace workspace = open()) {
      return Nd4j.ones(DataType.FLOAT, length);
    }
  }

  /** A view of one, which does not say itself that it is attached. */
  private static INDArray viewOfClosedScope(long length) {
    try (MemoryWorkspace workspace = open()) {
      return Nd4j.ones(DataType.FLOAT, length + 3)
          .get(NDArrayIndex.interval(3, length + 3))
          .reshape(length);
    }
  }

  /** An array of a workspace that was freed since: a write to it would end the JVM. */
  private static INDArray destroyed(long length) {
    INDArray array = closedScope(length);
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    return array;
  }

  private static MemoryWorkspace open() {
    return Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, "GONE");
  }

  private static INDArray closed(long length) {
    INDArray array = Nd4j.ones(DataType.FLOAT, length);
    array.close();
    return array;
  }

  private static Map<String, Supplier<INDArray>> gone(long length) {
    Map<String, Supplier<INDArray>> gone = new LinkedHashMap<>();
    gone.put("closed scope", () -> closedScope(length));
    gone.put("view of closed scope", () -> viewOfClosedScope(length));
    gone.put("destroyed workspace", () -> destroyed(length));
    gone.put("closed array", () -> closed(length));
    return gone;
  }

  private static Class<? extends Exception> expected(String which) {
    return which.equals("closed array")
        ? IllegalStateException.class
        : ND4JIllegalStateException.class;
  }

  private static Stream<StepKernel> kernels() {
    Stream<String> names =
        Kernels.name().equals("simd")
            ? Stream.of("simd", "plain", "nd4j")
            : Stream.of("plain", "nd4j");
    return names.map(name -> Kernels.named(name, 1));
  }

  private static INDArray state(RmsProp config) {
    return Nd4j.ones(DataType.FLOAT, config.stateSize(N));
  }

  @TestFactory
  Stream<DynamicTest> aGradientIsRefusedAsByTheBuiltIn() {
    return gone(N).entrySet().stream()
        .map(
            gone ->
                dynamicTest(
                    gone.getKey(),
                    () -> {
                      var builtIn =
                          new org.nd4j.linalg.learning.RmsPropUpdater(
                              new org.nd4j.linalg.learning.config.RmsProp());
                      builtIn.setStateViewArray(
                          Nd4j.create(DataType.FLOAT, 1, N), new long[] {N}, 'c', true);
                      Exception theirs =
                          assertThrows(
                              RuntimeException.class,
                              () -> builtIn.applyUpdater(gone.getValue().get(), 0, 0));
                      if (!gone.getKey().equals("closed array")) { // of which its reshape complains
                        assertEquals(expected(gone.getKey()), theirs.getCause().getClass());
                      }
                      kernels()
                          .forEach(
                              kernel ->
                                  refusesGradient(
                                      kernel, gone.getValue().get(), expected(gone.getKey())));
                    }));
  }

  private static void refusesGradient(StepKernel kernel, INDArray gradient, Class<?> exception) {
    INDArray view = state(ALL);
    RmsPropUpdater updater = new RmsPropUpdater(ALL, kernel);
    updater.setStateViewArray(view, false);
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> updater.applyUpdater(gradient, 0, 0));
    assertEquals(exception, e.getClass(), kernel.name());
    assertTrue(e.getMessage().startsWith("the gradient must "), e.getMessage());
    assertEquals(state(ALL), view, "the state must stay");
  }

  @TestFactory
  Stream<DynamicTest> aStatePartIsRefused() {
    return gone(N).entrySet().stream()
        .flatMap(
            gone ->
                Stream.of("G", "M", "B")
                    .map(
                        key ->
                            dynamicTest(
                                gone.getKey() + ", " + key,
                                () -> refusesState(key, gone.getKey(), gone.getValue()))));
  }

  private static void refusesState(String key, String which, Supplier<INDArray> gone) {
    Map<String, INDArray> parts = parts();
    parts.put(key, gone.get());
    Exception e = assertThrows(expected(which), () -> ALL.instantiate(parts, true));
    assertTrue(e.getMessage().startsWith("the state " + key + " must "), e.getMessage());
  }

  private static Map<String, INDArray> parts() {
    Map<String, INDArray> parts = new LinkedHashMap<>();
    for (String key : new String[] {"G", "M", "B"}) {
      parts.put(key, Nd4j.ones(DataType.FLOAT, N));
    }
    return parts;
  }

  @TestFactory
  Stream<DynamicTest> aStatePartThatIsGoneSinceIsRefusedByTheStep() {
    return Stream.of("G", "M", "B")
        .flatMap(
            key ->
                kernels()
                    .map(
                        kernel ->
                            dynamicTest(
                                key + ", " + kernel.name(),
                                () -> {
                                  stepWithPartOfClosedScope(kernel, key);
                                  stepWithClosedPart(kernel, key);
                                })));
  }

  private static void stepWithPartOfClosedScope(StepKernel kernel, String key) {
    RmsPropUpdater updater = new RmsPropUpdater(ALL, kernel);
    INDArray gradient = Nd4j.ones(DataType.FLOAT, N);
    Map<String, INDArray> parts = parts();
    try (MemoryWorkspace workspace = open()) {
      parts.put(key, Nd4j.ones(DataType.FLOAT, N));
      updater.setState(parts, false);
      updater.applyUpdater(Nd4j.ones(DataType.FLOAT, N), 0, 0); // which may use what is open
    }
    INDArray other = key.equals("G") ? parts.get("M") : parts.get("G");
    INDArray before = other.dup();
    Exception e =
        assertThrows(ND4JIllegalStateException.class, () -> updater.applyUpdater(gradient, 1, 0));
    assertEquals(
        "the state "
            + key
            + " must lie in an open workspace or in none, got one of workspace GONE,"
            + " which was closed: detach() or leverage() it before that",
        e.getMessage());
    assertEquals(Nd4j.ones(DataType.FLOAT, N), gradient, "the gradient must stay");
    assertEquals(before, other, "the other parts must stay");
  }

  private static void stepWithClosedPart(StepKernel kernel, String key) {
    RmsPropUpdater updater = new RmsPropUpdater(ALL, kernel);
    Map<String, INDArray> parts = parts();
    updater.setState(parts, false);
    parts.get(key).close();
    INDArray gradient = Nd4j.ones(DataType.FLOAT, N);
    Exception e =
        assertThrows(IllegalStateException.class, () -> updater.applyUpdater(gradient, 0, 0));
    assertEquals(
        "the state " + key + " must be an open array, got one that was closed", e.getMessage());
    assertEquals(Nd4j.ones(DataType.FLOAT, N), gradient, "the gradient must stay");
  }

  /** The workspace is open again, and where the gradient lay there is another array. */
  @Test
  void anArrayThatTookTheMemoryIsNotOverwritten() {
    kernels()
        .forEach(
            kernel -> {
              RmsPropUpdater updater = new RmsPropUpdater(new RmsProp(), kernel);
              updater.setStateViewArray(state(new RmsProp()), false);
              INDArray gradient = closedScope(N);
              try (MemoryWorkspace workspace = open()) {
                INDArray other = Nd4j.ones(DataType.FLOAT, N);
                assertEquals(
                    gradient.data().addressPointer().address(),
                    other.data().addressPointer().address(),
                    "it must be the same memory, or this tests nothing");
                Exception e =
                    assertThrows(
                        ND4JIllegalStateException.class,
                        () -> updater.applyUpdater(gradient, 0, 0));
                assertEquals(
                    "the gradient must be of the current generation of its workspace, "
                        + workspace.getGenerationId()
                        + ", got one of generation "
                        + (workspace.getGenerationId() - 1)
                        + " of workspace GONE, which was closed and opened again since",
                    e.getMessage());
                assertEquals(Nd4j.ones(DataType.FLOAT, N), other);
              }
            });
  }

  /** ND4J reuses those by design, and looks at them neither. */
  @Test
  void aCircularWorkspaceIsNobodysMistake() {
    WorkspaceConfiguration circular =
        WorkspaceConfiguration.builder()
            .initialSize(1 << 20)
            .policyAllocation(AllocationPolicy.STRICT)
            .policyLearning(LearningPolicy.NONE)
            .policyReset(ResetPolicy.ENDOFBUFFER_REACHED)
            .build();
    INDArray gradient;
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(circular, "CIRCULAR")) {
      gradient = Nd4j.ones(DataType.FLOAT, N);
      assertEquals(MemoryWorkspace.Type.CIRCULAR, workspace.getWorkspaceType());
    }
    RmsPropUpdater updater = new RmsProp(0).instantiate(state(new RmsProp()), false);
    updater.applyUpdater(gradient, 0, 0);
    assertEquals(Nd4j.zeros(DataType.FLOAT, N), gradient);
  }

  /** The same switch as for ND4J's own operations. The memory is still there, only out of scope. */
  @Test
  void whoeverSwitchesTheCheckOffHasNone() {
    RmsPropUpdater updater = new RmsProp(0).instantiate(state(new RmsProp()), false);
    OpProfiler.getInstance().setConfig(ProfilerConfig.builder().checkWorkspaces(false).build());
    INDArray gradient = closedScope(N);
    updater.applyUpdater(gradient, 0, 0);
    assertEquals(0f, gradient.getFloat(N - 1));
    OpProfiler.getInstance().setConfig(null);
    updater.applyUpdater(gradient, 1, 0);
  }
}
