package io.github.rmsprop4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The number of a form, its example, and where it is cut in two. */
class FormTest {
  private static final INDArray ARRAY = Nd4j.ones(3);

  @Test
  void everyNumberIsThatOfItsExample() {
    int seen = 0;
    for (int i = 0; i < Form.COUNT; i++) {
      Form form = Form.at(i);
      boolean possible =
          !(form.fused() && form.difference())
              && (form.momentum() || !form.nesterov())
              && (form.changes() || form.keeps() && !form.l2() && !form.weightDecay())
              && (form.l2() || form.weightDecay() || !form.fusedDecay())
              && (form.weightDecay() || !form.decayTwice());
      if (possible) {
        INDArray mean = form.centered() ? ARRAY : null;
        INDArray momentum = form.momentum() ? ARRAY : null;
        INDArray parameters = form.changes() ? ARRAY : null;
        State state = new State(ARRAY, mean, momentum);
        assertEquals(i, Form.index(form.example(), state, parameters), form.toString());
        assertTrue(form.movesMeans() && form.updates());
        seen++;
      }
    }
    int updates = 2 * 3 * 3 * 2 * 2; // centered, momentum, ways of v, corrected, divides
    int decays = 1 + 5 * 2; // none, or L2 with none, one or two of weight decay, fused or not
    assertEquals(updates + updates * 2 * decays, seen); // change nothing, or keep the update or not
  }

  @Test
  void partsAreOfTheSameForm() {
    Form whole = Form.at(Form.COUNT - 1);
    Form means = whole.only(Form.Part.MEANS);
    Form update = whole.only(Form.Part.UPDATE);
    assertTrue(means.movesMeans() && !means.updates());
    assertTrue(update.updates() && !update.movesMeans());
    assertEquals(whole, means.only(Form.Part.WHOLE));
    assertEquals(whole, update.only(Form.Part.WHOLE));
  }

  /** Thirty operations on vectors are the most; JDK 17 was measured with all of these. */
  @ParameterizedTest
  @CsvSource({
    "centered momentum nesterov corrected         keeps, false",
    "centered momentum nesterov corrected divides keeps, true",
    "centered momentum nesterov divides           keeps, false",
    "centered momentum nesterov changes           keeps, true",
    "centered momentum nesterov changes                , false",
    "centered momentum nesterov divides changes        , true",
    "centered momentum corrected divides          keeps, false",
    "centered momentum corrected changes          keeps, true",
    "centered momentum corrected changes               , false",
    "centered momentum divides changes            keeps, false",
    "centered momentum corrected divides changes       , true",
    "centered nesterov corrected divides changes  keeps, false",
    "momentum nesterov corrected divides changes  keeps, false",
    "keeps, false",
    "centered momentum changes l2                      , false",
    "centered momentum changes l2 weightDecay          , true",
    "momentum nesterov changes l2 weightDecay     keeps, false",
    "centered changes l2 weightDecay decayTwice   keeps, false",
    "centered momentum changes weightDecay decayTwice  , true",
  })
  void aFormOfMoreThanThirtyOperationsIsLarge(String has, boolean large) {
    Form form =
        new Form(
            has.contains("centered"),
            has.contains("momentum"),
            has.contains("nesterov"),
            true,
            false,
            has.contains("corrected"),
            has.contains("divides"),
            has.contains("changes"),
            has.contains("keeps"),
            has.contains("l2"),
            has.contains("weightDecay"),
            has.contains("decayTwice"),
            false,
            Form.Part.WHOLE);
    assertEquals(large, form.isLarge(), form.toString().toLowerCase(Locale.ROOT));
    assertFalse(form.fused());
  }
}
