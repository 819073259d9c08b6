package io.github.rmsprop4j.harness.networks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Classification tasks that a network can learn, from a fixed seed: equal calls give equal data.
 */
final class MadeUpData {
  private static final long SEED = 2012;

  private MadeUpData() {}

  /** Makes one example. */
  interface Example {
    /**
     * Writes its features, which are zeros, in c order.
     *
     * @param shown how many examples there were before
     * @return its class
     */
    int make(double[] features, int shown, Random random);
  }

  /**
   * Makes mini-batches of a task.
   *
   * @param sizes how many examples each has
   * @param shape of the features of one example
   */
  static List<MultiDataSet> task(
      DataType type, int[] sizes, int classes, Example example, long... shape) {
    Random random = new Random(SEED);
    int length = Math.toIntExact(product(shape));
    List<MultiDataSet> batches = new ArrayList<>();
    int shown = 0;
    for (int size : sizes) {
      double[][] features = new double[size][length];
      int[] labels = new int[size];
      for (int i = 0; i < size; i++) {
        labels[i] = example.make(features[i], shown++, random);
      }
      batches.add(batch(array(type, features, shape), oneHot(type, labels, classes)));
    }
    return batches;
  }

  /** {@return the sizes of mini-batches that are all alike} */
  static int[] sizes(int batches, int size) {
    int[] sizes = new int[batches];
    Arrays.fill(sizes, size);
    return sizes;
  }

  static MultiDataSet batch(INDArray features, INDArray labels) {
    return new org.nd4j.linalg.dataset.MultiDataSet(features, labels);
  }

  /** {@return examples of one shape as an array, along its first dimension} */
  static INDArray array(DataType type, double[][] examples, long... shape) {
    long[] whole = new long[shape.length + 1];
    whole[0] = examples.length;
    System.arraycopy(shape, 0, whole, 1, shape.length);
    return Nd4j.createFromArray(examples).reshape('c', whole).castTo(type);
  }

  /** {@return labels, one class of each example} */
  static INDArray oneHot(DataType type, int[] labels, int classes) {
    double[][] rows = new double[labels.length][classes];
    for (int i = 0; i < labels.length; i++) {
      rows[i][labels[i]] = 1;
    }
    return array(type, rows, classes);
  }

  private static long product(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }

  /** Points in two clouds for each class, so that no line parts the classes. */
  static Example clouds(int classes) {
    return (features, shown, random) -> {
      int label = shown % classes;
      Random centre = new Random(label + classes * random.nextInt(2));
      for (int i = 0; i < features.length; i++) {
        features[i] = centre.nextGaussian() + 0.4 * random.nextGaussian();
      }
      return label;
    };
  }

  /** A square picture in some colours, striped in a direction that is the class. */
  static Example stripes(int classes, int colours) {
    return (features, shown, random) -> {
      int label = shown % classes;
      double angle = Math.PI * label / classes;
      double frequency = 0.9 + 0.5 * random.nextDouble();
      double phase = 2 * Math.PI * random.nextDouble();
      int pixels = features.length / colours;
      int side = (int) Math.sqrt(pixels);
      for (int c = 0; c < colours; c++) {
        double brightness = 0.5 + random.nextDouble();
        for (int i = 0; i < pixels; i++) {
          double along = StrictMath.cos(angle) * (i % side) + StrictMath.sin(angle) * (i / side);
          features[c * pixels + i] =
              brightness * StrictMath.sin(frequency * along + phase) + 0.2 * random.nextGaussian();
        }
      }
      return label;
    };
  }

  /** A wave in noise whose frequency is the class; each channel has a phase of its own. */
  static Example waves(int classes, int channels) {
    return (features, shown, random) -> {
      int label = shown % classes;
      int steps = features.length / channels;
      for (int c = 0; c < channels; c++) {
        double phase = 2 * Math.PI * random.nextDouble();
        for (int t = 0; t < steps; t++) {
          features[c * steps + t] =
              StrictMath.sin(0.4 * (label + 1) * t + phase) + 0.2 * random.nextGaussian();
        }
      }
      return label;
    };
  }

  /** A cube with a ball, a shell or a box in it somewhere. */
  static Example solids(int side) {
    return (features, shown, random) -> {
      int label = shown % 3;
      double[] centre = new double[3];
      for (int axis = 0; axis < 3; axis++) {
        centre[axis] = (side - 1) / 2.0 + random.nextDouble() - 0.5;
      }
      for (int i = 0; i < features.length; i++) {
        double x = i % side - centre[0];
        double y = i / side % side - centre[1];
        double z = i / side / side - centre[2];
        double far = Math.sqrt(x * x + y * y + z * z);
        double widest = Math.max(Math.max(Math.abs(x), Math.abs(y)), Math.abs(z));
        boolean inside =
            switch (label) {
              case 0 -> far < 0.35 * side;
              case 1 -> far < 0.45 * side && far > 0.3 * side;
              default -> widest < 0.35 * side;
            };
        features[i] = (inside ? 1 : 0) + 0.2 * random.nextGaussian();
      }
      return label;
    };
  }

  /** Word numbers; half the words of a text are of its topic, which is the class. */
  static Example texts(int topics, int words) {
    return (features, shown, random) -> {
      int label = shown % topics;
      int own = words / (2 * topics);
      for (int t = 0; t < features.length; t++) {
        features[t] =
            random.nextBoolean()
                ? label * own + random.nextInt(own)
                : words / 2 + random.nextInt(words / 2);
      }
      return label;
    };
  }
}
