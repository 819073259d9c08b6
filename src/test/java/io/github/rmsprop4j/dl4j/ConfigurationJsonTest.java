package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The configuration as the JSON and YAML of saved models. */
@Tag("compat")
class ConfigurationJsonTest {
  /** Each way in which DL4J and SameDiff write an updater's configuration and read it back. */
  enum Format {
    MULTI_LAYER_JSON {
      @Override
      IUpdater roundTrip(IUpdater updater) {
        return first(MultiLayerConfiguration.fromJson(multiLayer(updater).toJson()));
      }
    },
    MULTI_LAYER_YAML {
      @Override
      IUpdater roundTrip(IUpdater updater) {
        return first(MultiLayerConfiguration.fromYaml(multiLayer(updater).toYaml()));
      }
    },
    GRAPH_JSON {
      @Override
      IUpdater roundTrip(IUpdater updater) {
        return first(ComputationGraphConfiguration.fromJson(graph(updater).toJson()));
      }
    },
    GRAPH_YAML {
      @Override
      IUpdater roundTrip(IUpdater updater) {
        return first(ComputationGraphConfiguration.fromYaml(graph(updater).toYaml()));
      }
    },
    SAMEDIFF_JSON {
      @Override
      IUpdater roundTrip(IUpdater updater) {
        TrainingConfig config =
            TrainingConfig.builder()
                .updater(updater)
                .dataSetFeatureMapping("x")
                .dataSetLabelMapping("y")
                .build();
        return TrainingConfig.fromJson(config.toJson()).getUpdater();
      }
    },
    ND4J_JSON {
      @Override
      IUpdater roundTrip(IUpdater updater) {
        try {
          return JsonMappers.getMapper()
              .readValue(JsonMappers.getMapper().writeValueAsString(updater), IUpdater.class);
        } catch (JsonProcessingException e) {
          throw new AssertionError(e);
        }
      }
    };

    abstract IUpdater roundTrip(IUpdater updater);

    private static MultiLayerConfiguration multiLayer(IUpdater updater) {
      return Networks.mlp(Networks.base(updater, DataType.FLOAT));
    }

    private static ComputationGraphConfiguration graph(IUpdater updater) {
      return Networks.residual(Networks.base(updater, DataType.FLOAT));
    }

    private static IUpdater first(MultiLayerConfiguration configuration) {
      return updaterOf(configuration.getConf(0).getLayer());
    }

    private static IUpdater first(ComputationGraphConfiguration configuration) {
      return updaterOf(
          ((org.deeplearning4j.nn.conf.graph.LayerVertex) configuration.getVertices().get("first"))
              .getLayerConf()
              .getLayer());
    }
  }

  private static IUpdater updaterOf(Layer layer) {
    return ((BaseLayer) layer).getIUpdater();
  }

