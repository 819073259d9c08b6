package io.github.rmsprop4j.migration;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.migration.Entries.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads a parameter group of PyTorch's RMSprop or timm's RMSpropTF; the contract is at {@link
 * Migration#fromPyTorch(Map)}.
 */
final class PyTorchOptimizer {
  private static final String GROUP = "the PyTorch parameter group";

  private static final List<String> SETTINGS =
      List.of("lr", "momentum", "alpha", "eps", "centered", "weight_decay", "maximize");

  /** How PyTorch computes it, not what. */
  private static final List<String> WAYS = List.of("capturable", "foreach", "differentiable");

  private static final List<String> PARAMETERS = List.of("params", "param_names");

  /** What schedulers leave of the learning rate, and of the momentum. */
  private static final List<String> SCHEDULED_RATES =
      List.of("initial_lr", "max_lr", "min_lr", "swa_lr");

  private static final List<String> SCHEDULED_MOMENTA = List.of("max_momentum", "base_momentum");

  private static final List<String> HYDRA =
      List.of("_target_", "_convert_", "_partial_", "_recursive_");

  private static final List<String> TIMM =
      List.of("decoupled_decay", "corrected_weight_decay", "lr_in_momentum", "caution");

  private final Entries entries;
  private final boolean timm;
  private final List<String> remaining = new ArrayList<>();

  private PyTorchOptimizer(Map<?, ?> group) {
    entries = new Entries("PyTorch's RMSprop", group);
    checkName();
    timm = isTimm(group);
    entries.only(
        Stream.of(
                SETTINGS,
                WAYS,
                PARAMETERS,
                SCHEDULED_RATES,
                SCHEDULED_MOMENTA,
                List.of("name"),
                HYDRA,
                timm ? TIMM : List.<String>of())
            .flatMap(List::stream)
            .toList());
  }

  static Migration read(Object saved) {
    if (saved == null) {
      throw new IllegalArgumentException(GROUP + " must not be null");
    }
    Object found = saved;
    boolean warm = false;
    if (found instanceof Map<?, ?> map && map.containsKey("param_groups")) {
      new Entries("PyTorch's state_dict", map, List.of("state", "param_groups"));
      warm = map.get("state") instanceof Map<?, ?> state && !state.isEmpty();
      found = map.get("param_groups");
    }
    if (found instanceof Collection<?> groups) {
      if (groups.size() != 1) {
        throw new IllegalArgumentException(
            "param_groups must be one, got "
                + groups.size()
                + "; hand over one group at a time, for the layers that it is of");
      }
      found = groups.iterator().next();
    }
    if (!(found instanceof Map<?, ?> group)) {
      throw new IllegalArgumentException(
          GROUP + " must be a map, or a state_dict with one, got " + Entries.show(found));
    }
    PyTorchOptimizer optimizer = new PyTorchOptimizer(group);
    if (warm) {
      optimizer.remaining.add(
          "state: nothing can be done with it, so v and the momentum buffer start anew");
    }
    return optimizer.migrate();
  }

  /** A group's name is the user's, unless it is another optimizer's. */
  private void checkName() {
    String name = entries.textOrNull("name");
    if (name != null && OptimizerNames.sayAnother(name)) {
      throw entries.refuse("name", "of parameters, not of another optimizer", name);
    }
  }

  private boolean isTimm(Map<?, ?> group) {
    String target = entries.textOrNull("_target_");
    if (target == null) {
      return TIMM.stream().anyMatch(group::containsKey);
    }
    if (target.matches("timm\\.optim\\.(rmsprop_tf\\.)?RMSpropTF")) {
      return true;
    }
    if (target.matches("torch\\.optim\\.(rmsprop\\.)?RMSprop")) {
      return false;
    }
    throw entries.refuse("_target_", "torch.optim.RMSprop or timm.optim.RMSpropTF", target);
  }

  private Migration migrate() {
    RmsProp.Builder builder = RmsProp.builder(timm ? Flavor.TIMM : Flavor.PYTORCH);
    RmsProp defaults = builder.build();
    double rate = entries.number("lr", defaults.getLearningRate(), Range.NOT_NEGATIVE);
    RmsProp config =
        builder
            .learningRate(rate)
            .rmsDecay(entries.number("alpha", defaults.getRmsDecay(), Range.FRACTION))
            .epsilon(entries.number("eps", defaults.getEpsilon(), Range.NOT_NEGATIVE))
            .momentum(entries.number("momentum", defaults.getMomentum(), Range.FRACTION))
            .centered(entries.flag("centered", defaults.isCentered()))
            .learningRateInMomentum(
                entries.flag("lr_in_momentum", defaults.isLearningRateInMomentum()))
            .build();
    WAYS.forEach(entries::flagOrNull);
    for (String list : PARAMETERS) {
      if (entries.get(list) != null && !(entries.get(list) instanceof Collection)) {
        throw entries.refuse(list, "a list or null", entries.get(list));
      }
    }
    if (entries.flag("caution", false)) {
      throw entries.refuse("caution", "false, since there is no such step here", true);
    }
    weightDecay();
    if (entries.flag("maximize", false)) {
      remaining.add(
          "maximize=true: negate the loss, or each gradient before it goes to the network's updater;"
              + " weight decay stays as it is");
    }
    schedulers();
    return new Migration(config, remaining);
  }

  private void weightDecay() {
    double decay = entries.number("weight_decay", 0, Range.NOT_NEGATIVE);
    boolean corrected = entries.flag("corrected_weight_decay", false);
    if (entries.flag("decoupled_decay", false) && decay > 0) {
      remaining.add(Remaining.weightDecay(decay));
      if (corrected) {
        remaining.add(
            "corrected_weight_decay=true: once the learning rate changes, in place of "
                + decay
                + " an ISchedule of "
                + decay
                + " times learning rate / initial learning rate, new WeightDecay(schedule, true)");
      }
    } else if (decay > 0) {
      remaining.add(Remaining.l2(decay));
    }
  }

  private void schedulers() {
    String rates = found(SCHEDULED_RATES);
    String momenta = found(SCHEDULED_MOMENTA);
    if (!momenta.isEmpty()) {
      remaining.add(
          rates
              + (rates.isEmpty() ? "" : ", ")
              + momenta
              + ": left by a scheduler such as OneCycleLR, which cycles the momentum too, and whose"
              + " rule is not in the parameter group; in place of learningRate and momentum give the"
              + " builder a learningRateSchedule and a momentumSchedule of the same rule");
    } else if (!rates.isEmpty()) {
      remaining.add(
          rates
              + ": left by a learning-rate scheduler, whose rule is not in the parameter group;"
              + " config().setLearningRateSchedule(...) with an ISchedule of the same rule");
    }
  }

  /** Those that are there, with their values. */
  private String found(List<String> keys) {
    List<String> found = new ArrayList<>();
    for (String key : keys) {
      Double value = entries.numberOrNull(key, Range.NOT_NEGATIVE);
      if (value != null) {
        found.add(key + "=" + value);
      }
    }
    return String.join(", ", found);
  }
}
