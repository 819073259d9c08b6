package io.github.rmsprop4j.dl4j;

import io.github.rmsprop4j.Bits;
import io.github.rmsprop4j.RmsProp;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class OnePassTest {
  @Test
  void smoke() {
    MultiLayerNetwork a = Networks.mlp(new RmsProp(1e-2), DataType.FLOAT);
    MultiLayerNetwork b = Networks.mlp(new RmsProp(1e-2), DataType.FLOAT);
    OnePass onePass = OnePass.enable(b);
    for (int i = 0; i < 10; i++) {
      for (MultiDataSet d : Networks.vectors(DataType.FLOAT)) {
        a.fit(d);
        b.fit(d);
        Bits.assertSame(a.params(), b.params(), "p");
        Bits.assertSame(a.updaterState(), b.updaterState(), "s");
      }
    }
    System.out.println(onePass);
  }
}
