package io.github.rmsprop4j.kernel;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/** Every kernel that this JVM can have; {@link KernelsTest} asserts which that must be. */
final class KernelsUnderTest {
  /** More than the machine may have, so that large arrays are split everywhere. */
  static final int THREADS = 3;

  private KernelsUnderTest() {}

  /** The step of the built-in updater. */
  static Step dl4j(double learningRate, double decay, double epsilon, boolean fused) {
    return new Step(learningRate, 1, decay, false, false, fused, 1, 0, epsilon, 0, false);
  }

  static List<StepKernel> all() {
    List<StepKernel> kernels = new ArrayList<>(host());
    kernels.add(new Nd4jKernel());
    return kernels;
  }

  /** Those that compute in Java. */
  static List<StepKernel> host() {
    List<StepKernel> kernels = new ArrayList<>();
    if (Kernels.name().equals("simd")) {
      kernels.add(Kernels.choose("simd", THREADS, true).kernel());
    }
    kernels.add(new PlainKernel(THREADS));
    return kernels;
  }

  /** The ND4J kernel cannot fuse where the natives do not; {@link KernelsTest} has its error. */
  static boolean canFuse(StepKernel kernel, DataType type) {
    return !(kernel instanceof Nd4jKernel) || BuiltInRounding.fuses(type);
  }
}
