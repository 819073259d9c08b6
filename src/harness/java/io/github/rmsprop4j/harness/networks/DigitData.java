package io.github.rmsprop4j.harness.networks;

import io.github.rmsprop4j.digits.Digits;
import io.github.rmsprop4j.digits.DrawnDigits;
import io.github.rmsprop4j.digits.MnistFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The first digits of MNIST, or drawn ones if the user has not named a folder with its files. */
final class DigitData {
  private static final long SEED = 1;

  private DigitData() {}

  /**
   * Makes mini-batches of images in rows.
   *
   * @throws UncheckedIOException if something is wrong with the folder that MNIST_DIR names
   */
  static List<MultiDataSet> batches(DataType type, int batches, int size) {
    DataSetIterator data = digits(batches * size).batches(size);
    List<MultiDataSet> all = new ArrayList<>();
    while (data.hasNext()) {
      DataSet batch = data.next();
      all.add(MadeUpData.batch(batch.getFeatures().castTo(type), batch.getLabels().castTo(type)));
    }
    return all;
  }

  private static Digits digits(int count) {
    String folder = System.getenv().getOrDefault("MNIST_DIR", "");
    if (folder.isEmpty()) {
      return DrawnDigits.draw(count, 0, SEED).train();
    }
    try (PrintWriter quiet = new PrintWriter(Writer.nullWriter())) {
      return MnistFiles.ofThisMachine().load(null, quiet).orElseThrow().train().first(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
