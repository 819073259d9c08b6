package io.github.rmsprop4j.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.serde.json.JsonMappers;

/** Optimizers of Keras and PyTorch, as they are saved, and what must be refused. */
@Tag("once")
class MigrationTest {
  /** {@code keras.optimizers.RMSprop().get_config()} of Keras 3.15. */
  private static final String KERAS_3 =
      """
      {"name": "rmsprop", "learning_rate": 0.0010000000474974513, "weight_decay": null,
       "clipnorm": null, "global_clipnorm": null, "clipvalue": null, "use_ema": false,
       "ema_momentum": 0.99, "ema_overwrite_frequency": null, "loss_scale_factor": null,
       "gradient_accumulation_steps": null, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-07,
       "centered": false}""";

  /** The same of tf.keras 2.15. */
  private static final String TF_KERAS_2_15 =
      """
      {"name": "RMSprop", "weight_decay": null, "clipnorm": null, "global_clipnorm": null,
       "clipvalue": null, "use_ema": false, "ema_momentum": 0.99, "ema_overwrite_frequency": 100,
       "jit_compile": true, "is_legacy_optimizer": false, "learning_rate": 0.0010000000474974513,
       "rho": 0.9, "momentum": 0.0, "epsilon": 1e-07, "centered": false}""";

  /** The same of tf.keras 2.8. */
  private static final String TF_KERAS_2_8 =
      """
      {"name": "RMSprop", "learning_rate": 0.001, "decay": 0.0, "rho": 0.9, "momentum": 0.9,
       "epsilon": 1e-07, "centered": true}""";

  /** The same of Keras 2.2, before it was TensorFlow's. */
  private static final String KERAS_2_2 =
      """
      {"lr": 0.001, "rho": 0.9, "decay": 0.0, "epsilon": 1e-07}""";

  private static RmsProp.Builder keras(Flavor flavor) {
    return RmsProp.builder(flavor).rmsDecay(0.9).epsilon(1e-7).momentum(0).centered(false);
  }

