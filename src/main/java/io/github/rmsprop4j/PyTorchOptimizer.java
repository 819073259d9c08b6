package io.github.rmsprop4j;

import io.github.rmsprop4j.Entries.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Reads a parameter group of PyTorch's RMSprop; the contract is at {@link RmsProp#fromPyTorch}. */
final class PyTorchOptimizer {
  private static final List<String> ACCEPTED =
      List.of(
          "lr",
          "momentum",
          "alpha",
          "eps",
          "centered",
          "weight_decay",
          "capturable",
          "foreach",
          "maximize",
          "differentiable",
          "params",
          "param_names",
          "initial_lr");

  private PyTorchOptimizer() {}

  static Migration read(Map<?, ?> group) {
    if (group == null) {
      throw new IllegalArgumentException("the PyTorch parameter group must not be null");
    }
    Entries entries = new Entries("PyTorch's RMSprop", group, ACCEPTED);
    Flavor flavor = Flavor.PYTORCH;
    RmsProp config =
        RmsProp.builder(flavor)
            .learningRate(entries.number("lr", flavor.learningRate, Range.NOT_NEGATIVE))
            .rmsDecay(entries.number("alpha", flavor.rmsDecay, Range.FRACTION))
            .epsilon(entries.number("eps", flavor.epsilon, Range.NOT_NEGATIVE))
            .momentum(entries.number("momentum", 0, Range.FRACTION))
            .centered(entries.flag("centered", false))
            .build();
    for (String way : List.of("capturable", "foreach", "differentiable")) {
      entries.flagOrNull(way); // how PyTorch computes it, not what
    }
    for (String list : List.of("params", "param_names")) {
      if (entries.get(list) != null && !(entries.get(list) instanceof Collection)) {
        throw entries.refuse(list, "a list or null", entries.get(list));
      }
    }
    return new Migration(config, remaining(entries));
  }

  private static List<String> remaining(Entries entries) {
    List<String> remaining = new ArrayList<>();
    double decay = entries.number("weight_decay", 0, Range.NOT_NEGATIVE);
    if (decay > 0) {
      remaining.add(
          "weight_decay="
              + decay
              + ": on the network's builder .l2("
              + decay
              + ").l2Bias("
              + decay
              + "); batch normalization has no decay in Deeplearning4j");
    }
    if (entries.flag("maximize", false)) {
      remaining.add(
          "maximize=true: negate the loss, or each gradient before it goes to the network's updater;"
              + " weight decay stays as it is");
    }
    Double initial = entries.numberOrNull("initial_lr", Range.NOT_NEGATIVE);
    if (initial != null) {
      remaining.add(
          "initial_lr="
              + initial
              + ": left by a learning-rate scheduler, whose rule is not in the parameter group;"
              + " config().setLearningRateSchedule(...) with an ISchedule of the same rule");
    }
    return remaining;
  }
}