  static Stream<Arguments> formatsAndConfigurations() {
    List<RmsProp> configurations = new ArrayList<>();
    configurations.add(new RmsProp());
    configurations.add(new RmsProp(1.0 / 3, 0.7, Double.MIN_VALUE));
    configurations.add(new RmsProp(0.0, 0.0, 0.0));
    for (ScheduleType by : ScheduleType.values()) {
      for (ISchedule schedule :
          List.of(
              new ExponentialSchedule(by, 0.1, 0.9),
              new StepSchedule(by, 0.1, 0.5, 10),
              new MapSchedule(by, Map.of(0, 0.1, 100, 0.01)),
              new PolySchedule(by, 0.1, 2, 100),
              new SigmoidSchedule(by, 0.1, 0.2, 50),
              new InverseSchedule(by, 0.1, 0.2, 0.5),
              new CycleSchedule(by, 0.01, 0.1, 10, 3, 0.1))) {
        configurations.add(new RmsProp(schedule));
      }
    }
    configurations.add(new RmsProp(new FixedSchedule(0.1)));
    configurations.add(new RmsProp(new WarmUp(0.1, 5)));
    for (Flavor flavor : Flavor.values()) {
      configurations.add(RmsProp.builder(flavor).build());
    }
    configurations.add(everySetting());
    configurations.add(
        RmsProp.builder().learningRate(0.2).learningRateSchedule(new FixedSchedule(0.1)).build());
    return Stream.of(Format.values())
        .flatMap(format -> configurations.stream().map(config -> arguments(format, config)));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource("formatsAndConfigurations")
  void roundTripIsEqual(Format format, RmsProp config) {
    IUpdater read = format.roundTrip(config);
    assertNotSame(config, read);
    assertEquals(config, read);
    assertEquals(read, config);
    assertEquals(config.hashCode(), read.hashCode());
    for (int i = 0; i < 12; i++) {
      assertEquals(config.getLearningRate(i, i / 3), read.getLearningRate(i, i / 3));
    }
  }

  /** None at its default. */
  private static RmsProp everySetting() {
    return RmsProp.builder(Flavor.TF_KERAS2)
        .learningRate(0.02)
        .learningRateSchedule(new StepSchedule(ScheduleType.EPOCH, 0.1, 0.5, 10))
        .rmsDecay(0.8)
        .rmsDecaySchedule(new WarmUp(0.9, 5))
        .epsilon(1e-6)
        .epsilonInsideSqrt(true)
        .initialMeanSquare(0.3)
        .momentum(0.5)
        .momentumSchedule(new WarmUp(0.8, 4))
        .nesterov(true)
        .learningRateInMomentum(false)
        .centered(true)
        .biasCorrection(true)
        .nonFinite(NonFinitePolicy.SKIP_STEP)
        .build();
  }

  /** Read back, it is the same flavor still, whose other settings can follow. */
  @ParameterizedTest
  @EnumSource
  void whatFollowsFromTheFlavorStillDoes(Format format) {
    RmsProp config = RmsProp.builder(Flavor.TF_KERAS2).build();
    RmsProp read = (RmsProp) format.roundTrip(config);
    assertEquals(config.isEpsilonInsideSqrt(), read.isEpsilonInsideSqrt());
    assertEquals(config.getInitialMeanSquare(), read.getInitialMeanSquare());
    assertEquals(config.toString(), read.toString());
  }

  @Test
  void theBuiltInReadsOursUnderAnotherClass() throws JsonProcessingException {
    String builtIn = withClassOf(Implementation.BUILT_IN, json(Implementation.OURS));
    assertEquals(
        Implementation.BUILT_IN.rmsProp(0.02, 0.8, 1e-6),
        JsonMappers.getMapper().readValue(builtIn, IUpdater.class));
  }

  @Test
  void readsTheBuiltInsJsonUnderAnotherClass() {
    String ours = withClassOf(Implementation.OURS, json(Implementation.BUILT_IN));
    assertEquals(new RmsProp(0.02, 0.8, 1e-6), read(ours));
  }

  @Test
  void aMissingPropertyKeepsItsDefault() {
    String json =
        """
        {"@class": "io.github.rmsprop4j.RmsProp", "learningRate": 0.02}
        """;
    assertEquals(new RmsProp(0.02), read(json));
    String none =
        """
        {"@class": "io.github.rmsprop4j.RmsProp"}
        """;
    assertEquals(new RmsProp(), read(none));
  }

  @Test
  void aMissingPropertyKeepsItsDefaultInANetwork() {
    String json = json(Implementation.OURS).replaceAll(",\\s*\"rmsDecay\" : 0\\.8", "");
    assertEquals(new RmsProp(0.02, 0.95, 1e-6), read(json));
    String network = networkJson().replaceAll(",\\s*\"rmsDecay\" : 0\\.8", "");
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(network);
    assertEquals(new RmsProp(0.02, 0.95, 1e-6), updaterOf(read.getConf(0).getLayer()));
  }

  @Test
  void anUnknownPropertyIsNoObstacle() {
    String json =
        json(Implementation.OURS)
            .replace("\"rmsDecay\"", "\"fromAFutureVersion\" : [ 0.5, {} ], \"rmsDecay\"");
    assertTrue(json.contains("fromAFutureVersion"));
    assertEquals(new RmsProp(0.02, 0.8, 1e-6), read(json));
    String network =
        networkJson().replace("\"rmsDecay\"", "\"fromAFutureVersion\" : true, \"rmsDecay\"");
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(network);
    assertEquals(new RmsProp(0.02, 0.8, 1e-6), updaterOf(read.getConf(0).getLayer()));
  }

  /** Jackson writes the fields and goes past every setter. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rmsDecay | 2.0 | rmsDecay must be in [0, 1), got 2.0",
        "rmsDecay | 1.0 | rmsDecay must be in [0, 1), got 1.0",
        "rmsDecay | -0.1 | rmsDecay must be in [0, 1), got -0.1",
        "rmsDecay | \"NaN\" | rmsDecay must be in [0, 1), got NaN",
        "epsilon | -1 | epsilon must be finite and >= 0, got -1.0",
        "epsilon | \"Infinity\" | epsilon must be finite and >= 0, got Infinity",
        "learningRate | \"NaN\" | learningRate must be finite and >= 0, got NaN",
        "learningRate | -0.5 | learningRate must be finite and >= 0, got -0.5",
        "initialMeanSquare | -0.5 | initialMeanSquare must be finite and >= 0, got -0.5",
        "momentum | 1.0 | momentum must be in [0, 1), got 1.0",
        "flavor | null | flavor must not be null",
        "nonFinite | null | nonFinite must not be null"
      })
  void anInvalidValueIsRefused(String property, String value, String message) {
    RmsProp valid =
        RmsProp.builder().learningRate(0.02).initialMeanSquare(0.3).momentum(0.5).build();
    IUpdater updater = read(with(json(valid), property, value));
    assertRefused(message, () -> updater.stateSize(10));
    assertRefused(message, () -> updater.instantiate(Nd4j.zeros(10), true));
    assertRefused(message, () -> updater.instantiate(Map.of("G", Nd4j.zeros(10)), false));

    // DL4J makes the updater at the first use, not in init().
    String network = Networks.mlp(Networks.base(valid, DataType.FLOAT)).toJson();
    MultiLayerNetwork invalid =
        Networks.init(MultiLayerConfiguration.fromJson(with(network, property, value)));
    MultiDataSet batch = Networks.vectors(DataType.FLOAT).get(0);
    assertRefused(message, () -> invalid.fit(batch));
    assertRefused(message, invalid::getUpdater);
  }

  static Stream<Arguments> otherTypes() {
    String flavors =
        "flavor must be one of [DL4J, HINTON, GRAVES, PYTORCH, KERAS3, TF_KERAS2, TENSORFLOW1,"
            + " OPTAX, TIMM, DQN], got ";
    List<Arguments> rows = new ArrayList<>();
    for (String number : List.of("learningRate", "rmsDecay", "epsilon", "momentum")) {
      rows.add(arguments(number, "null", number + " must be a number, got null"));
    }
    for (String number : List.of("learningRate", "momentum", "initialMeanSquare")) {
      rows.add(arguments(number, "\"\"", number + " must be a number, got \"\""));
      rows.add(arguments(number, "\"fast\"", number + " must be a number, got \"fast\""));
      rows.add(arguments(number, "true", number + " must be a number, got true"));
      rows.add(arguments(number, "[0.5]", number + " must be a number, got ["));
      rows.add(arguments(number, "[".repeat(100_000), number + " must be a number, got ["));
      rows.add(arguments(number, "{}", number + " must be a number, got {"));
      rows.add(
          arguments(
              number, "1".repeat(1_000_000), number + " must be a number, got 1000000 characters"));
    }
    for (String flag :
        List.of("nesterov", "learningRateInMomentum", "centered", "biasCorrection")) {
      rows.add(arguments(flag, "null", flag + " must be true or false, got null"));
    }
    for (String flag : List.of("nesterov", "epsilonInsideSqrt")) {
      rows.add(arguments(flag, "\"\"", flag + " must be true or false, got \"\""));
      rows.add(arguments(flag, "1", flag + " must be true or false, got 1"));
    }
    // The Jackson of older releases refuses numbers itself, in other words.
    boolean older = System.getProperty("rmsprop4j.beside") != null;
    rows.add(arguments("flavor", "3", older ? "io.github.rmsprop4j.Flavor" : flavors + "3"));
    rows.add(arguments("flavor", "\"\"", flavors));
    rows.add(arguments("flavor", "\"KERAS\"", flavors + "KERAS"));
    rows.add(
        arguments(
            "nonFinite",
            "1",
            older
                ? "io.github.rmsprop4j.NonFinitePolicy"
                : "nonFinite must be one of [PROPAGATE, ZERO_ELEMENT, SKIP_STEP, THROW], got 1"));
    return rows.stream();
  }

  /** Jackson by itself takes these for 0.0, false, true or the flavor of that number. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("otherTypes")
  void whatIsOfAnotherTypeIsRefusedByTheReader(String property, String value, String message) {
    RmsProp valid = everySetting();
    for (ObjectMapper mapper :
        List.of(
            JsonMappers.getMapper(),
            NeuralNetConfiguration.mapper(),
            NeuralNetConfiguration.mapperYaml())) {
      String json = with(json(valid), property, value);
      var error =
          assertThrows(JsonProcessingException.class, () -> mapper.readValue(json, IUpdater.class));
      assertTrue(error.getMessage().contains(message), error.getMessage());
    }
    String network = with(multiLayerJson(valid), property, value);
    var error =
        assertThrows(RuntimeException.class, () -> MultiLayerConfiguration.fromJson(network));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void namesAreReadInAnyCase() {
    String json = with(with(json(new RmsProp()), "flavor", "\"keras3\""), "nonFinite", "\"throw\"");
    RmsProp read = (RmsProp) read(json);
    assertEquals(Flavor.KERAS3, read.getFlavor());
    assertEquals(NonFinitePolicy.THROW, read.getNonFinite());
  }

  @Test
  void numbersAndTruthAreReadFromStringsToo() {
    String json = with(json(new RmsProp()), "rmsDecay", "\"0.5\"");
    assertEquals(new RmsProp(0.1, 0.5, 1e-8), read(json));
    assertEquals(
        RmsProp.builder().centered(true).build(),
        read(with(json(new RmsProp()), "centered", "\"true\"")));
    String unset =
        with(with(json(everySetting()), "epsilonInsideSqrt", "null"), "initialMeanSquare", "null");
    assertEquals(0, ((RmsProp) read(unset)).getInitialMeanSquare()); // as the flavor
  }

  /** A file of an earlier version, in which it had no effect. */
  @Test
  void nesterovWithoutMomentumIsStillRead() {
    RmsProp read = (RmsProp) read(with(json(new RmsProp()), "nesterov", "true"));
    assertTrue(read.isNesterov());
    assertEquals(10, read.stateSize(10));
    assertEquals(new RmsProp(), read);
  }

  private static String multiLayerJson(IUpdater updater) {
    return Networks.mlp(Networks.base(updater, DataType.FLOAT)).toJson();
  }

  private static void assertRefused(String message, Runnable call) {
    Exception error = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, error.getMessage());
  }

