package io.github.rmsprop4j.harness.networks;

import io.github.rmsprop4j.RmsProp;
import java.util.List;
import java.util.stream.Collectors;

/** The standard networks, in the order in which they are reported. */
public final class Catalogue {
  private static final List<StandardNetwork> ALL =
      List.of(
          DenseNetworks.logisticRegression(),
          DenseNetworks.mlp(),
          ConvolutionalNetworks.leNet(),
          ConvolutionalNetworks.residual(),
          RecurrentNetworks.lstm(),
          RecurrentNetworks.bidirectional(),
          RecurrentNetworks.characters(),
          RecurrentNetworks.embedding(),
          UnsupervisedNetworks.autoencoder(),
          UnsupervisedNetworks.variational(),
          GraphNetworks.multipleInputsAndOutputs(),
          RecurrentNetworks.attention(),
          ConvolutionalNetworks.oneDimensional(),
          ConvolutionalNetworks.threeDimensional(),
          ConvolutionalNetworks.kinds(),
          DenseNetworks.mixedUpdaters(),
          DenseNetworks.regularized(),
          DenseNetworks.clipped(),
          DenseNetworks.scheduled(),
          DenseNetworks.unequalBatches(),
          SameDiffNetworks.mlp(),
          SameDiffNetworks.transformer(),
          ZooNetworks.leNet(),
          ZooNetworks.textGeneration());

  private Catalogue() {}

  /** {@return all of them} */
  public static List<StandardNetwork> all() {
    return ALL;
  }

  /** {@return settings with which each of them learns something in a few iterations} */
  public static RmsProp settings() {
    return RmsProp.builder().learningRate(3e-3).build();
  }

  /**
   * Finds a network.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static StandardNetwork named(String name) {
    return ALL.stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the network must be one of "
                        + ALL.stream().map(StandardNetwork::name).collect(Collectors.joining(", "))
                        + ", got "
                        + name));
  }
}
