package io.github.rmsprop4j.harness.networks;

import static io.github.rmsprop4j.harness.networks.Configurations.network;
import static io.github.rmsprop4j.harness.networks.Configurations.softmax;
import static io.github.rmsprop4j.harness.networks.Configurations.softmaxes;
import static io.github.rmsprop4j.harness.networks.Configurations.start;

import java.util.List;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Networks for sequences. */
final class RecurrentNetworks {
  private static final int WORDS = 120;
  private static final int TOPICS = 4;
  private static final int LENGTH = 16;

  private RecurrentNetworks() {}

  static StandardNetwork lstm() {
    return new StandardNetwork(
        "lstm",
        "Two LSTM layers, of which the last step counts, on waves of unequal lengths with masks.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new LSTM.Builder().nOut(20).build(),
                        new LastTimeStep(new LSTM.Builder().nOut(15).build()),
                        softmax(3))
                    .setInputType(InputType.recurrent(2))
                    .build()),
        type ->
            SequenceData.ofUnequalLength(
                type,
                MadeUpData.task(type, MadeUpData.sizes(5, 16), 3, MadeUpData.waves(3, 2), 2, 12)));
  }

  static StandardNetwork bidirectional() {
    return new StandardNetwork(
        "bidirectional-lstm",
        "Bidirectional LSTM and simple recurrent layers that mark the peaks in noise, with masks "
            + "of features and labels.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new Bidirectional(
                            Bidirectional.Mode.CONCAT, new LSTM.Builder().nOut(11).build()),
                        new Bidirectional(
                            Bidirectional.Mode.ADD, new SimpleRnn.Builder().nOut(9).build()),
                        softmaxes(2))
                    .setInputType(InputType.recurrent(1))
                    .build()),
        type -> SequenceData.peaks(type, 4, 24, 10));
  }

  @SuppressWarnings("deprecation") // the models of many users still have this layer
  static StandardNetwork characters() {
    return new StandardNetwork(
        "character-lstm",
        "A GravesLSTM that continues a text, with truncated back-propagation: three iterations for "
            + "each mini-batch.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        new org.deeplearning4j.nn.conf.layers.GravesLSTM.Builder().nOut(40).build(),
                        softmaxes(SequenceData.characters()))
                    .setInputType(InputType.recurrent(SequenceData.characters()))
                    .backpropType(BackpropType.TruncatedBPTT)
                    .tBPTTLength(5)
                    .build()),
        type -> SequenceData.text(type, 4, 16, 15));
  }

  static StandardNetwork embedding() {
    return new StandardNetwork(
        "text-embedding",
        "Word embeddings, averaged, on texts of several topics: many gradients are zero.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(embedding(21), new GlobalPoolingLayer(PoolingType.AVG), softmax(TOPICS))
                    .setInputType(InputType.recurrent(WORDS, LENGTH))
                    .build()),
        RecurrentNetworks::texts);
  }

  static StandardNetwork attention() {
    return new StandardNetwork(
        "self-attention",
        "Self-attention of two heads, and another without weights, over the words of a text.",
        (type, settings) ->
            network(
                start(type, settings)
                    .list(
                        embedding(10),
                        new SelfAttentionLayer.Builder()
                            .nOut(14)
                            .nHeads(2)
                            .projectInput(true)
                            .build(),
                        new SelfAttentionLayer.Builder()
                            .nIn(14)
                            .nOut(14)
                            .nHeads(1)
                            .projectInput(false)
                            .build(),
                        new GlobalPoolingLayer(PoolingType.AVG),
                        softmax(TOPICS))
                    .setInputType(InputType.recurrent(WORDS, LENGTH))
                    .build()),
        RecurrentNetworks::texts);
  }

  private static EmbeddingSequenceLayer embedding(int size) {
    return new EmbeddingSequenceLayer.Builder()
        .nOut(size)
        .inputLength(LENGTH)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static List<MultiDataSet> texts(DataType type) {
    return MadeUpData.task(
        type, MadeUpData.sizes(5, 20), TOPICS, MadeUpData.texts(TOPICS, WORDS), LENGTH);
  }
}
