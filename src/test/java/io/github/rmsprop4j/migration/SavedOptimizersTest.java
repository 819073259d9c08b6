package io.github.rmsprop4j.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Optimizers as they are found in public, most of which are not what they seem: whose they are is
 * checked wherever it is said, and nothing that changes training is dropped. The files are in
 * src/test/resources/migration; after them come others of the same kinds.
 */
class SavedOptimizersTest {
  private static final Path FILES = Path.of("src/test/resources/migration");

  private static Migration read(String file) throws IOException {
    return file.startsWith("p")
        ? RmsProp.fromPyTorch(Files.readString(FILES.resolve(file)))
        : RmsProp.fromKeras(FILES.resolve(file));
  }

  static Stream<Arguments> readable() {
    RmsProp tfKeras2 = RmsProp.builder(Flavor.TF_KERAS2).learningRate(0.0005).build();
    return Stream.of(
        arguments(
            "k02-tfjs-model.json",
            RmsProp.builder(Flavor.TF_KERAS2).learningRate(0.001f).rmsDecay(0.9f).build(),
            ""),
        arguments("k02b-model-with-training-config.json", tfKeras2, ""),
        arguments("k02c-training-config-nested.json", tfKeras2, ""),
        arguments(
            "k03-keras3-config.json",
            RmsProp.builder(Flavor.KERAS3).learningRate(0.001f).build(),
            ""),
        arguments(
            "k04-expdecay-eps1.json",
            RmsProp.builder(Flavor.TF_KERAS2)
                .learningRateSchedule(
                    new ExponentialSchedule(
                        ScheduleType.ITERATION, 0.005, Math.pow(0.7, 1 / 5000.0)))
                .momentum(0.9)
                .epsilon(1)
                .build(),
            ""),
        arguments("k12-get.json", RmsProp.builder(Flavor.KERAS3).learningRate(0.0001).build(), ""),
        arguments(
            "k31-builtins-dict.json",
            RmsProp.builder(Flavor.KERAS3).learningRate(0.01).rmsDecay(0.95).momentum(0.5).build(),
            ""),
        arguments(
            "p01-onecycle.json",
            RmsProp.builder(Flavor.PYTORCH).learningRate(0.0004).momentum(0.95).build(),
            "initial_lr=4.0E-4, max_lr=0.01, min_lr=4.0E-8, max_momentum=0.95, base_momentum=0.85:"
                + " left by a scheduler such as OneCycleLR, which cycles the momentum too, and whose"
                + " rule is not in the parameter group; in place of learningRate and momentum give"
                + " the builder a learningRateSchedule and a momentumSchedule of the same rule"),
        arguments(
            "p02-timm.json",
            RmsProp.builder(Flavor.TIMM).learningRate(0.016).epsilon(0.001).momentum(0.9).build(),
            Remaining.l2(1e-5)
                + "\ninitial_lr=0.016: left by a learning-rate scheduler, whose rule is not in the"
                + " parameter group; config().setLearningRateSchedule(...) with an ISchedule of the"
                + " same rule"),
        arguments("p04-whole-state-dict.json", RmsProp.builder(Flavor.PYTORCH).build(), ""),
        arguments(
            "p05-named-group.json",
            RmsProp.builder(Flavor.PYTORCH).learningRate(0.001).momentum(0.9).build(),
            Remaining.l2(0.0005)),
        arguments(
            "p06-hydra.json",
            RmsProp.builder(Flavor.PYTORCH).learningRate(0.001).epsilon(1e-5).build(),
            ""),
        arguments(
            "old.h5",
            RmsProp.builder(Flavor.TF_KERAS2)
                .learningRate(0.002)
                .momentum(0.9)
                .centered(true)
                .build(),
            ""),
        arguments("new.h5", keras3File(), WEIGHT_DECAY_AND_CLIPNORM),
        arguments("keras3.h5", keras3File(), WEIGHT_DECAY_AND_CLIPNORM));
  }

  private static final String WEIGHT_DECAY_AND_CLIPNORM =
      Remaining.layerClipping("clipnorm", "ClipL2PerParamType", 1)
          + "\n"
          + Remaining.weightDecay(0.004);

