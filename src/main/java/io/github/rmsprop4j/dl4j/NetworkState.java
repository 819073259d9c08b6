package io.github.rmsprop4j.dl4j;

import io.github.rmsprop4j.RmsPropUpdater;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The updater state of a network. Deeplearning4j keeps it by blocks of parameters with equal
 * settings, each part of the state for a whole block, so that what lies where depends on the
 * settings of all layers: it is copied parameter by parameter.
 */
final class NetworkState {
  /** A parameter, and where it lies in its block. */
  private record Place(UpdaterBlock block, long start, long end) {
    /** {@return the parameter's part of an array that is as long as the block} */
    INDArray in(INDArray ofBlock) {
      return ofBlock.reshape(ofBlock.length()).get(NDArrayIndex.interval(start, end));
    }
  }

  private final BaseMultiLayerUpdater<?> updater;

  private NetworkState(BaseMultiLayerUpdater<?> updater) {
    this.updater = updater;
  }

  /**
   * That of a network.
   *
   * @throws IllegalArgumentException if it trains with other settings than its configuration says
   */
  static NetworkState of(Model network, Object updater) {
    if (!(updater instanceof BaseMultiLayerUpdater<?> blocks)) {
      throw new IllegalArgumentException(
          "the updater of the "
              + network.getClass().getSimpleName()
              + " must be Deeplearning4j's own, got "
              + updater.getClass().getName());
    }
    blocks.getUpdaterBlocks().forEach(NetworkState::checkTrainsAsConfigured);
    return new NetworkState(blocks);
  }

  /** What {@code setIUpdater} alone leaves behind: only saving would show the new settings. */
  private static void checkTrainsAsConfigured(UpdaterBlock block) {
    UpdaterBlock.ParamState first = block.getLayersAndVariablesInBlock().get(0);
    IUpdater trained = block.getGradientUpdater().getConfig();
    IUpdater configured = first.getLayer().getConfig().getUpdaterByParam(first.getParamName());
    if (trained != configured && !trained.equals(configured)) {
      throw new IllegalArgumentException(
          "the network must train with the updater that its configuration has, but for "
              + first.getParamName()
              + " of layer "
              + first.getLayer().getConfig().getLayerName()
              + " it trains with "
              + trained
              + " and has "
              + configured
              + ": setIUpdater() alone does not change a network that was made");
    }
  }

  /**
   * Throws unless all layers are of the same classes; a layer that was frozen by hand after the
   * network was made is not frozen in its configuration.
   */
  static void checkSameLayers(Layer[] expected, Layer[] actual) {
    for (int i = 0; i < expected.length; i++) {
      if (expected[i].getClass() != actual[i].getClass()) {
        throw new IllegalArgumentException(
            "the network must be as its configuration says, which makes layer "
                + expected[i].conf().getLayer().getLayerName()
                + " a "
                + actual[i].getClass().getName()
                + ", got a "
                + expected[i].getClass().getName());
      }
    }
  }

  /**
   * Copies it into the updater of a network with the same parameters, whose settings and thus
   * blocks may be others. What that one needs besides keeps its initial value.
   */
  void copyTo(Object target) {
    List<Place> from = places(updater);
    List<Place> to = places((BaseMultiLayerUpdater<?>) target);
    for (int i = 0; i < from.size(); i++) {
      if (from.get(i).block().getUpdaterView() != null
          && to.get(i).block().getUpdaterView() != null) {
        copy(from.get(i), to.get(i));
      }
    }
  }

  private static List<Place> places(BaseMultiLayerUpdater<?> updater) {
    List<Place> places = new ArrayList<>();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      int start = block.getParamOffsetStart();
      for (UpdaterBlock.ParamState p : block.getLayersAndVariablesInBlock()) {
        places.add(
            new Place(block, p.getParamOffsetStart() - start, p.getParamOffsetEnd() - start));
      }
    }
    return places;
  }

  private static void copy(Place from, Place to) {
    GradientUpdater<?> old = from.block().getGradientUpdater();
    GradientUpdater<?> young = to.block().getGradientUpdater();
    boolean bothOurs = old instanceof RmsPropUpdater && young instanceof RmsPropUpdater;
    if (!bothOurs && sameExtent(from.block(), to.block())) {
      // One part, or an updater that is none of our business, whatever its state is.
      if (to.start() == 0) {
        to.block().getUpdaterView().assign(from.block().getUpdaterView());
      }
      return;
    }
    Map<String, INDArray> target = young.getState();
    old.getState()
        .forEach(
            (key, array) -> {
              if (target.containsKey(key) && from.start() < from.end()) {
                to.in(target.get(key)).assign(from.in(array));
              }
            });
  }

  private static boolean sameExtent(UpdaterBlock a, UpdaterBlock b) {
    return a.getParamOffsetStart() == b.getParamOffsetStart()
        && a.getParamOffsetEnd() == b.getParamOffsetEnd()
        && a.getUpdaterView().length() == b.getUpdaterView().length();
  }
}
