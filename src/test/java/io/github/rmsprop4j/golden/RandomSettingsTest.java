package io.github.rmsprop4j.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Any combination of settings comes back from JSON and YAML, and its state from a map. */
class RandomSettingsTest {
  private static final int N = 37;

  /** A configuration and the seed that it can be made from again. */
  record Settings(int seed, RmsProp config) {}

  static Stream<Settings> settings() {
    return IntStream.range(0, 200).mapToObj(seed -> new Settings(seed, random(new Random(seed))));
  }

  private static RmsProp random(Random random) {
    Flavor flavor = Flavor.values()[random.nextInt(Flavor.values().length)];
    RmsProp.Builder builder = RmsProp.builder(flavor);
    if (random.nextBoolean()) {
      builder.learningRate(random.nextDouble());
    }
    if (random.nextInt(4) == 0) {
      builder.learningRateSchedule(schedule(random));
    }
    if (random.nextBoolean()) {
      builder.rmsDecay(random.nextDouble());
    }
    if (random.nextInt(4) == 0) {
      builder.rmsDecaySchedule(schedule(random));
    }
    if (random.nextBoolean()) {
      builder.epsilon(Math.pow(10, -8 * random.nextDouble()));
    }
    if (random.nextBoolean()) {
      builder.epsilonInsideSqrt(random.nextBoolean());
    }
    if (random.nextBoolean()) {
      builder.initialMeanSquare(random.nextDouble());
    }
    if (random.nextBoolean()) {
      builder.momentum(random.nextBoolean() ? 0 : random.nextDouble());
    }
    if (random.nextInt(4) == 0) {
      builder.momentumSchedule(schedule(random));
    }
    if (random.nextBoolean()) {
      builder.centered(random.nextBoolean());
    }
    RmsProp soFar = builder.build();
    boolean momentum = soFar.getMomentum() > 0 || soFar.getMomentumSchedule() != null;
    return builder
        .nesterov(random.nextBoolean() && momentum)
        .learningRateInMomentum(random.nextBoolean())
        .biasCorrection(random.nextBoolean())
        .nonFinite(NonFinitePolicy.values()[random.nextInt(4)])
        .build();
  }

  private static ISchedule schedule(Random random) {
    return new ExponentialSchedule(
        ScheduleType.ITERATION, random.nextDouble(), random.nextDouble());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void comeBackFromJsonAndYaml(Settings settings) throws Exception {
    List<ObjectMapper> mappers =
        List.of(
            JsonMappers.getMapper(),
            NeuralNetConfiguration.mapper(),
            NeuralNetConfiguration.mapperYaml());
    for (ObjectMapper mapper : mappers) {
      String text = mapper.writeValueAsString(settings.config);
      RmsProp read = mapper.readValue(text, RmsProp.class);
      assertEquals(settings.config, read, text);
      assertEquals(settings.config.hashCode(), read.hashCode(), text);
      assertEquals(settings.config.toString(), read.toString(), text);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void goOnFromAMapOfTheirState(Settings settings) {
    RmsProp config = settings.config;
    Set<String> keys = new LinkedHashSet<>(List.of("G"));
    if (config.isCentered()) {
      keys.add("M");
    }
    if (config.getMomentum() != 0 || config.getMomentumSchedule() != null) {
      keys.add("B");
    }
    assertEquals(keys.size() * N, config.stateSize(N));
    GradientUpdater<?> updater =
        config.instantiate(Nd4j.create(DataType.FLOAT, 1, config.stateSize(N)), true);
    assertEquals(keys, updater.getState().keySet());
    updater.applyUpdater(gradient(settings, 0), 0, 0);

    Map<String, INDArray> saved = new HashMap<>();
    updater.getState().forEach((key, array) -> saved.put(key, array.dup()));
    GradientUpdater<?> restored = config.clone().instantiate(saved, false);
    INDArray expected = gradient(settings, 1);
    INDArray actual = gradient(settings, 1);
    updater.applyUpdater(expected, 1, 0);
    restored.applyUpdater(actual, 1, 0);

    Bits.assertSame(expected, actual, "update");
    updater
        .getState()
        .forEach((key, array) -> Bits.assertSame(array, restored.getState().get(key), key));
  }

  private static INDArray gradient(Settings settings, int step) {
    return Replay.array(
        DataType.FLOAT, new Random(31L * settings.seed + step).doubles(N, -1, 1).toArray());
  }
}
