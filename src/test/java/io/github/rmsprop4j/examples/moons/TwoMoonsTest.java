package io.github.rmsprop4j.examples.moons;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TwoMoonsTest {
  @Test
  void learns() {
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      TwoMoons.main(new String[0]);
    } finally {
      System.setOut(out);
    }
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("step 500  loss 0"), text);
    assertTrue(text.matches("(?s).*accuracy: (0\\.99\\d|1\\.000)\\R"), text);
  }
}
