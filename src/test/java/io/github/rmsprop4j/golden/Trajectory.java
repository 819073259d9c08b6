package io.github.rmsprop4j.golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A recorded run of a framework's RMSprop, and the exact values beside it. The format is that of
 * {@code src/test/resources/golden/README.md}.
 *
 * @param name case and type, such as {@code torch_plain.f32}
 * @param type of parameters, gradients and state
 * @param equation whose step it is, such as {@code torch}
 * @param numbers hyper-parameters
 * @param words switches and names
 * @param start parameters before the first step
 * @param gradients rows, taken in turn
 * @param steps number of steps
 * @param init first value of every element of a buffer, by column
 * @param data recorded values, by {@code peer 10 param} or {@code truth 50 square_avg}
 */
record Trajectory(
    String name,
    DataType type,
    String equation,
    Map<String, Double> numbers,
    Map<String, String> words,
    double[] start,
    List<double[]> gradients,
    int steps,
    Map<String, Double> init,
    Map<String, double[]> data) {

  /** Reads a case file and its input file. */
  static Trajectory read(String name) {
    String equation = null;
    int steps = 0;
    Map<Integer, double[]> rows = new HashMap<>();
    Map<String, Double> numbers = new LinkedHashMap<>();
    Map<String, String> words = new LinkedHashMap<>();
    Map<String, Double> init = new LinkedHashMap<>();
    Map<String, double[]> data = new LinkedHashMap<>();
    double[] start = null;
    for (String[] f : lines("cases/" + name + ".tsv")) {
      switch (f[0]) {
        case "equation" -> equation = f[1];
        case "steps" -> steps = Integer.parseInt(f[1]);
        case "hp" -> numbers.put(f[1], Double.parseDouble(f[2]));
        case "opt" -> words.put(f[1], f[2]);
        case "init" -> init.put(f[1], Double.parseDouble(f[2]));
        case "data" -> data.put(f[1] + " " + f[2] + " " + f[3], values(f, 4));
        case "input" -> {
          for (String[] line : lines(f[1])) {
            if (line[0].equals("p0")) {
              start = values(line, 1);
            } else if (line[0].equals("g")) {
              rows.put(Integer.parseInt(line[1]), values(line, 2));
            }
          }
        }
        default -> {
          // names, versions and counts
        }
      }
    }
    List<double[]> gradients =
        rows.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(Map.Entry::getValue)
            .toList();
    return new Trajectory(
        name,
        name.endsWith(".f32") ? DataType.FLOAT : DataType.DOUBLE,
        equation,
        numbers,
        words,
        start,
        gradients,
        steps,
        init,
        data);
  }

  static List<String[]> lines(String file) {
    String path = "/golden/" + file;
    try (InputStream in = Trajectory.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + path);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] values(String[] fields, int from) {
    double[] values = new double[fields.length - from];
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.parseDouble(fields[i + from]);
    }
    return values;
  }

  double number(String key) {
    return numbers.get(key);
  }

  double number(String key, double missing) {
    return numbers.getOrDefault(key, missing);
  }

  boolean is(String key) {
    return Boolean.parseBoolean(words.get(key));
  }

  boolean isUnlessSaid(String key) {
    return !"false".equals(words.get(key));
  }

  /** The gradient of a step, counted from 1. */
  double[] gradient(int step) {
    return gradients.get((step - 1) % gradients.size());
  }

  /** The distance of neighbouring numbers of the type, at a magnitude. */
  double ulp(double magnitude) {
    return type == DataType.DOUBLE ? Math.ulp(magnitude) : Math.ulp((float) magnitude);
  }

  /** Whether a magnitude is subnormal, or zero, in the type. */
  boolean isSubnormal(double value) {
    return Math.abs(value) < (type == DataType.DOUBLE ? Double.MIN_NORMAL : Float.MIN_NORMAL);
  }

  @Override
  public String toString() {
    return name;
  }
}
