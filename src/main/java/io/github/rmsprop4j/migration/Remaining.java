package io.github.rmsprop4j.migration;

/** How what an updater cannot do is done by a network, in lines for {@link Migration#remaining}. */
final class Remaining {
  private Remaining() {}

  /** Decay of the parameters beside the update, by η times as much. */
  static String weightDecay(double decay) {
    return "weight_decay="
        + decay
        + ": on the builder of every layer .weightDecay("
        + decay
        + ", true).weightDecayBias("
        + decay
        + ", true), not on the network's, where Deeplearning4j 1.0.0-M2.1 applies it twice;"
        + onBuiltLayers("new WeightDecay(" + decay + ", true)")
        + ", not FineTuneConfiguration, which applies it twice; batch normalization has no decay in"
        + " Deeplearning4j";
  }

  /** Decay that is added to the gradient. */
  static String l2(double decay) {
    return "weight_decay="
        + decay
        + ": on the network's builder .l2("
        + decay
        + ").l2Bias("
        + decay
        + ");"
        + onBuiltLayers("new L2Regularization(" + decay + ")")
        + "; batch normalization has no decay in Deeplearning4j";
  }

  private static String onBuiltLayers(String regularization) {
    return " on every BaseLayer of a network that is built or imported"
        + " setRegularization(List.of("
        + regularization
        + ")) and setRegularizationBias(List.of("
        + regularization
        + "))";
  }

  /** Clipping within a layer. */
  static String layerClipping(String entry, String normalization, double threshold) {
    return entry
        + "="
        + threshold
        + ": on the network's builder .gradientNormalization(GradientNormalization."
        + normalization
        + ").gradientNormalizationThreshold("
        + threshold
        + "); on every BaseLayer of a network that is built or imported"
        + " setGradientNormalization(GradientNormalization."
        + normalization
        + ") and setGradientNormalizationThreshold("
        + threshold
        + ")";
  }

  /** Clipping by the norm of all gradients together. */
  static String globalClipping(String entry, double norm) {
    return entry
        + "="
        + norm
        + ": OnePass.builder().clipGlobalNorm("
        + norm
        + ").enable(network), of io.github.rmsprop4j.dl4j";
  }
}