  /** Blocks that split on loading would scramble a state of several parts. */
  @Test
  void aScheduleWithoutEqualsFormsTheSameBlocksAfterLoading() {
    ISchedule schedule = new WarmUp(0.1, 5);
    MultiLayerConfiguration configuration =
        Networks.mlp(Networks.base(new RmsProp(schedule), DataType.FLOAT));
    List<String> before = UpdaterBlocks.of(Networks.init(configuration));
    assertEquals(1, before.size());
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
    RmsProp first = (RmsProp) updaterOf(read.getConf(0).getLayer());
    RmsProp second = (RmsProp) updaterOf(read.getConf(1).getLayer());
    assertNotEquals( // or there is nothing to test
        first.getLearningRateSchedule(), second.getLearningRateSchedule());
    assertEquals(before, UpdaterBlocks.of(Networks.init(read)));
  }

  @Test
  void aScheduleWithoutEqualsStillDiffersByValue() {
    assertNotEquals(new RmsProp(new WarmUp(0.1, 5)), new RmsProp(new WarmUp(0.1, 6)));
  }

  private static String json(Implementation implementation) {
    return json(implementation.rmsProp(0.02, 0.8, 1e-6));
  }

  private static String json(IUpdater updater) {
    try {
      return JsonMappers.getMapper().writeValueAsString(updater);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String networkJson() {
    return Networks.mlp(Networks.base(new RmsProp(0.02, 0.8, 1e-6), DataType.FLOAT)).toJson();
  }

  private static String withClassOf(Implementation implementation, String json) {
    String replaced = json;
    for (Implementation from : Implementation.values()) {
      replaced = replaced.replace(quoted(from.className()), quoted(implementation.className()));
    }
    assertTrue(replaced.contains(quoted(implementation.className())));
    return replaced;
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String with(String json, String property, String value) {
    String replaced =
        json.replaceAll(quoted(property) + " : [^,\\s}]+", quoted(property) + " : " + value);
    assertNotEquals(json, replaced);
    return replaced;
  }

  private static IUpdater read(String json) {
    try {
      return assertInstanceOf(
          RmsProp.class, JsonMappers.getMapper().readValue(json, IUpdater.class));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