  private static RmsProp keras3File() {
    return RmsProp.builder(Flavor.KERAS3).learningRate(0.002).momentum(0.9).build();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readable")
  void reads(String file, RmsProp config, String remaining) throws IOException {
    Migration migration = read(file);
    assertEquals(config, migration.config());
    assertEquals(config.getFlavor(), migration.flavor());
    assertEquals(remaining, String.join("\n", migration.remaining()));
  }

  private static final String TWO_MEANINGS = "0, or beside rho, since it means two things";
  private static final String NOT_COMPILED = "no optimizer: the model was not compiled";
  private static final String ANOTHER_NAME = "must be RMSprop's, or one of your own";
  private static final String FOREIGN = "must be one of Keras's own, such as keras.optimizers";

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments("k05-adadelta-getconfig.json", ANOTHER_NAME),
        arguments("k05c-keras0-adagrad.json", ANOTHER_NAME),
        arguments("k06-lookahead-getconfig.json", "beside optimizer"),
        arguments("k06b-lookahead-serialized.json", "hand over its optimizer"),
        arguments("k06c-swa-getconfig.json", "beside optimizer"),
        arguments("k07-lossscale.json", "hand over its inner_optimizer"),
        arguments("k10-tf1style.json", TWO_MEANINGS),
        arguments("k14-python-repr.json", "this is Python"),
        arguments("k18-string-in-string.json", "got a string that holds JSON"),
        arguments("k21-not-compiled.json", NOT_COMPILED),
        arguments("k22-compile-no-opt.json", NOT_COMPILED),
        arguments("k23-nadam-like.json", ANOTHER_NAME),
        arguments("k24-foreign-class-same-name.json", FOREIGN),
        arguments("k25-foreign-schedule-same-name.json", FOREIGN),
        arguments("k27-name-decay-momentum.json", TWO_MEANINGS),
        arguments("k28-tf1-params.json", TWO_MEANINGS),
        arguments("k30-hanser-module-form.json", FOREIGN),
        arguments("k32-adadelta-other-keys.json", ANOTHER_NAME),
        arguments("none.h5", NOT_COMPILED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unreadable")
  void refuses(String file, String reason) {
    var e = assertThrows(IllegalArgumentException.class, () -> read(file));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void everyFileIsTried() throws IOException {
    Set<String> tried =
        Stream.concat(readable(), unreadable())
            .map(row -> (String) row.get()[0])
            .collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> files = Files.list(FILES)) {
      assertEquals(
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()), tried);
    }
  }

  /** With {@code '} for {@code "}. */
  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static final String GET_CONFIG =
      "'learning_rate': 0.001, 'rho': 0.9, 'momentum': 0.0, 'epsilon': 1e-07, 'centered': false";

  private static String serialized(String beside) {
    return "{" + beside + ", 'class_name': 'RMSprop', 'config': {" + GET_CONFIG + "}}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'module': 'keras.optimizers'",
        "'module': 'keras.src.optimizers.rmsprop', 'registered_name': 'RMSprop'",
        "'module': 'keras'",
        "'module': 'tf_keras.src.optimizers', 'registered_name': null",
        "'module': 'tensorflow.keras.optimizers'",
        "'module': 'tensorflow.python.keras.optimizer_v2.rmsprop'",
        "'module': 'builtins', 'registered_name': 'rmsprop'",
        "'registered_name': 'Custom>RMSprop', 'shared_object_id': 7",
        "'module': null"
      })
  void readsKerassOwn(String beside) {
    assertEquals(
        RmsProp.builder(Flavor.KERAS3).build(),
        RmsProp.fromKeras(json(serialized(beside))).config());
  }

