package io.github.rmsprop4j.benchmarks.results;

import io.github.rmsprop4j.benchmarks.results.Row.Column;
import java.util.Locale;
import java.util.Map;

/** What the cells of a row are called in tables and pictures. */
final class PlainNames {
  private static final Map<String, String> CONTENDERS =
      Map.ofEntries(
          Map.entry("SIMD", "simd"),
          Map.entry("PLAIN", "plain"),
          Map.entry("ND4J", "ND4J operations"),
          Map.entry("ONE_PASS", "one pass"),
          Map.entry("BUILT_IN", "built-in"),
          Map.entry("ADAGRAD", "AdaGrad"),
          Map.entry("STREAM", "roof: multiply-add"),
          Map.entry("COPY", "roof: copy"),
          Map.entry("C_STREAM", "C, roof"),
          Map.entry("TENSORFLOW", "TensorFlow"),
          Map.entry("TENSORFLOW_FED", "TensorFlow, fed"),
          Map.entry("DJL_MXNET", "DJL, MXNet"),
          Map.entry("PYTORCH_EAGER", "PyTorch, eager"),
          Map.entry("PYTORCH_FOREACH", "PyTorch, foreach"));

  private static final Map<String, String> NETWORKS =
      Map.of(
          "MNIST_MLP", "MNIST, dense",
          "MNIST_MLP_START", "MNIST, dense, early",
          "LENET", "LeNet",
          "CHARACTER_LSTM", "letters, LSTM",
          "EMBEDDING", "words, embedding",
          "MANY_LAYERS", "100 layers");

  private static final Map<String, String> MODES =
      Map.of("step+change", "step and change", "division+step+change", "division, step and change");

  private PlainNames() {}

  /** {@return what a cell is called} */
  static String of(Row row, Column column) {
    String text = row.get(column);
    return switch (column) {
      case CONTENDER -> CONTENDERS.getOrDefault(text, capital(text));
      case FORM -> row.get(Column.SUITE).equals("end-to-end") ? network(text) : form(text);
      case MODE -> MODES.getOrDefault(text, text);
      case THREADS -> text + (text.equals("1") ? " thread" : " threads");
      case BLOCKS -> text + (text.equals("1") ? " updater" : " updaters");
      case JDK -> "JDK " + text;
      case NATIVES -> text + " natives";
      default -> text;
    };
  }

  private static String capital(String text) {
    return text.charAt(0) + text.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String network(String text) {
    String[] parts = text.split("\\(", 2);
    return NETWORKS.getOrDefault(parts[0], parts[0])
        + (parts.length == 1 ? "" : " (" + parts[1].toLowerCase(Locale.ROOT).replace('-', ' '));
  }

  private static String form(String text) {
    return text.equals("PLAIN")
        ? "no momentum"
        : text.toLowerCase(Locale.ROOT).replace("_", " and ");
  }
}
