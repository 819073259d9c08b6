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
          !form.setsAside()
              && !(form.fused() && form.difference())
              && !(form.divides() && form.scales())
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
    int updates = 2 * 3 * 3 * 2 * 3; // centered, momentum, ways of v, corrected, divisors
    int decays = 1 + 5 * 2; // none, or L2 with none, one or two of weight decay, fused or not
    assertEquals(updates + updates * 2 * decays, seen); // change nothing, or keep the update or not
  }

  @ParameterizedTest
  @CsvSource({
    "1, false",
    "2, true",
    "64, true",
    "0.25, true",
    "48, false",
    "1.5, false",
    "3, false",
    "0.3, false",
    "-2, false",
    "8.507059173023462E37, true",
    "1.7014118346046923E38, false",
    "1.1754943508222875E-38, true",
    "0, false",
    "NaN, false",
    "Infinity, false",
  })
  void powersOfTwoAreMultipliedWith(double divisor, boolean scales) {
    Step step = Step.builder().divisor(divisor).build();
    Form form = Form.at(Form.index(step, new State(ARRAY, null, null), ARRAY));
    assertEquals(scales, form.scales());
    assertEquals(!scales && divisor != 1, form.divides());
  }

  /** Equal halves are compiled once. */
  @ParameterizedTest
  @CsvSource({
    "centered momentum nesterov corrected divides changes weightDecay decayTwice, centered divides",
    "momentum corrected divides changes keeps l2 weightDecay, divides changes l2",
    "momentum keeps, keeps",
  })
  void meansHaveOnlyWhatMovesThem(String has, String whatMovesThem) {
    Form means = form(has).means();
    assertEquals(form(whatMovesThem).means(), means);
    assertEquals(has.contains("l2"), means.readsParameters());
    assertEquals(has.contains("l2"), means.changes());
    assertEquals(has.contains("divides"), means.divides());
    assertTrue(means.movesMeans() && !means.updates());
  }

  @Test
  void meansAreFusedWithDecayOnlyWhereL2IsAdded() {
    int l2 = 1 << 9;
    assertTrue(Form.at(Form.COUNT - 1).means().fusedDecay());
    assertFalse(Form.at(Form.COUNT - 1 & ~l2).means().fusedDecay());
  }

  @Test
  void theUpdateHasAllButWhatWasDoneBefore() {
    int differenceAndFused = 0b11 << 3;
    int dividesAndScales = 1 << 6 | 1 << 13;
    int l2 = 1 << 9;
    int done = differenceAndFused | dividesAndScales | l2;
    int all = Form.COUNT - 1;
    Form update = Form.at(all).update();
    assertEquals(update, Form.at(all & ~done).update());
    assertEquals(update.toString(), Form.at(all & ~done).toString().replace("WHOLE", "UPDATE"));
    assertTrue(update.updates() && !update.movesMeans());
    int decays = 1 << 10 | 1 << 11;
    assertFalse(Form.at(all & ~decays).update().fusedDecay(), "L2 was added before");
  }

  /** Of halves the first, if there is anything that the second would have to do again. */
  @ParameterizedTest
  @CsvSource({
    "divides changes, true",
    "scales changes, true",
    "changes l2, true",
    "momentum changes weightDecay, false",
  })
  void aPreparedGradientIsHandedOver(String has, boolean handsOver) {
    assertEquals(handsOver, form(has).means().handsOver());
    assertFalse(form(has).handsOver() || form(has).update().handsOver());
  }

  @ParameterizedTest
  @CsvSource({
    "centered momentum nesterov corrected         keeps, true",
    "centered momentum nesterov corrected divides keeps, true",
    "centered momentum nesterov divides           keeps, true",
    "centered momentum nesterov changes           keeps, true",
    "centered momentum nesterov changes                , true",
    "centered momentum nesterov divides changes        , true",
    "centered momentum corrected divides          keeps, true",
    "centered momentum corrected changes          keeps, true",
    "centered momentum corrected changes               , true",
    "centered momentum divides changes            keeps, true",
    "centered momentum corrected divides changes       , true",
    "centered nesterov corrected divides changes  keeps, true",
    "momentum nesterov corrected divides changes  keeps, false",
    "centered momentum nesterov                   keeps, false",
    "centered momentum changes                         , false",
    "keeps, false",
    "centered momentum changes l2                      , true",
    "centered momentum changes l2 weightDecay          , true",
    "momentum nesterov changes l2 weightDecay     keeps, false",
    "centered changes l2 weightDecay decayTwice   keeps, true",
    "centered momentum changes weightDecay decayTwice  , true",
  })
  void largeFormsAreKnown(String has, boolean large) {
    Form form = form(has);
    assertEquals(large, form.isLarge(), form.toString().toLowerCase(Locale.ROOT));
    assertFalse(form.fused());
  }

  @Test
  void subnormalNumbersAreSetAsideWhereThereIsRoom() {
    int all = Form.COUNT - 1;
    int difference = 1 << 3;
    int keptAndDecayed = 0b1111 << 8;
    assertFalse(Form.at(0).setsAside());
    assertTrue(Form.at(Form.SETS_ASIDE).withinRoom().setsAside());
    assertEquals(
        Form.at(all & ~difference & ~Form.SETS_ASIDE), Form.at(all & ~difference).withinRoom());
    Form halves = Form.at(all & ~difference & ~keptAndDecayed).withinRoom();
    assertTrue(halves.setsAside());
    assertTrue(halves.isLarge());
    assertTrue(halves.means().setsAside());
    assertTrue(halves.update().setsAside());
    assertFalse(halves.update().isLarge());
  }

  @ParameterizedTest
  @CsvSource({
    "nesterov corrected, true",
    "corrected weightDecay, true",
    "weightDecay decayTwice, true",
    "nesterov corrected keeps, false",
    "nesterov keeps weightDecay, false",
    "keeps weightDecay decayTwice, false",
  })
  void momentumAndCenteringLeaveRoomForTwoMore(String more, boolean room) {
    Form form = form("centered momentum changes setsAside " + more);
    assertEquals(room, form.withinRoom().setsAside());
  }

  @ParameterizedTest
  @CsvSource({
    "keeps, 2",
    "changes, 3",
    "momentum keeps, 3",
    "centered keeps, 3",
    "centered momentum keeps, 1",
    "momentum divides changes, 2",
    "momentum nesterov divides changes, 1",
    "momentum changes, 3",
    "centered divides changes, 2",
    "divides changes l2 weightDecay, 3",
    "centered momentum corrected divides keeps, 0",
    "centered momentum nesterov corrected divides changes, 0",
    "keeps setsAside, 2",
    "scales changes setsAside, 1",
    "momentum keeps setsAside, 0",
  })
  void asManyArraysAsThereIsRoomForHaveViews(String has, int views) {
    assertEquals(views, form(has).views());
  }

  @ParameterizedTest
  @CsvSource({
    "centered momentum nesterov divides changes, 3, 2",
    "centered momentum nesterov corrected divides changes, 3, 1",
    "centered momentum divides changes l2, 4, 3",
    "centered momentum nesterov divides changes l2 weightDecay decayTwice, 4, 1",
    "centered momentum scales changes setsAside, 2, 1",
  })
  void halvesHaveTheirOwnViews(String has, int means, int update) {
    assertEquals(means, form(has).means().views());
    assertEquals(update, form(has).update().views());
  }

  private static Form form(String has) {
    return new Form(
        has.contains("centered"),
        has.contains("momentum"),
        has.contains("nesterov"),
        true,
        false,
        has.contains("corrected"),
        has.contains("divides"),
        has.contains("scales"),
        has.contains("changes"),
        has.contains("keeps"),
        has.contains("l2"),
        has.contains("weightDecay"),
        has.contains("decayTwice"),
        false,
        has.contains("setsAside"),
        Form.Part.WHOLE);
  }
}