  static Stream<Arguments> variants() {
    String inner = "{'class_name': 'RMSprop', 'config': {" + GET_CONFIG + "}}";
    return Stream.of(
        // Whose class it is.
        arguments(serialized("'module': 'keras_contrib.optimizers'"), FOREIGN),
        arguments(serialized("'module': 'kerasacme'"), FOREIGN),
        arguments(serialized("'module': 'acme.keras.optimizers'"), FOREIGN),
        arguments(serialized("'module': 'tensorflow_addons.optimizers'"), FOREIGN),
        arguments(serialized("'module': '__main__'"), FOREIGN),
        arguments(serialized("'registered_name': 'Acme>RMSprop'"), "as another is not Keras's own"),
        arguments(
            serialized("'registered_name': 'Custom>MyProp'"), "as another is not Keras's own"),
        arguments("{'class_name': 'Acme>RMSprop', 'config': {}}", "must be RMSprop"),
        arguments("{'class_name': 'Custom>Adam', 'config': {}}", "must be RMSprop"),
        arguments(
            "{'learning_rate': {'class_name': 'ExponentialDecay', 'module': 'acme',"
                + " 'config': {}}}",
            FOREIGN),
        arguments(
            "{'learning_rate': {'class_name': 'ExponentialDecay', 'config': {},"
                + " 'registered_name': 'Acme>ExponentialDecay'}}",
            "as another is not Keras's own"),
        arguments(
            "{'learning_rate': {'class_name': 'Acme>ExponentialDecay', 'config': {}}}",
            "the schedules that Deeplearning4j has too"),
        // Other optimizers by their name.
        arguments("{'name': 'Adam', 'learning_rate': 0.001}", ANOTHER_NAME),
        arguments("{'name': 'adamax_1', 'learning_rate': 0.001}", ANOTHER_NAME),
        arguments("{'name': 'Ftrl', 'learning_rate': 0.001}", ANOTHER_NAME),
        arguments("{'name': 'GradientDescentOptimizer', 'learning_rate': 0.1}", ANOTHER_NAME),
        arguments(
            "{'name': 'mine', 'learning_rate': 0.1, 'decay': 0.0, 'rho': 0.95, 'epsilon': 1e-7}",
            ANOTHER_NAME),
        arguments("{'name': 'mine', 'learning_rate': 0.1}", ANOTHER_NAME),
        arguments(
            "{'class_name': 'RMSprop', 'config': {'name': 'Nadam', 'learning_rate': 0.1}}",
            ANOTHER_NAME),
        arguments("{'optimizer': 'adam', 'loss': 'mse'}", "must be RMSprop, got 'adam'"),
        // Wrappers.
        arguments(
            "{'optimizer': " + inner + ", 'average_decay': 0.99}", "unknown entry average_decay"),
        arguments("{'name': 'x', 'optimizer': " + inner + "}", "unknown entry name"),
        arguments(
            "{'class_name': 'Wrap', 'config': {}, 'optimizer': " + inner + "}",
            "unknown entry class_name"),
        arguments(
            "{'compile_config': {'optimizer': {'class_name': 'Addons>MovingAverage', 'config':"
                + " {'optimizer': "
                + inner
                + ", 'average_decay': 0.99}}}}",
            "hand over its optimizer"),
        arguments(
            "{'compile_config': {'optimizer': " + inner + ", 'sync_period': 6}}",
            "unknown entry sync_period"),
        arguments(
            "{'inner_optimizer': " + inner + ", 'dynamic': true}", "hand over its inner_optimizer"),
        arguments(
            "{'name': 'LossScaleOptimizer', 'inner_optimizer': " + inner + "}",
            "hand over its inner_optimizer"),
        // Two meanings of one name.
        arguments("{'learning_rate': 0.01, 'decay': 0.95}", TWO_MEANINGS),
        arguments("{'learning_rate': 0.01, 'decay': 0.1}", TWO_MEANINGS),
        arguments("{'lr': 0.045, 'decay': 0.9, 'momentum': 0.9, 'epsilon': 1.0}", TWO_MEANINGS),
        arguments("{'name': 'RMSprop', 'decay': 0.9, 'momentum': 0.9}", TWO_MEANINGS),
        arguments("{'name': 'RMSProp', 'decay': 0.1, 'centered': true}", TWO_MEANINGS),
        arguments(
            "{'class_name': 'RMSProp', 'config': {'learning_rate': 0.01, 'decay': 0.9,"
                + " 'momentum': 0, 'epsilon': 1e-8, 'centered': false}}",
            TWO_MEANINGS),
        arguments(
            "{'learning_rate': 0.01, 'decay': 0.9, 'use_locking': false}",
            "unknown entry use_locking"),
        // Models without an optimizer.
        arguments("{'compile_config': {}}", NOT_COMPILED),
        arguments("{'compile_config': {'loss': 'mse'}}", NOT_COMPILED),
        arguments("{'compile_config': {'optimizer': null, 'loss': 'mse'}}", NOT_COMPILED),
        arguments(
            "{'modelTopology': {'model_config': {'class_name': 'Model', 'config': {}}}}",
            NOT_COMPILED),
        arguments("{'name': 'net', 'layers': []}", NOT_COMPILED),
        arguments("{'class_name': 'MyModel', 'config': {'layers': []}}", NOT_COMPILED),
        arguments("{'training_config': null, 'model_config': {}}", NOT_COMPILED),
        // Not what it should be a form of.
        arguments("{'training_config': '{}'}", "training_config must be a map, got '{}'"),
        arguments("{'optimizer_config': '{\\'class_name\\': 1}'}", "got a string that holds JSON"),
        arguments("'[1]'", "got a string that holds JSON"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("variants")
  void refusesOthersOfTheseKinds(String text, String reason) {
    var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromKeras(json(text)));
    assertTrue(e.getMessage().replace('"', '\'').contains(reason), e.getMessage());
  }

  @Test
  void readsANameOfYourOwn() {
    for (String name : List.of("generator", "my_rmsprop", "RMSprop_2", "adam_like")) {
      assertEquals(
          RmsProp.builder(Flavor.KERAS3).build(),
          RmsProp.fromKeras(json("{'name': '" + name + "', " + GET_CONFIG + "}")).config(),
          name);
    }
  }

  @Test
  void decayBesideRhoIsKeras() {
    assertEquals(
        new InverseSchedule(ScheduleType.ITERATION, 0.1, 0.9, 1),
        RmsProp.fromKeras(json("{'learning_rate': 0.1, 'decay': 0.9, 'rho': 0.9}"))
            .config()
            .getLearningRateSchedule());
  }

  @Test
  void readsTheOptimizerOfTensorFlowJsBesideItsTopology() {
    String saved =
        json(
            "{'modelTopology': {'class_name': 'Model', 'config': {}}, 'trainingConfig':"
                + " {'loss': 'mse', 'optimizer_config': {'class_name': 'RMSprop', 'config': {"
                + GET_CONFIG
                + "}}}}");
    assertEquals(RmsProp.builder(Flavor.KERAS3).build(), RmsProp.fromKeras(saved).config());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'lr': 0.1}",
        "[None]",
        "{\"centered\": False}",
        "<keras.optimizers.RMSprop object at 0x7f>",
        "{\"a\": u'b'}"
      })
  void saysThatPythonIsNotJson(String python) {
    for (var read :
        List.<Function<String, Migration>>of(RmsProp::fromKeras, RmsProp::fromPyTorch)) {
      var e = assertThrows(IllegalArgumentException.class, () -> read.apply(python));
      assertTrue(e.getMessage().contains("must be JSON: "), e.getMessage());
      assertTrue(
          e.getMessage().endsWith("; this is Python, of which json.dumps makes JSON"),
          e.getMessage());
    }
  }

