package io.github.rmsprop4j.packaging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.cpu.nativecpu.CpuBackend;
import org.nd4j.linalg.factory.Nd4j;

/** The tests run beside the release that was asked for, and beside no other. */
@Tag("once")
@Tag("compat")
class DeeplearningVersionTest {
  /** Set by the profile compat. */
  private static final String BESIDE = System.getProperty("rmsprop4j.beside", "1.0.0-M2.1");

  @ParameterizedTest
  @ValueSource(classes = {Nd4j.class, CpuBackend.class, MultiLayerNetwork.class})
  void isTheOneThatWasAskedFor(Class<?> library) {
    URL jar = library.getProtectionDomain().getCodeSource().getLocation();
    assertTrue(jar.getPath().endsWith("-" + BESIDE + ".jar"), jar::toString);
  }

  @Test
  void startsItsNatives() {
    assertTrue(Nd4j.ones(3).sumNumber().intValue() == 3);
  }
}
