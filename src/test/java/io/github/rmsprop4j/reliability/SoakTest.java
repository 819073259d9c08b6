package io.github.rmsprop4j.reliability;

import org.junit.jupiter.api.Test;

/** The soak, short. */
class SoakTest {
  @Test
  void stepsLeaveNothingBehind() {
    Soak.steps(60_000);
  }

  @Test
  void networksLeaveNothingBehind() {
    Soak.networks(50);
  }

  @Test
  void networksAtOnceThatShareOneConfigurationEndAsOneAlone() {
    Soak.together(2);
  }

  @Test
  void anInterruptChangesNoStep() {
    Soak.interrupted(5);
  }
}
