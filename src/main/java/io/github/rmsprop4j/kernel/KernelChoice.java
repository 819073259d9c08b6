package io.github.rmsprop4j.kernel;

import java.lang.reflect.InvocationTargetException;

/**
 * A kernel, and why it is that one.
 *
 * @param kernel the kernel
 * @param reason part of the log line
 */
record KernelChoice(StepKernel kernel, String reason) {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String SIMD = "io.github.rmsprop4j.kernel.SimdKernel";
  private static final String MISSING =
      "the simd kernel was stripped from the jar, see Shading in docs/packaging.md";

  /**
   * Picks a kernel.
   *
   * @param forced the kernel that must be used, or null for the fastest that can be
   * @param threads at most how many threads share a large step
   * @param cpu whether ND4J's arrays lie in host memory
   * @throws IllegalArgumentException if there is no kernel of that name
   * @throws IllegalStateException if it cannot be used here
   */
  static KernelChoice of(String forced, int threads, boolean cpu) {
    String whyNotHost = cpu ? null : "the ND4J backend keeps its arrays off the host";
    String whyNotSimd = cpu ? whyNotSimd() : whyNotHost;
    if (Options.kernel(forced) == null) {
      if (whyNotSimd == null) {
        return new KernelChoice(
            new FastestKernel(() -> simd(threads), threads), "the vector module is readable");
      }
      return whyNotHost == null
          ? new KernelChoice(new PlainKernel(threads), whyNotSimd)
          : new KernelChoice(new Nd4jKernel(), whyNotHost);
    }
    String reason = "-Drmsprop4j.kernel";
    switch (forced) {
      case "simd" -> {
        refuse(forced, whyNotSimd);
        try {
          return new KernelChoice(simd(threads), reason);
        } catch (UnsupportedOperationException e) {
          throw refused(forced, e.getMessage());
        }
      }
      case "plain" -> {
        refuse(forced, whyNotHost);
        return new KernelChoice(new PlainKernel(threads), reason);
      }
      default -> {
        return new KernelChoice(new Nd4jKernel(), reason);
      }
    }
  }

  private static void refuse(String forced, String why) {
    if (why != null) {
      throw refused(forced, why);
    }
  }

  private static IllegalStateException refused(String forced, String why) {
    return new IllegalStateException("rmsprop4j.kernel=" + forced + " cannot be used: " + why);
  }

  private static String whyNotSimd() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "for the faster simd kernel start Java with --add-modules " + MODULE;
    }
    // Without C2, vectors are boxed objects and crawl, though the API claims full-width species.
    String mode = System.getProperty("java.vm.info", "");
    if (mode.startsWith("interpreted") || mode.contains("emulated-client")) {
      return "this JVM runs without C2: " + mode;
    }
    try {
      Class.forName(SIMD, false, KernelChoice.class.getClassLoader());
      return null;
    } catch (ClassNotFoundException e) {
      return MISSING; // a shaded jar, cut down
    }
  }

  /** By name, so that a JVM without the module never links the class. */
  private static HostKernel simd(int threads) {
    try {
      return (HostKernel)
          Class.forName(SIMD).getDeclaredConstructor(int.class).newInstance(threads);
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw new UnsupportedOperationException(MISSING, e);
    } catch (InvocationTargetException | ExceptionInInitializerError e) {
      if (e.getCause() instanceof UnsupportedOperationException unsupported) {
        throw unsupported;
      }
      if (e.getCause() instanceof NoClassDefFoundError missing) {
        throw new UnsupportedOperationException(MISSING, missing);
      }
      throw new LinkageError("the simd kernel failed to start", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the simd kernel failed to start", e);
    }
  }
}
