import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.RmsPropHarness;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;

class HarnessTest {
  @Test
  void agreesOnANetworkOfMine() {
    MultiLayerNetwork network = new MultiLayerNetwork(Consumer.configuration(new RmsProp(1e-2)));
    network.init();
    Comparison comparison =
        RmsPropHarness.compare(network, new ListDataSetIterator<>(List.of(Consumer.flowers())), 20);
    comparison.assertAgrees();
    System.out.println("consumer: trained, " + comparison);
  }
}
