package io.github.rmsprop4j.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.api.buffer.DataType;

/** Every kernel that this JVM can have; {@link KernelsTest} asserts which that must be. */
final class KernelsUnderTest {
  /** More than the machine may have, so that large arrays are split everywhere. */
  static final int THREADS = 3;

  /** Everything that a kernel does with huge arrays, at sizes that tests can afford. */
  static final HostKernel.Limits SMALL = new HostKernel.Limits(1 << 13, 1000, 1000, 1 << 8);

  private KernelsUnderTest() {}

  static List<StepKernel> all() {
    List<StepKernel> kernels = new ArrayList<>(host());
    kernels.add(new Nd4jKernel());
    return kernels;
  }

  /** Each of them with FLOAT and with DOUBLE. */
  static Stream<Arguments> kernelsAndTypes() {
    return all().stream()
        .flatMap(
            kernel ->
                Stream.of(DataType.FLOAT, DataType.DOUBLE).map(type -> Arguments.of(kernel, type)));
  }

  /** The names of those that compute in Java. */
  static List<String> names() {
    return Kernels.name().equals("simd") ? List.of("simd", "plain") : List.of("plain");
  }

  /** Those that compute in Java. */
  static List<StepKernel> host() {
    List<StepKernel> kernels = new ArrayList<>();
    if (Kernels.name().equals("simd")) {
      kernels.add(new SimdKernel(THREADS, false, SMALL));
      kernels.add(new SimdKernel(THREADS, true, HostKernel.Limits.USUAL));
      kernels.add(new UnspecialisedKernel(THREADS, SMALL));
    }
    kernels.add(new PlainKernel(THREADS, true, SMALL));
    kernels.add(new PlainKernel(THREADS, false, HostKernel.Limits.USUAL));
    return kernels;
  }

  /** The ND4J kernel fuses only what the natives do; {@link KernelsTest} has its error. */
  static boolean can(StepKernel kernel, DataType type, StepCase stepCase) {
    Step step = stepCase.step();
    boolean canDecay =
        step.parameterDecay().isNone() || step.fusedDecay() == Kernels.fusesDecay(type);
    boolean canFuse =
        !step.fused() || BuiltInRounding.fuses(type) && stepCase.equals(StepCase.dl4j(true));
    return !(kernel instanceof Nd4jKernel) || canDecay && canFuse;
  }
}
