package io.github.rmsprop4j.harness.networks;

import io.github.rmsprop4j.harness.Subject;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.TextGenerationLSTM;
import org.nd4j.linalg.api.buffer.DataType;

/** Models of deeplearning4j-zoo. They are made in FLOAT, and converted. */
final class ZooNetworks {
  private static final int STEPS = 12;

  private ZooNetworks() {}

  static StandardNetwork leNet() {
    int side = 12;
    return new StandardNetwork(
        "zoo-lenet",
        "LeNet of deeplearning4j-zoo on striped pictures.",
        (type, settings) ->
            converted(
                LeNet.builder()
                    .inputShape(new int[] {1, side, side})
                    .numClasses(4)
                    .updater(settings)
                    .build(),
                type),
        type ->
            MadeUpData.task(
                type, MadeUpData.sizes(4, 12), 4, MadeUpData.stripes(4, 1), side * side));
  }

  static StandardNetwork textGeneration() {
    int characters = SequenceData.characters();
    return new StandardNetwork(
        "zoo-text-generation",
        "TextGenerationLSTM of deeplearning4j-zoo, two GravesLSTM layers that continue a text: so "
            + "many parameters that a step is split over threads.",
        (type, settings) ->
            converted(
                TextGenerationLSTM.builder()
                    .totalUniqueCharacters(characters)
                    .inputShape(new int[] {STEPS, characters})
                    .updater(settings)
                    .build(),
                type),
        type -> SequenceData.text(type, 3, 4, STEPS));
  }

  private static Subject converted(ZooModel model, DataType type) {
    return Subject.of(((MultiLayerNetwork) model.init()).convertDataType(type));
  }
}
