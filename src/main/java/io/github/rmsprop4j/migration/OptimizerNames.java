package io.github.rmsprop4j.migration;

import java.util.Locale;
import java.util.Set;

/** What the name of an optimizer says of its kind, where a user may also have named it at will. */
final class OptimizerNames {
  /** Those of Keras, TensorFlow and its add-ons, PyTorch and timm, in lower case, letters only. */
  private static final Set<String> OTHERS =
      Set.of(
          "adabelief",
          "adadelta",
          "adafactor",
          "adagrad",
          "adagradda",
          "adam",
          "adamax",
          "adamp",
          "adamw",
          "adan",
          "adopt",
          "amsgrad",
          "asgd",
          "cocob",
          "conditionalgradient",
          "ftrl",
          "gradientdescent",
          "lamb",
          "lars",
          "lazyadam",
          "lbfgs",
          "lion",
          "lookahead",
          "lossscale",
          "madgrad",
          "momentum",
          "movingaverage",
          "multi",
          "muon",
          "nadam",
          "nadamw",
          "nesterov",
          "novograd",
          "proximaladagrad",
          "proximalgradientdescent",
          "radam",
          "ranger",
          "rectifiedadam",
          "rprop",
          "sgd",
          "sgdp",
          "sgdw",
          "sparseadam",
          "stochasticaveraging",
          "swa",
          "yogi");

  /** Longer ones say nothing, and would take long to look through. */
  private static final int MAX_LENGTH = 100;

  private OptimizerNames() {}

  /** Whether it is the name of another optimizer, or of a wrapper around one. */
  static boolean sayAnother(String name) {
    return name.length() <= MAX_LENGTH
        && OTHERS.contains(letters(name).replaceFirst("optimizer(v2)?$", ""));
  }

  /** Whether RMSprop is in it. */
  static boolean sayRmsProp(String name) {
    return name.length() <= MAX_LENGTH && letters(name).contains("rmsprop");
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT)
        .replaceFirst("[_-]?[0-9]+$", "") // as in adam_1
        .replaceAll("[^a-z0-9]", "");
  }
}
