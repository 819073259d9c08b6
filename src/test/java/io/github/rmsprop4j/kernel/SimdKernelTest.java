package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A class for each form, what serves where none can be made, and errors of vectors' memory. */
class SimdKernelTest {
  private static final Form FORM = Form.at(0);

  @BeforeEach
  void plainHasNone() {
    assumeTrue(Kernels.name().equals("simd"), "there are no vectors in this JVM");
  }

  @Test
  void eachFormHasAClassOfItsOwn() {
    Pass floats = SimdKernel.made(FloatPass.class, FORM, form -> null);
    Pass doubles = SimdKernel.made(DoublePass.class, FORM, form -> null);
    Pass others = SimdKernel.made(FloatPass.class, Form.at(1), form -> null);
    assertTrue(floats.getClass().isHidden() && doubles.getClass().isHidden());
    assertTrue(floats.getClass().getName().startsWith(FloatPass.class.getName()));
    assertTrue(doubles.getClass().getName().startsWith(DoublePass.class.getName()));
    assertNotSame(floats.getClass(), others.getClass());
  }

  @Test
  void theFormIsAConstantOfItsClass() throws IOException, IllegalAccessException {
    assertNull(SimdKernel.constantOf(MethodHandles.lookup()));
    MethodHandles.Lookup hidden =
        MethodHandles.lookup().defineHiddenClassWithClassData(bytes(Empty.class), FORM, true);
    assertSame(FORM, SimdKernel.constantOf(hidden));
  }

  /** Such as in a native image. */
  @Test
  void whereNoClassCanBeMadeOneServesAllForms() {
    Pass unspecialised = (step, arrays, from, to) -> {};
    assertSame(unspecialised, SimdKernel.made(Empty.class, FORM, form -> unspecialised));
  }

  @Test
  void itsNameAndWidthAreTold() {
    SimdKernel kernel = new SimdKernel(1);
    assertEquals("simd", kernel.name());
    assertEquals(
        "simd, " + VectorMemory.FLOATS.length() * Float.SIZE + "-bit vectors", kernel.toString());
  }

  @Test
  void errorsOfTheVectorApiComeThrough() {
    try (FloatPointer array = new FloatPointer(64)) {
      Window window = Window.at(array.address());
      window.open();
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> VectorMemory.floats(window.memory, Integer.MAX_VALUE));
      assertThrows(NullPointerException.class, () -> VectorMemory.floats((Object) null, 0));
      Throwable other = assertThrows(Throwable.class, () -> VectorMemory.floats("no memory", 0));
      // A byte buffer is a class, a memory segment an interface.
      assertTrue(
          other instanceof ClassCastException || other instanceof IncompatibleClassChangeError,
          other.toString());
    }
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      return in.readAllBytes();
    }
  }

  /** Its file has another name than the class: not found, as there is none in a native image. */
  private static final class Empty implements Pass {
    @Override
    public void run(Step step, Operands arrays, int from, int to) {}
  }
}