  static Stream<Arguments> versions() {
    RmsProp keras3 = keras(Flavor.KERAS3).learningRate(0.001f).build();
    RmsProp keras3Default = keras(Flavor.KERAS3).learningRate(0.001).build();
    RmsProp tfKeras2 =
        keras(Flavor.TF_KERAS2).learningRate(0.001).momentum(0.9).centered(true).build();
    RmsProp tfKeras2Default = keras(Flavor.TF_KERAS2).learningRate(0.001).build();
    return Stream.of(
        arguments("Keras 3", KERAS_3, keras3),
        arguments("tf.keras 2.15", TF_KERAS_2_15, keras3),
        arguments("tf.keras 2.8", TF_KERAS_2_8, tfKeras2),
        arguments("Keras 2.2", KERAS_2_2, tfKeras2Default),
        arguments("all defaults", "{}", keras3Default),
        arguments("the name alone", "\"rmsprop\"", keras3Default),
        arguments(
            "serialize of Keras 3",
            "{\"module\": \"keras.optimizers\", \"class_name\": \"RMSprop\", \"config\": "
                + KERAS_3
                + ", \"registered_name\": null}",
            keras3),
        arguments(
            "training_config of an .h5 file",
            "{\"loss\": \"mse\", \"metrics\": null, \"optimizer_config\": {\"class_name\":"
                + " \"RMSprop\", \"config\": "
                + TF_KERAS_2_8
                + "}}",
            tfKeras2),
        arguments(
            "config.json of a .keras file",
            "{\"class_name\": \"Sequential\", \"config\": {}, \"compile_config\": {\"optimizer\":"
                + " {\"class_name\": \"RMSprop\", \"config\": "
                + KERAS_3
                + "}, \"loss\": \"mse\"}}",
            keras3),
        arguments(
            "config.json of a .keras file with the optimizer's name",
            "{\"class_name\": \"Sequential\", \"compile_config\": {\"optimizer\": \"rmsprop\"}}",
            keras3Default),
        arguments(
            "optimizers.legacy by its entry",
            "{\"learning_rate\": 0.001, \"is_legacy_optimizer\": true}",
            tfKeras2Default),
        arguments(
            "optimizers.legacy by its module",
            "{\"class_name\": \"RMSprop\", \"module\": \"keras.optimizers.legacy\", \"config\":"
                + " {\"name\": \"RMSprop\"}}",
            tfKeras2Default),
        arguments("momentum below 0", "{\"momentum\": -0.5}", keras3Default),
        arguments("epsilon null before 2.11", "{\"decay\": 0, \"epsilon\": null}", tfKeras2Default),
        arguments(
            "epsilon 0 of tf.keras 2",
            "{\"name\": \"RMSprop\", \"decay\": 0, \"epsilon\": 0}",
            tfKeras2Default),
        arguments(
            "epsilon 0 of Keras 2.2",
            "{\"lr\": 0.001, \"epsilon\": 0}",
            keras(Flavor.TF_KERAS2).learningRate(0.001).epsilon(0).build()),
        arguments(
            "epsilon 0 of Keras 3",
            "{\"epsilon\": 0}",
            keras(Flavor.KERAS3).learningRate(0.001).epsilon(0).build()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("versions")
  void readsEveryVersionOfKeras(String name, String json, RmsProp expected) {
    Migration migration = RmsProp.fromKeras(json);
    assertEquals(expected, migration.config());
    assertEquals(expected.getFlavor(), migration.flavor());
    assertEquals(List.of(), migration.remaining());
  }

  @Test
  void takesMapsWithAnyKindOfNumber() {
    assertEquals(
        RmsProp.builder(Flavor.KERAS3).learningRate(1).epsilon(0.5).rmsDecay(0).build(),
        RmsProp.fromKeras(Map.of("learning_rate", 1, "epsilon", 0.5f, "rho", 0L)).config());
  }

  static Stream<Arguments> schedules() {
    String head = "{\"learning_rate\": {\"class_name\": \"";
    return Stream.of(
        arguments(
            head
                + "ExponentialDecay\", \"config\": {\"initial_learning_rate\": 0.1, \"decay_steps\":"
                + " 7, \"decay_rate\": 0.96, \"staircase\": false, \"name\": null}}}",
            (IntToDoubleFunction) i -> 0.1 * Math.pow(0.96, i / 7.0)),
        arguments(
            head
                + "ExponentialDecay\", \"module\": \"keras.optimizers.schedules\","
                + " \"registered_name\": null, \"config\": {\"initial_learning_rate\": 0.1,"
                + " \"decay_steps\": 7, \"decay_rate\": 0.5, \"staircase\": true}}}",
            (IntToDoubleFunction) i -> 0.1 * Math.pow(0.5, i / 7)),
        arguments(
            head
                + "InverseTimeDecay\", \"config\": {\"initial_learning_rate\": 0.1, \"decay_steps\":"
                + " 4, \"decay_rate\": 0.5}}}",
            (IntToDoubleFunction) i -> 0.1 / (1 + 0.5 * i / 4)),
        arguments(
            head
                + "PiecewiseConstantDecay\", \"config\": {\"boundaries\": [0, 3], \"values\": [1.0,"
                + " 0.5, 0.1], \"name\": \"PiecewiseConstant\"}}}",
            (IntToDoubleFunction) i -> i <= 0 ? 1 : i <= 3 ? 0.5 : 0.1),
        arguments(
            "{\"learning_rate\": 0.1, \"decay\": 0.01, \"name\": \"RMSprop\"}",
            (IntToDoubleFunction) i -> 0.1 / (1 + 0.01 * i)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("schedules")
  void takesOverSchedules(String json, IntToDoubleFunction rate) throws Exception {
    RmsProp config = RmsProp.fromKeras(json).config();
    for (int i = 0; i < 1000; i++) {
      double expected = rate.applyAsDouble(i);
      assertEquals(expected, config.getLearningRate(i, 99), expected * 1e-12, "iteration " + i);
    }
    String saved = JsonMappers.getMapper().writeValueAsString(config);
    assertEquals(config, JsonMappers.getMapper().readValue(saved, RmsProp.class));
  }

  @Test
  void oldDecayIsAnInverseSchedule() {
    assertEquals(
        new InverseSchedule(ScheduleType.ITERATION, 0.1, 0.01, 1),
        RmsProp.fromKeras("{\"lr\": 0.1, \"decay\": 0.01}").config().getLearningRateSchedule());
  }

  static Stream<Arguments> leftovers() {
    String norm =
        "on the network's builder .gradientNormalization(GradientNormalization.%1$s)"
            + ".gradientNormalizationThreshold(%2$s); on every BaseLayer of a network that is built or"
            + " imported setGradientNormalization(GradientNormalization.%1$s) and"
            + " setGradientNormalizationThreshold(%2$s)";
    String globally =
        "OnePass.builder().clipGlobalNorm(2.0).enable(network), of io.github.rmsprop4j.dl4j";
    return Stream.of(
        arguments(
            "{\"weight_decay\": 0.004}",
            List.of(
                "weight_decay=0.004: on the builder of every layer .weightDecay(0.004,"
                    + " true).weightDecayBias(0.004, true), not on the network's, where"
                    + " Deeplearning4j 1.0.0-M2.1 applies it twice; on every BaseLayer of a network"
                    + " that is built or imported setRegularization(List.of(new WeightDecay(0.004,"
                    + " true))) and setRegularizationBias(List.of(new WeightDecay(0.004, true))), not"
                    + " FineTuneConfiguration, which applies it twice; batch normalization has no"
                    + " decay in Deeplearning4j")),
        arguments(
            "{\"clipnorm\": 1}",
            List.of("clipnorm=1.0: " + String.format(norm, "ClipL2PerParamType", "1.0"))),
        arguments(
            "{\"clipvalue\": 0.5}",
            List.of(
                "clipvalue=0.5: " + String.format(norm, "ClipElementWiseAbsoluteValue", "0.5"))),
        arguments("{\"global_clipnorm\": 2}", List.of("global_clipnorm=2.0: " + globally)),
        arguments("{\"lr\": 0.1, \"clipnorm\": 2}", List.of("clipnorm=2.0: " + globally)),
        arguments(
            "{\"name\": \"RMSprop\", \"decay\": 0, \"clipnorm\": 1, \"clipvalue\": 0.5}",
            List.of(
                "clipnorm=1.0: " + String.format(norm, "ClipL2PerParamType", "1.0"),
                "clipvalue=0.5: " + String.format(norm, "ClipElementWiseAbsoluteValue", "0.5"),
                "of these clippings a Deeplearning4j layer can have only one")),
        arguments(
            "{\"lr\": 0.1, \"clipnorm\": 2, \"clipvalue\": 0.5}", // in OnePass's order
            List.of(
                "clipvalue=0.5: " + String.format(norm, "ClipElementWiseAbsoluteValue", "0.5"),
                "clipnorm=2.0: " + globally)),
        arguments(
            "{\"clipvalue\": 0.5, \"global_clipnorm\": 2}",
            List.of(
                "clipvalue=0.5: " + String.format(norm, "ClipElementWiseAbsoluteValue", "0.5"),
                "global_clipnorm=2.0: " + globally,
                "Keras clips by the norm of all gradients last, OnePass first")),
        arguments(
            "{\"use_ema\": true}",
            List.of(
                "use_ema=true: in a listener's iterationDone"
                    + " average.muli(0.99).addi(model.params().mul(1 - 0.99)), a copy of"
                    + " model.params() after the first iteration, and model.setParams(average) when"
                    + " training is done")),
        arguments(
            "{\"use_ema\": true, \"ema_momentum\": 0.9, \"ema_overwrite_frequency\": 100}",
            List.of(
                "use_ema=true: in a listener's iterationDone"
                    + " average.muli(0.9).addi(model.params().mul(1 - 0.9)), a copy of"
                    + " model.params() after the first iteration, and model.setParams(average) every"
                    + " 100 iterations and when training is done")),
        arguments(
            "{\"loss_scale_factor\": 1024}",
            List.of(
                "loss_scale_factor=1024.0: nothing, since Keras multiplies the loss by it and"
                    + " divides the gradient again; only against underflow of 16-bit gradients would"
                    + " it be missed")),
        arguments(
            "{\"gradient_accumulation_steps\": 4}",
            List.of(
                "gradient_accumulation_steps=4: minibatches of 4 times the size; Keras counts every"
                    + " small one as an iteration of its learning-rate schedule")),
        arguments("{\"weight_decay\": 0, \"clipnorm\": 0, \"jit_compile\": true}", List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("leftovers")
  void saysWhatTheUserMustAdd(String json, List<String> expected) {
    Migration migration = RmsProp.fromKeras(json);
    assertEquals(expected, migration.remaining());
    assertThrows(UnsupportedOperationException.class, () -> migration.remaining().add(""));
  }

  private static final String COMMON =
      "name, learning_rate, lr, rho, momentum, epsilon, centered, decay, clipnorm, clipvalue,"
          + " global_clipnorm, is_legacy_optimizer";
  private static final String OF = " of Keras's RMSprop must be ";
  private static final String RATES =
      "learning_rate of Keras's RMSprop must be a finite number >= 0, ExponentialDecay,"
          + " InverseTimeDecay without staircase, or PiecewiseConstantDecay, the schedules that"
          + " Deeplearning4j has too (for another give a number here, and the builder a"
          + " learningRateSchedule of your own), got ";

  private static Arguments schedule(String name, String config, String message) {
    return arguments(
        "{\"learning_rate\": {\"class_name\": \"" + name + "\", \"config\": " + config + "}}",
        message);
  }

  static Stream<Arguments> refusedKeras() {
    return Stream.of(
        arguments(
            "{\"nesterov\": true}",
            "unknown entry nesterov of Keras's RMSprop, got true; accepted are "
                + COMMON
                + ", weight_decay, use_ema, ema_momentum, ema_overwrite_frequency, jit_compile,"
                + " loss_scale_factor, gradient_accumulation_steps"),
        arguments(
            "{\"decay\": 0, \"nesterov\": \"yes\"}",
            "unknown entry nesterov of Keras's RMSprop before 2.11, got \"yes\"; accepted are "
                + COMMON),
        arguments(
            "{\"learning_rate\": -0.1}", "learning_rate" + OF + "a finite number >= 0, got -0.1"),
        arguments("{\"learning_rate\": \"0.1\"}", RATES + "\"0.1\""),
        arguments("{\"learning_rate\": null}", RATES + "null"),
        arguments(
            "{\"learning_rate\": 0.1, \"lr\": 0.2}",
            "lr of Keras's RMSprop before 2.11 must be missing beside learning_rate, whose older"
                + " name it is, got 0.2"),
        arguments("{\"rho\": 1}", "rho" + OF + "a number in [0, 1), got 1"),
        arguments("{\"rho\": null}", "rho" + OF + "a number in [0, 1), got null"),
        arguments("{\"momentum\": 1.0}", "momentum" + OF + "a finite number < 1, got 1.0"),
        arguments("{\"momentum\": \"0.9\"}", "momentum" + OF + "a finite number < 1, got \"0.9\""),
        arguments("{\"epsilon\": -1e-7}", "epsilon" + OF + "a finite number >= 0, got -1.0E-7"),
        arguments("{\"epsilon\": null}", "epsilon" + OF + "a finite number >= 0, got null"),
        arguments(
            "{\"lr\": 0.1, \"epsilon\": true}",
            "epsilon of Keras's RMSprop before 2.11 must be a finite number >= 0 or null, got true"),
        arguments("{\"centered\": 1}", "centered" + OF + "true or false, got 1"),
        arguments(
            "{\"use_ema\": false, \"decay\": 0.1}",
            "decay" + OF + "0, as Keras ignores it from 2.11 on, got 0.1"),
        arguments(
            "{\"decay\": -0.1}",
            "decay of Keras's RMSprop before 2.11 must be a finite number >= 0, got -0.1"),
        arguments(
            "{\"decay\": 0.1, \"learning_rate\": {\"class_name\": \"ExponentialDecay\"}}",
            "decay of Keras's RMSprop before 2.11 must be 0 beside a learning-rate schedule, got"
                + " 0.1"),
        arguments("{\"name\": 3}", "name" + OF + "a string or null, got 3"),
        arguments(
            "{\"is_legacy_optimizer\": 1}",
            "is_legacy_optimizer" + OF + "true, false or null, got 1"),
        arguments(
            "{\"jit_compile\": \"auto\"}",
            "jit_compile" + OF + "true, false or null, got \"auto\""),
        arguments(
            "{\"weight_decay\": -1}", "weight_decay" + OF + "a finite number >= 0 or null, got -1"),
        arguments("{\"clipnorm\": -1}", "clipnorm" + OF + "a finite number >= 0 or null, got -1"),
        arguments("{\"clipvalue\": []}", "clipvalue" + OF + "a finite number >= 0 or null, got []"),
        arguments(
            "{\"global_clipnorm\": 1e999}",
            "global_clipnorm" + OF + "a finite number >= 0 or null, got Infinity"),
        arguments("{\"use_ema\": null}", "use_ema" + OF + "true or false, got null"),
        arguments("{\"ema_momentum\": 1}", "ema_momentum" + OF + "a number in [0, 1), got 1"),
        arguments(
            "{\"ema_overwrite_frequency\": 0}",
            "ema_overwrite_frequency" + OF + "a whole number >= 1 or null, got 0"),
        arguments(
            "{\"loss_scale_factor\": -2}",
            "loss_scale_factor" + OF + "a finite number >= 0 or null, got -2"),
        arguments(
            "{\"gradient_accumulation_steps\": 1}",
            "gradient_accumulation_steps" + OF + "a whole number >= 2 or null, got 1"),
        arguments(
            "{\"class_name\": \"Adam\", \"config\": {}}",
            "class_name of Keras's optimizer must be RMSprop, got \"Adam\""),
        arguments("\"adam\"", "class_name of Keras's optimizer must be RMSprop, got \"adam\""),
        arguments(
            "{\"class_name\": \"RMSprop\"}", "config of Keras's optimizer must be a map, got null"),
        arguments(
            "{\"class_name\": \"RMSprop\", \"config\": {}, \"module\": 1}",
            "module of Keras's optimizer must be a string or null, got 1"),
        arguments(
            "{\"class_name\": \"RMSprop\", \"config\": {}, \"registered_name\": 1}",
            "registered_name of Keras's optimizer must be a string or null, got 1"),
        arguments(
            "{\"class_name\": \"RMSprop\", \"config\": {}, \"inner\": 1}",
            "unknown entry inner of Keras's optimizer, got 1; accepted are class_name, config,"
                + " module, registered_name, shared_object_id"),
        arguments("[]", "the Keras configuration must be a map or the name RMSprop, got []"),
        arguments("null", "the Keras configuration must be a map or the name RMSprop, got null"),
        schedule("CosineDecay", "{}", RATES + "CosineDecay"),
        schedule("CosineDecayRestarts", "{}", RATES + "CosineDecayRestarts"),
        schedule("PolynomialDecay", "{}", RATES + "PolynomialDecay"),
        schedule(
            "ExponentialDecay",
            "{\"initial_learning_rate\": 0.1, \"decay_steps\": 0, \"decay_rate\": 0.5}",
            "decay_steps of Keras's ExponentialDecay must be a finite number > 0, got 0"),
        schedule(
            "ExponentialDecay",
            "{\"initial_learning_rate\": 0.1, \"decay_steps\": 1}",
            "decay_rate of Keras's ExponentialDecay must be a finite number >= 0, got null"),
        schedule(
            "ExponentialDecay",
            "{\"alpha\": 0.1}",
            "unknown entry alpha of Keras's ExponentialDecay, got 0.1; accepted are"
                + " initial_learning_rate, decay_steps, decay_rate, staircase, name"),
        schedule(
            "InverseTimeDecay",
            "{\"initial_learning_rate\": 0.1, \"decay_steps\": 1, \"decay_rate\": 0.5,"
                + " \"staircase\": true}",
            "staircase of Keras's InverseTimeDecay must be false, since Deeplearning4j has no such"
                + " schedule, got true"),
        schedule(
            "PiecewiseConstantDecay",
            "{\"boundaries\": [1, 2], \"values\": [0.1, 0.2]}",
            "values of Keras's PiecewiseConstantDecay must be one more than the 2 boundaries, got"
                + " [0.1, 0.2]"),
        schedule(
            "PiecewiseConstantDecay",
            "{\"boundaries\": [2, 2], \"values\": [0.1, 0.2, 0.3]}",
            "boundaries of Keras's PiecewiseConstantDecay must be rising whole numbers below 2^31,"
                + " got [2, 2]"),
        schedule(
            "PiecewiseConstantDecay",
            "{\"boundaries\": [1.5], \"values\": [0.1, 0.2]}",
            "boundaries of Keras's PiecewiseConstantDecay must be rising whole numbers below 2^31,"
                + " got [1.5]"),
        schedule(
            "PiecewiseConstantDecay",
            "{\"boundaries\": 5, \"values\": [0.1, 0.2]}",
            "boundaries of Keras's PiecewiseConstantDecay must be a list of numbers, got 5"),
        schedule(
            "PiecewiseConstantDecay",
            "{\"boundaries\": [5], \"values\": [0.1, -0.2]}",
            "values's element of Keras's PiecewiseConstantDecay must be a finite number >= 0, got"
                + " -0.2"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedKeras")
  void refusesWhatItDoesNotKnowOfKeras(String json, String message) {
    var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromKeras(json));
    assertEquals(message, e.getMessage());
  }

  @Test
  void refusesWhatIsNotJson() {
    for (String json : new String[] {"{'lr': 0.1}", "", "{} {}", "{\"lr\": 1, \"lr\": 2}"}) {
      var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromKeras(json), json);
      assertTrue(e.getMessage().startsWith("the Keras configuration must be JSON: "), json);
    }
    String none = null;
    var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromKeras(none));
    assertEquals("the Keras configuration must not be null", e.getMessage());
  }

  /** {@code state_dict()["param_groups"][0]} of torch 2.13. */
  private static Map<String, Object> pyTorch() {
    Map<String, Object> group = new HashMap<>();
    group.put("lr", 0.01);
    group.put("momentum", 0);
    group.put("alpha", 0.99);
    group.put("eps", 1e-8);
    group.put("centered", false);
    group.put("weight_decay", 0);
    group.put("capturable", false);
    group.put("foreach", null);
    group.put("maximize", false);
    group.put("differentiable", false);
    group.put("params", List.of(0, 1));
    return group;
  }

  @Test
  void readsAParameterGroupOfPyTorch() {
    Migration migration = RmsProp.fromPyTorch(pyTorch());
    assertEquals(RmsProp.builder(Flavor.PYTORCH).build(), migration.config());
    assertEquals(List.of(), migration.remaining());
    assertEquals(migration, RmsProp.fromPyTorch(Map.of()));

    Map<String, Object> group = pyTorch();
    group.putAll(
        Map.of(
            "lr",
            0.5f,
            "momentum",
            0.9,
            "alpha",
            0.95,
            "eps",
            1,
            "centered",
            true,
            "weight_decay",
            0.25,
            "maximize",
            true,
            "initial_lr",
            1,
            "param_names",
            List.of("a", "b")));
    migration = RmsProp.fromPyTorch(group);
    assertEquals(
        RmsProp.builder(Flavor.PYTORCH)
            .learningRate(0.5)
            .momentum(0.9)
            .rmsDecay(0.95)
            .epsilon(1)
            .centered(true)
            .build(),
        migration.config());
    assertEquals(
        List.of(
            "weight_decay=0.25: on the network's builder .l2(0.25).l2Bias(0.25); on every BaseLayer"
                + " of a network that is built or imported setRegularization(List.of(new"
                + " L2Regularization(0.25))) and setRegularizationBias(List.of(new"
                + " L2Regularization(0.25))); batch normalization has no decay in Deeplearning4j",
            "maximize=true: negate the loss, or each gradient before it goes to the network's"
                + " updater; weight decay stays as it is",
            "initial_lr=1.0: left by a learning-rate scheduler, whose rule is not in the parameter"
                + " group; config().setLearningRateSchedule(...) with an ISchedule of the same"
                + " rule"),
        migration.remaining());
  }

  static Stream<Arguments> refusedPyTorch() {
    String of = " of PyTorch's RMSprop must be ";
    return Stream.of(
        arguments(
            "betas",
            List.of(0.9),
            "unknown entry betas of PyTorch's RMSprop, got [0.9]; accepted are lr, momentum, alpha,"
                + " eps, centered, weight_decay, maximize, capturable, foreach, differentiable,"
                + " params, param_names, initial_lr, max_lr, min_lr, swa_lr, max_momentum,"
                + " base_momentum, name, _target_, _convert_, _partial_, _recursive_"),
        arguments("lr", -1, "lr" + of + "a finite number >= 0, got -1"),
        arguments("lr", null, "lr" + of + "a finite number >= 0, got null"),
        arguments("momentum", 1.5, "momentum" + of + "a number in [0, 1), got 1.5"),
        arguments("alpha", 1.0, "alpha" + of + "a number in [0, 1), got 1.0"),
        arguments("eps", Double.NaN, "eps" + of + "a finite number >= 0, got NaN"),
        arguments("centered", "no", "centered" + of + "true or false, got \"no\""),
        arguments("weight_decay", -0.1, "weight_decay" + of + "a finite number >= 0, got -0.1"),
        arguments("maximize", null, "maximize" + of + "true or false, got null"),
        arguments("foreach", 1, "foreach" + of + "true, false or null, got 1"),
        arguments("capturable", 1, "capturable" + of + "true, false or null, got 1"),
        arguments("differentiable", 1, "differentiable" + of + "true, false or null, got 1"),
        arguments("params", 3, "params" + of + "a list or null, got 3"),
        arguments("param_names", "w", "param_names" + of + "a list or null, got \"w\""),
        arguments("initial_lr", -1, "initial_lr" + of + "a finite number >= 0 or null, got -1"));
  }

  @ParameterizedTest(name = "{0}={1}")
  @MethodSource("refusedPyTorch")
  void refusesWhatItDoesNotKnowOfPyTorch(String key, Object value, String message) {
    Map<String, Object> group = pyTorch();
    group.put(key, value);
    var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromPyTorch(group));
    assertEquals(message, e.getMessage());
  }

  @Test
  void refusesNoParameterGroup() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> RmsProp.fromPyTorch((Map<String, ?>) null));
    assertEquals("the PyTorch parameter group must not be null", e.getMessage());
  }

  @Test
  void theImportedStepIsNotTheOneThatDeeplearning4jImports() {
    // Its own import drops momentum and centering, and puts epsilon on the other side of the root.
    RmsProp config =
        RmsProp.fromKeras(
                "{\"name\": \"rmsprop\", \"use_ema\": false, \"momentum\": 0.9, \"centered\": true}")
            .config();
    assertEquals(3, config.stateSize(1));
    assertTrue(config.isEpsilonInsideSqrt());
    assertEquals(0, config.getInitialMeanSquare());
    assertEquals(
        Arrays.asList(0.9, true), Arrays.asList(config.getMomentum(), config.isCentered()));
  }

  /** Why the advice on weight decay is what it is; a newer Deeplearning4j may do better. */
  @Test
  void deeplearning4jAppliesTheNetworksWeightDecayTwice() {
    assertEquals(2, regularizations(new NeuralNetConfiguration.Builder().weightDecay(0.1, true)));
    assertEquals(1, regularizations(new NeuralNetConfiguration.Builder().l2(0.1)));
    Layer decayed =
        new DenseLayer.Builder()
            .nIn(1)
            .nOut(1)
            .weightDecay(0.1, true)
            .weightDecayBias(0.1, true)
            .build();
    assertEquals(1, regularizations(new NeuralNetConfiguration.Builder(), decayed));
  }

  private static int regularizations(NeuralNetConfiguration.Builder network) {
    return regularizations(network, new DenseLayer.Builder().nIn(1).nOut(1).build());
  }

  private static int regularizations(NeuralNetConfiguration.Builder network, Layer layer) {
    return network
        .list()
        .layer(layer)
        .build()
        .getConf(0)
        .getLayer()
        .getRegularizationByParam("W")
        .size();
  }

  /** Why PolynomialDecay is refused. */
  @Test
  void polyScheduleGrows() {
    assertEquals(0.15, new PolySchedule(ScheduleType.ITERATION, 0.1, 1, 10).valueAt(5, 0), 1e-15);
  }
}
