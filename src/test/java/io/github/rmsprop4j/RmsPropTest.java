package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/** The configuration by itself: what it accepts, refuses, copies and equals. */
@Tag("once")
class RmsPropTest {
  private static final ISchedule SCHEDULE = new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 10);

  @Test
  void hasTheDefaultsOfTheBuiltInConfiguration() {
    var builtIn = new org.nd4j.linalg.learning.config.RmsProp();
    for (RmsProp config :
        new RmsProp[] {
          new RmsProp(),
          new RmsProp(0.1),
          new RmsProp(0.1, 0.95, 1e-8),
          RmsProp.builder().build(),
          new RmsProp.Builder().build(),
          RmsProp.builder(Flavor.DL4J).build()
        }) {
      assertEquals(new RmsProp(), config);
      assertEquals(builtIn.getLearningRate(), config.getLearningRate());
      assertEquals(builtIn.getRmsDecay(), config.getRmsDecay());
      assertEquals(builtIn.getEpsilon(), config.getEpsilon());
      assertEquals(builtIn.getEpsilon(), config.getInitialMeanSquare());
    }
    assertEquals(
        org.nd4j.linalg.learning.config.RmsProp.DEFAULT_RMSPROP_LEARNING_RATE,
        RmsProp.DEFAULT_RMSPROP_LEARNING_RATE);
    assertEquals(
        org.nd4j.linalg.learning.config.RmsProp.DEFAULT_RMSPROP_RMSDECAY,
        RmsProp.DEFAULT_RMSPROP_RMSDECAY);
    assertEquals(
        org.nd4j.linalg.learning.config.RmsProp.DEFAULT_RMSPROP_EPSILON,
        RmsProp.DEFAULT_RMSPROP_EPSILON);
  }

  @Test
  void aScheduleOverridesTheRate() {
    RmsProp config = new RmsProp(SCHEDULE);
    assertEquals(Double.NaN, config.getLearningRate());
    assertEquals(0.1, config.getLearningRate(9, 0));
    assertEquals(0.05, config.getLearningRate(10, 0));
    config.setLrAndSchedule(0.3, null);
    assertEquals(0.3, config.getLearningRate(10, 0));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        row("learningRate must be finite and >= 0, got -0.1", () -> new RmsProp(-0.1)),
        row("learningRate must be finite and >= 0, got NaN", () -> new RmsProp(Double.NaN)),
        row("learningRate must be finite and >= 0, got NaN", () -> new RmsProp((ISchedule) null)),
        row(
            "learningRate must be finite and >= 0, got Infinity",
            () -> RmsProp.builder().learningRate(Double.POSITIVE_INFINITY)),
        row(
            "learningRate must be finite and >= 0, got NaN",
            () -> new RmsProp().setLrAndSchedule(Double.NaN, null)),
        row(
            "learningRate must be finite and >= 0, got NaN",
            () -> new RmsProp(SCHEDULE).setLearningRateSchedule(null)),
        row(
            "learningRate must be finite and >= 0, got -1.0",
            () -> new RmsProp(SCHEDULE).setLearningRate(-1)),
        row("rmsDecay must be in [0, 1), got 2.0", () -> RmsProp.builder().rmsDecay(2)),
        row("rmsDecay must be in [0, 1), got 1.0", () -> new RmsProp(0.1, 1, 1e-8)),
        row("rmsDecay must be in [0, 1), got NaN", () -> new RmsProp().setRmsDecay(Double.NaN)),
        row("rmsDecay must be in [0, 1), got -0.5", () -> new RmsProp().setRmsDecay(-0.5)),
        row("epsilon must be finite and >= 0, got -1.0", () -> RmsProp.builder().epsilon(-1)),
        row("epsilon must be finite and >= 0, got NaN", () -> new RmsProp(0.1, 0.9, Double.NaN)),
        row(
            "initialMeanSquare must be finite and >= 0, got -1.0",
            () -> RmsProp.builder().initialMeanSquare(-1)),
        row("momentum must be in [0, 1), got 1.5", () -> RmsProp.builder().momentum(1.5)),
        row("momentum must be in [0, 1), got NaN", () -> RmsProp.builder().momentum(Double.NaN)),
        row("nonFinite must not be null", () -> RmsProp.builder().nonFinite(null)),
        row(
            "nonFinite must be one of [PROPAGATE, ZERO_ELEMENT, SKIP_STEP, THROW], got skip",
            () -> NonFinitePolicy.of("skip")),
        row(
            "flavor must be one of [DL4J, HINTON, GRAVES, PYTORCH, KERAS3, TF_KERAS2, TENSORFLOW1,"
                + " OPTAX, TIMM, DQN], got KERAS",
            () -> Flavor.of("KERAS")),
        row(
            "flavor must be one of [DL4J, HINTON, GRAVES, PYTORCH, KERAS3, TF_KERAS2, TENSORFLOW1,"
                + " OPTAX, TIMM, DQN], got null",
            () -> Flavor.of(null)),
        row(
            "nesterov must be false without momentum or momentumSchedule, got true",
            () -> RmsProp.builder().nesterov(true).build()),
        row("builtIn must not be null", () -> RmsProp.of(null)),
        row(
            "learningRate must be finite and >= 0, got -0.01",
            () -> RmsProp.of(new org.nd4j.linalg.learning.config.RmsProp(-0.01))),
        row(
            "rmsDecay must be in [0, 1), got 1.0",
            () -> RmsProp.of(new org.nd4j.linalg.learning.config.RmsProp(0.1, 1, 1e-8))),
        row("flavor must not be null", () -> RmsProp.builder(null)),
        row(
            "numParams must be in [0, 2147483647], since Deeplearning4j counts the 1 state elements"
                + " of each parameter in an int; got 2147483648",
            () -> new RmsProp().stateSize(1L << 31)),
        row(
            "numParams must be in [0, 715827882], since Deeplearning4j counts the 3 state elements"
                + " of each parameter in an int; got 715827883",
            () -> RmsProp.builder(Flavor.GRAVES).build().stateSize(715827883)));
  }

  private static Arguments row(String message, Executable call) {
    return arguments(message, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusesInvalidSettings(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void aRefusedSettingChangesNothing() {
    RmsProp config = new RmsProp(0.2, 0.9, 1e-6);
    assertThrows(IllegalArgumentException.class, () -> config.setLrAndSchedule(-1, SCHEDULE));
    assertThrows(IllegalArgumentException.class, () -> config.setRmsDecay(1));
    assertThrows(IllegalArgumentException.class, () -> config.setEpsilon(-1));
    assertEquals(new RmsProp(0.2, 0.9, 1e-6), config);
  }

  /** The places of a setting in this class, as CONTRIBUTING lists them. */
  @Test
  void everySettingHasAllItsPlaces() {
    String inEffect = RmsProp.builder().momentum(0.9).build().toString();
    Set<String> methods =
        Stream.of(RmsProp.class, RmsProp.Builder.class)
            .flatMap(type -> Stream.of(type.getDeclaredMethods()))
            .map(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName())
            .collect(Collectors.toSet());
    int settings = 0;
    for (Field field : RmsProp.class.getDeclaredFields()) {
      String name = field.getName();
      if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
        continue;
      }
      settings++;
      String upper = Character.toUpperCase(name.charAt(0)) + name.substring(1);
      assertTrue(
          methods.contains("RmsProp.get" + upper) || methods.contains("RmsProp.is" + upper),
          "a getter of " + name);
      assertTrue(
          methods.contains("Builder." + name) || name.equals("flavor"), "a builder's " + name);
      assertTrue(
          inEffect.matches(".*[( ]" + name.replace("Schedule", "") + "=.*"),
          name + " among the settings in effect");
      Class<?> type = MethodType.methodType(field.getType()).wrap().returnType();
      assertEquals(
          type == Double.class || type == Boolean.class,
          field.isAnnotationPresent(JsonDeserialize.class),
          "a strict reader of " + name);
    }
    assertEquals(15, settings);
  }

  static Stream<Arguments> badSchedules() {
    return Stream.of(Double.NaN, Double.POSITIVE_INFINITY, -1.0)
        .flatMap(
            bad -> {
              ISchedule schedule = new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.5, 7, bad));
              String got = ", got " + bad + " from its schedule at iteration 7, epoch 2";
              return Stream.of(
                  arguments("learningRate must be finite and >= 0" + got, new RmsProp(schedule)),
                  arguments(
                      "rmsDecay must be in [0, 1)" + got,
                      RmsProp.builder().rmsDecaySchedule(schedule).build()),
                  arguments(
                      "momentum must be in [0, 1)" + got,
                      RmsProp.builder().momentumSchedule(schedule).build()));
            });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badSchedules")
  void refusesWhatAScheduleGivesAtTheStep(String message, RmsProp config) {
    INDArray state = Nd4j.create(DataType.FLOAT, config.stateSize(4));
    RmsPropUpdater updater = config.instantiate(state, true);
    updater.applyUpdater(Nd4j.ones(DataType.FLOAT, 4), 6, 2);
    INDArray before = state.dup();
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 4);
    var e =
        assertThrows(IllegalArgumentException.class, () -> updater.applyUpdater(gradient, 7, 2));
    assertEquals(message, e.getMessage());
    assertEquals(before, state);
    assertEquals(Nd4j.ones(DataType.FLOAT, 4), gradient);
  }

  @Test
  void takesTheSettingsOfABuiltInConfiguration() {
    var builtIn = new org.nd4j.linalg.learning.config.RmsProp(0.2, 0.9, 1e-6);
    assertEquals(new RmsProp(0.2, 0.9, 1e-6), RmsProp.of(builtIn));
    ISchedule schedule = new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.9);
    var scheduled = new org.nd4j.linalg.learning.config.RmsProp(schedule);
    RmsProp taken = RmsProp.of(scheduled);
    assertEquals(new RmsProp(schedule), taken);
    assertNotSame(schedule, taken.getLearningRateSchedule());
  }

  @Test
  void flavorsAndPoliciesHaveNamesInAnyCase() {
    assertEquals(Flavor.TF_KERAS2, Flavor.of("tf_Keras2"));
    assertEquals(NonFinitePolicy.SKIP_STEP, NonFinitePolicy.of("skip_step"));
  }

  /** Pairs that train alike, however they were written. */
  static Stream<Arguments> alike() {
    ISchedule other = new StepSchedule(ScheduleType.EPOCH, 0.2, 0.5, 10);
    RmsProp overridden = new RmsProp(0.7);
    overridden.setLearningRateSchedule(SCHEDULE);
    return Stream.of(
        arguments(
            "what the flavor has anyway",
            new RmsProp(),
            RmsProp.builder().epsilonInsideSqrt(false).initialMeanSquare(1e-8).build()),
        arguments(
            "what another flavor has anyway",
            RmsProp.builder(Flavor.TENSORFLOW1).build(),
            RmsProp.builder(Flavor.TENSORFLOW1)
                .epsilonInsideSqrt(true)
                .initialMeanSquare(1)
                .build()),
        arguments(
            "what the flavor has with momentum",
            RmsProp.builder(Flavor.TF_KERAS2).momentum(0.9).build(),
            RmsProp.builder(Flavor.TF_KERAS2).momentum(0.9).epsilonInsideSqrt(true).build()),
        arguments(
            "the place of no epsilon",
            RmsProp.builder().epsilon(0).build(),
            RmsProp.builder().epsilon(0).epsilonInsideSqrt(true).build()),
        arguments(
            "the learning rate in no momentum",
            new RmsProp(),
            RmsProp.builder().learningRateInMomentum(false).build()),
        arguments("a learning rate beside its schedule", new RmsProp(SCHEDULE), overridden),
        arguments(
            "a decay beside its schedule",
            RmsProp.builder().rmsDecaySchedule(SCHEDULE).build(),
            RmsProp.builder().rmsDecaySchedule(SCHEDULE).rmsDecay(0.5).build()),
        arguments(
            "a momentum beside its schedule",
            RmsProp.builder().momentumSchedule(other).build(),
            RmsProp.builder().momentumSchedule(other).momentum(0.5).build()),
        arguments(
            "two flavors of one arithmetic",
            RmsProp.builder(Flavor.KERAS3).epsilon(1e-8).build(),
            RmsProp.builder(Flavor.OPTAX).build()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("alike")
  void whatTrainsAlikeIsEqual(String why, RmsProp a, RmsProp b) throws Exception {
    assertEquals(a, b);
    assertEquals(b, a);
    assertEquals(a.hashCode(), b.hashCode());
    RmsProp read =
        JsonMappers.getMapper()
            .readValue(JsonMappers.getMapper().writeValueAsString(b), RmsProp.class);
    assertEquals(a, read);
    assertEquals(a.hashCode(), read.hashCode());
  }

  @Test
  void flavorsOfAnotherArithmeticDiffer() {
    for (Flavor flavor : new Flavor[] {Flavor.PYTORCH, Flavor.HINTON, Flavor.TENSORFLOW1}) {
      RmsProp same =
          RmsProp.builder(flavor)
              .learningRate(0.1)
              .rmsDecay(0.95)
              .epsilon(1e-8)
              .epsilonInsideSqrt(false)
              .initialMeanSquare(1e-8)
              .learningRateInMomentum(true)
              .build();
      assertNotEquals(new RmsProp(), same, flavor.name());
    }
    // Equal in all but the built-in's fused multiply-add, which no other flavor has.
    RmsProp tfKeras2 =
        RmsProp.builder(Flavor.TF_KERAS2)
            .learningRate(0.1)
            .rmsDecay(0.95)
            .epsilon(1e-8)
            .initialMeanSquare(1e-8)
            .build();
    assertNotEquals(new RmsProp(), tfKeras2);
  }

  @Test
  void momentumGivesItsSettingsEffect() {
    RmsProp momentum = RmsProp.builder().momentum(0.9).build();
    assertNotEquals(momentum, RmsProp.builder().momentum(0.9).nesterov(true).build());
    assertNotEquals(
        momentum, RmsProp.builder().momentum(0.9).learningRateInMomentum(false).build());
    assertNotEquals(momentum, RmsProp.builder().momentum(0.8).build());
    RmsProp scheduled = RmsProp.builder().momentumSchedule(SCHEDULE).nesterov(true).build();
    assertNotEquals(RmsProp.builder().momentumSchedule(SCHEDULE).build(), scheduled);
  }

  @Test
  void aSetterBringsOutTheDifference() {
    RmsProp follows = new RmsProp();
    RmsProp fixed = RmsProp.builder().initialMeanSquare(1e-8).build();
    assertEquals(follows, fixed);
    follows.setEpsilon(1e-6);
    fixed.setEpsilon(1e-6);
    assertNotEquals(follows, fixed);
  }

  @Test
  void toStringSaysWhatIsInEffect() {
    assertEquals(
        "RmsProp(flavor=DL4J, learningRate=0.1, rmsDecay=0.95, epsilon=1.0E-8,"
            + " epsilonInsideSqrt=false, initialMeanSquare=1.0E-8, centered=false,"
            + " biasCorrection=false, nonFinite=PROPAGATE)",
        new RmsProp().toString());
    assertEquals(
        "RmsProp(flavor=OPTAX, learningRate=0.001, rmsDecay=0.9, epsilon=1.0E-8,"
            + " epsilonInsideSqrt=true, initialMeanSquare=0.0, momentum=0.9, nesterov=true,"
            + " learningRateInMomentum=true, centered=false, biasCorrection=false,"
            + " nonFinite=PROPAGATE)",
        RmsProp.builder(Flavor.OPTAX).momentum(0.9).nesterov(true).build().toString());
  }

  static Stream<RmsProp> different() {
    return Stream.of(
        new RmsProp(0.2),
        new RmsProp(SCHEDULE),
        RmsProp.builder().learningRateSchedule(SCHEDULE).build(),
        new RmsProp(0.1, 0.9, 1e-8),
        RmsProp.builder().rmsDecaySchedule(SCHEDULE).build(),
        new RmsProp(0.1, 0.95, 1e-7),
        RmsProp.builder().epsilonInsideSqrt(true).build(),
        RmsProp.builder().initialMeanSquare(1).build(),
        RmsProp.builder().momentum(0.9).build(),
        RmsProp.builder().momentumSchedule(SCHEDULE).build(),
        RmsProp.builder().centered(true).build(),
        RmsProp.builder().biasCorrection(true).build(),
        RmsProp.builder().nonFinite(NonFinitePolicy.THROW).build(),
        RmsProp.builder(Flavor.KERAS3).learningRate(0.1).rmsDecay(0.95).epsilon(1e-8).build());
  }

  @ParameterizedTest
  @MethodSource("different")
  void equalsAndCloneCoverEveryField(RmsProp config) {
    assertNotEquals(new RmsProp(), config);
    assertNotEquals(new RmsProp().toString(), config.toString());
    RmsProp copy = config.clone();
    assertEquals(config, copy);
    assertEquals(config.hashCode(), copy.hashCode());
    assertEquals(config.toString(), copy.toString());
    assertNotSame(config, copy);
  }

  @Test
  void cloneSharesNothing() {
    RmsProp config = new RmsProp(new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.9));
    RmsProp copy = config.clone();
    assertNotSame(config.getLearningRateSchedule(), copy.getLearningRateSchedule());
    copy.setLrAndSchedule(0.7, null);
    assertEquals(0.1, config.getLearningRate(0, 0));
  }

  @Test
  void isNotEqualToTheBuiltInConfiguration() {
    IUpdater builtIn = new org.nd4j.linalg.learning.config.RmsProp();
    assertNotEquals(new RmsProp(), builtIn);
    assertNotEquals(new RmsProp(), null);
  }

  @Test
  void schedulesWithoutEqualsAreComparedByTheirJson() {
    RmsProp a = new RmsProp(new Halving(8));
    assertEquals(a, new RmsProp(new Halving(8)));
    assertEquals(a.hashCode(), new RmsProp(new Halving(8)).hashCode());
    assertNotEquals(a, new RmsProp(new Halving(4)));
  }

  /** As users write them: no equals, and a clone that is none. */
  static final class Halving implements ISchedule {
    private static final long serialVersionUID = 1L;
    public double from;

    Halving(double from) {
      this.from = from;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
      return from / (1 << epoch);
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }

  @ParameterizedTest
  @EnumSource(Flavor.class)
  void aFlavorIsASettingOfTheKnobs(Flavor flavor) {
    RmsProp config = RmsProp.builder(flavor).build();
    assertEquals(flavor, config.getFlavor());
    int parts = 1 + (config.isCentered() ? 1 : 0) + (config.getMomentum() > 0 ? 1 : 0);
    assertEquals(7 * parts, config.stateSize(7));
  }

  @Test
  void gettersTellWhatWasSet() {
    RmsProp config = RmsProp.builder().build();
    assertEquals(false, config.isNesterov());
    assertEquals(false, config.isBiasCorrection());
    assertEquals(true, config.isLearningRateInMomentum());
    RmsProp other =
        RmsProp.builder()
            .momentum(0.9)
            .nesterov(true)
            .biasCorrection(true)
            .learningRateInMomentum(false)
            .learningRateSchedule(SCHEDULE)
            .build();
    assertEquals(true, other.isNesterov());
    assertEquals(true, other.isBiasCorrection());
    assertEquals(false, other.isLearningRateInMomentum());
    assertEquals(SCHEDULE, other.getLearningRateSchedule());
    assertEquals(0.05, other.getLearningRate(10, 0));
  }

  @Test
  void theLargestStateIsWhatAnIntCounts() {
    assertEquals(0, new RmsProp().stateSize(0));
    assertEquals(Integer.MAX_VALUE, new RmsProp().stateSize(Integer.MAX_VALUE));
    assertEquals(2147483646, RmsProp.builder(Flavor.GRAVES).build().stateSize(715827882));
  }

  @Test
  void configurationsThatDifferHaveOtherHashes() {
    assertEquals(new RmsProp(0.1).hashCode(), new RmsProp(0.1).hashCode());
    assertNotEquals(new RmsProp(0.1).hashCode(), new RmsProp(0.2).hashCode());
  }

  /** Whether 1 − ρ is in double, and a mean moved by its difference, without and with momentum. */
  static Stream<Arguments> arithmetic() {
    return Stream.of(
        arguments(Flavor.DL4J, false, false, false),
        arguments(Flavor.HINTON, true, false, false),
        arguments(Flavor.GRAVES, true, false, false),
        arguments(Flavor.PYTORCH, true, true, true),
        arguments(Flavor.KERAS3, true, false, false),
        arguments(Flavor.TF_KERAS2, false, false, true),
        arguments(Flavor.TENSORFLOW1, false, true, true),
        arguments(Flavor.OPTAX, true, false, false),
        arguments(Flavor.TIMM, true, true, true),
        arguments(Flavor.DQN, true, false, false));
  }

  @ParameterizedTest
  @MethodSource("arithmetic")
  void aFlavorFixesTheArithmetic(
      Flavor flavor, boolean inDouble, boolean difference, boolean differenceWithMomentum) {
    boolean builtIn = flavor == Flavor.DL4J;
    assertEquals(new Flavor.Arithmetic(builtIn, inDouble, difference), flavor.arithmetic(false));
    assertEquals(
        new Flavor.Arithmetic(builtIn, inDouble, differenceWithMomentum), flavor.arithmetic(true));
  }

  @Test
  void flavorsOfTheSameSettingsDifferByTheirArithmetic() {
    RmsProp.Builder keras = RmsProp.builder(Flavor.KERAS3);
    assertEquals(keras.build(), RmsProp.builder(Flavor.OPTAX).epsilon(1e-7).build());
    assertNotEquals(
        keras.build(),
        RmsProp.builder(Flavor.TENSORFLOW1).epsilon(1e-7).initialMeanSquare(0).build());
  }

  @Test
  void momentumMovesTheEpsilonOfTfKeras2() {
    assertEquals(false, RmsProp.builder(Flavor.TF_KERAS2).build().isEpsilonInsideSqrt());
    assertEquals(
        true, RmsProp.builder(Flavor.TF_KERAS2).momentum(0.9).build().isEpsilonInsideSqrt());
    assertEquals(
        false,
        RmsProp.builder(Flavor.TF_KERAS2)
            .momentum(0.9)
            .epsilonInsideSqrt(false)
            .build()
            .isEpsilonInsideSqrt());
  }
}