  @Test
  void aFilesNameIsNoJson() {
    var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromKeras("model.h5"));
    assertTrue(e.getMessage().endsWith("; of a file, hand over a Path"), e.getMessage());
  }

  @Test
  void whatFollowsANulIsNotRead() {
    String left = json("{'class_name': 'RMSprop', 'config': {}}") + "\0\1}{\0garbage\uffff";
    assertEquals(RmsProp.builder(Flavor.KERAS3).build(), RmsProp.fromKeras(left).config());
  }

  static Stream<Arguments> groups() {
    return Stream.of(
        arguments(
            "{'_target_': 'torch.optim.rmsprop.RMSprop', '_partial_': true}", Flavor.PYTORCH, ""),
        arguments("{'_target_': 'timm.optim.RMSpropTF'}", Flavor.TIMM, ""),
        arguments("{'lr_in_momentum': true}", Flavor.TIMM, ""),
        arguments("[{'name': 'no_decay', 'lr': 0.01}]", Flavor.PYTORCH, ""),
        arguments(
            "{'state': {'0': {'step': 3}}, 'param_groups': [{}]}",
            Flavor.PYTORCH,
            "state: nothing can be done with it, so v and the momentum buffer start anew"),
        arguments(
            "{'decoupled_decay': true, 'weight_decay': 0.25}",
            Flavor.TIMM,
            Remaining.weightDecay(0.25)),
        arguments(
            "{'decoupled_decay': true, 'corrected_weight_decay': true, 'weight_decay': 0.25}",
            Flavor.TIMM,
            Remaining.weightDecay(0.25)
                + "\ncorrected_weight_decay=true: once the learning rate changes, in place of 0.25 an"
                + " ISchedule of 0.25 times learning rate / initial learning rate, new"
                + " WeightDecay(schedule, true)"),
        arguments(
            "{'base_momentum': 0.8, 'max_momentum': 0.9}",
            Flavor.PYTORCH,
            "max_momentum=0.9, base_momentum=0.8: left by a scheduler such as OneCycleLR, which"
                + " cycles the momentum too, and whose rule is not in the parameter group; in place of"
                + " learningRate and momentum give the builder a learningRateSchedule and a"
                + " momentumSchedule of the same rule"),
        arguments(
            "{'swa_lr': 0.5}",
            Flavor.PYTORCH,
            "swa_lr=0.5: left by a learning-rate scheduler, whose rule is not in the parameter group;"
                + " config().setLearningRateSchedule(...) with an ISchedule of the same rule"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("groups")
  void readsOtherFormsOfAGroup(String text, Flavor flavor, String remaining) {
    Migration migration = RmsProp.fromPyTorch(json(text));
    assertEquals(RmsProp.builder(flavor).build(), migration.config());
    assertEquals(remaining, String.join("\n", migration.remaining()));
  }

  @Test
  void timmsRateBesideItsBuffer() {
    assertEquals(
        RmsProp.builder(Flavor.TIMM).momentum(0.9).learningRateInMomentum(false).build(),
        RmsProp.fromPyTorch(json("{'lr_in_momentum': false, 'momentum': 0.9}")).config());
  }

  static Stream<Arguments> otherGroups() {
    return Stream.of(
        arguments(
            "{'_target_': 'torch.optim.Adam'}",
            "_target_ of PyTorch's RMSprop must be torch.optim.RMSprop"),
        arguments(
            "{'_target_': 'acme.optim.RMSprop'}",
            "_target_ of PyTorch's RMSprop must be torch.optim.RMSprop"),
        arguments(
            "{'_target_': 'torch.optim.RMSprop', 'lr_in_momentum': true}",
            "unknown entry lr_in_momentum"),
        arguments("{'name': 'SGD', 'lr': 0.1}", "not of another optimizer"),
        arguments(
            "{'caution': true, 'momentum': 0.9}", "caution of PyTorch's RMSprop must be false"),
        arguments("{'param_groups': [{}, {}]}", "param_groups must be one, got 2"),
        arguments("{'param_groups': []}", "param_groups must be one, got 0"),
        arguments(
            "{'param_groups': [{}], 'epoch': 3}", "unknown entry epoch of PyTorch's state_dict"),
        arguments("{'lr': 0.1, 'nesterov': true}", "unknown entry nesterov"),
        arguments("{'lr': 0.1, 'rho': 0.9}", "unknown entry rho"),
        arguments(
            "3", "the PyTorch parameter group must be a map, or a state_dict with one, got 3"),
        arguments("null", "the PyTorch parameter group must not be null"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherGroups")
  void refusesOtherGroups(String text, String reason) {
    var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromPyTorch(json(text)));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  static Stream<Arguments> endless() {
    return Stream.of(
        arguments("deep lists", "[".repeat(1_000_000), "nested at most 500 deep"),
        arguments("deep maps", "{\"a\":".repeat(100_000), "nested at most 500 deep"),
        arguments(
            "a whole number",
            "{\"learning_rate\": " + "1".repeat(1_000_000) + "}",
            "numbers of at most 1000 digits, got one of 1000000"),
        arguments(
            "a fraction",
            "{\"learning_rate\": 0." + "1".repeat(1_000_000) + "}",
            "numbers of at most 1000 digits, got one of 1000002"),
        arguments("a long text", " ".repeat((1 << 24) + 1), "at most 16777216 characters"),
        arguments(
            "a long name", "{\"name\": \"" + "1".repeat(1_000_000) + "\"}", "must be RMSprop's"));
  }

  /** The time is no measurement: without the bounds it is a minute or a stack overflow. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("endless")
  void boundsWhatItReads(String name, String text, String reason) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          var e = assertThrows(IllegalArgumentException.class, () -> RmsProp.fromKeras(text));
          assertTrue(e.getMessage().contains(reason), e.getMessage());
          assertTrue(e.getMessage().length() < 1000, "a short message");
        });
  }
}
