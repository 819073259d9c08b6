package io.github.rmsprop4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The comparison that the other tests rest on can fail, and says where. */
class HistoryTest {
  private final List<MultiDataSet> data = Networks.vectors(DataType.FLOAT);

  /** A setting that is off by little shows at once, in the parameters or in the state. */
  @ParameterizedTest(name = "lr {0}, decay {1}, epsilon {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "0.0100001 | 0.9     | 1e-4     | after iteration 0 (epoch 0), parameters: element 0",
        "0.01      | 0.90001 | 1e-4     | after iteration 0 (epoch 0), parameters: element 0",
        "0.01      | 0.9     | 1.001e-4 | at the start, updater state: element 0"
      })
  void anotherSettingIsNoticed(
      double learningRate, double rmsDecay, double epsilon, String difference) {
    History expected = train(Networks.mlp(new RmsProp(0.01, 0.9, 1e-4), DataType.FLOAT));
    History actual =
        train(Networks.mlp(new RmsProp(learningRate, rmsDecay, epsilon), DataType.FLOAT));
    AssertionError error =
        assertThrows(AssertionError.class, () -> History.assertSame(expected, actual));
    assertTrue(error.getMessage().startsWith(difference), error.getMessage());
  }

  /** The smallest change to one parameter before the last iteration. */
  @Test
  void oneBitIsNoticed() {
    MultiLayerNetwork network = Networks.mlp(new RmsProp(0.01), DataType.FLOAT);
    MultiLayerNetwork changed = Networks.mlp(new RmsProp(0.01), DataType.FLOAT);
    int last = (int) changed.numParams() - 1;
    float value = changed.params().getFloat(last);
    changed.params().putScalar(last, Math.nextUp(value));
    AssertionError error =
        assertThrows(
            AssertionError.class, () -> History.assertSame(train(network), train(changed)));
    assertTrue(
        error.getMessage().startsWith("at the start, parameters: element 152 of 153"),
        error.getMessage());
  }

  @Test
  void standingStillIsNoticed() {
    MultiLayerNetwork network = Networks.mlp(new RmsProp(0.0), DataType.FLOAT);
    AssertionError error = assertThrows(AssertionError.class, () -> train(network).assertTrained());
    assertEquals("after iteration 0 (epoch 0), parameters moved by 0.0", error.getMessage());
  }

  @Test
  void recordsEveryIterationOfATruncatedSequence() {
    MultiLayerNetwork network =
        Networks.init(Networks.truncatedLstm(Networks.base(new RmsProp(0.01), DataType.FLOAT)));
    History history = History.of(network, Networks.sequences(DataType.FLOAT), 2);
    assertEquals(2 * 2 * 3, history.iterations());
  }

  private History train(MultiLayerNetwork network) {
    return History.of(network, data, 2);
  }
}
