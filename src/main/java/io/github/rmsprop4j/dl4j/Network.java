package io.github.rmsprop4j.dl4j;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.ConvexOptimizer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What both kinds of network have, without a type of Deeplearning4j's that says so. */
interface Network {
  /** {@return the network itself} */
  Model model();

  /** {@return its updater, or null if it has none yet} */
  Updater updater();

  /** {@return its updater, made as Deeplearning4j makes it if there is none yet} */
  Updater updaterMade();

  /** Takes its updater away, as before the first iteration. */
  void useNoUpdater();

  /** {@return what updates it, or null if that was not made yet or was cleared} */
  default ConvexOptimizer optimizer() {
    try {
      return model().getOptimizer();
    } catch (NullPointerException e) { // Deeplearning4j's, of a network without solver
      return null;
    }
  }

  /**
   * Gives it Deeplearning4j's own updater.
   *
   * @param state used, not copied; null if its updaters need none
   */
  void useOrdinaryUpdater(INDArray state);

  /**
   * Gives it an updater that leaves to another what that other accepts.
   *
   * @param update asked at every update
   * @param state used, not copied; null if its updaters need none
   */
  BaseMultiLayerUpdater<?> useUpdater(Update update, INDArray state);

  /** {@return the flat gradient of all parameters, or null if it was not made yet} */
  INDArray gradients();

  /**
   * {@return whether parameters that are trained lie before a frozen layer} Deeplearning4j's
   * backpropagation of a {@code MultiLayerNetwork} ends at a frozen layer ({@code
   * calcBackpropGradients} of 1.0.0-M2.1), so what the last update left in the gradient is the next
   * gradient of what lies before. A graph refuses to be trained so.
   */
  boolean trainsBeforeFrozenLayer();

  /** {@return the listeners, never null} */
  Collection<TrainingListener> listeners();

  /** Who may update in place of an updater of Deeplearning4j's. */
  interface Update {
    /**
     * Updates, or refuses to.
     *
     * @return false if nothing was done and Deeplearning4j is to do it
     */
    boolean update(
        BaseMultiLayerUpdater<?> updater,
        Gradient gradient,
        int iteration,
        int epoch,
        int batchSize,
        LayerWorkspaceMgr workspaces);
  }

  /** A {@code MultiLayerNetwork}. */
  record Layers(MultiLayerNetwork model) implements Network {
    @Override
    public Updater updater() {
      return model.getUpdater(false);
    }

    @Override
    public Updater updaterMade() {
      return model.getUpdater(true);
    }

    @Override
    public void useNoUpdater() {
      model.setUpdater(null);
    }

    @Override
    public void useOrdinaryUpdater(INDArray state) {
      model.setUpdater(new MultiLayerUpdater(model, state));
    }

    @Override
    public BaseMultiLayerUpdater<?> useUpdater(Update update, INDArray state) {
      MultiLayerUpdater updater = new LayersUpdater(model, state, update);
      model.setUpdater(updater);
      return updater;
    }

    @Override
    public INDArray gradients() {
      return model.getFlattenedGradients();
    }

    @Override
    public boolean trainsBeforeFrozenLayer() {
      boolean trained = false;
      for (Layer layer : model.getLayers()) {
        if (!(layer instanceof FrozenLayer)) {
          trained |= layer.numParams() > 0;
        } else if (trained) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Collection<TrainingListener> listeners() {
      return model.getListeners();
    }
  }

  /** A {@code ComputationGraph}. */
  record Graph(ComputationGraph model) implements Network {
    @Override
    public Updater updater() {
      return model.getUpdater(false);
    }

    @Override
    public Updater updaterMade() {
      return model.getUpdater(true);
    }

    @Override
    public void useNoUpdater() {
      model.setUpdater(null);
    }

    @Override
    public void useOrdinaryUpdater(INDArray state) {
      model.setUpdater(new ComputationGraphUpdater(model, state));
    }

    @Override
    public BaseMultiLayerUpdater<?> useUpdater(Update update, INDArray state) {
      ComputationGraphUpdater updater = new GraphUpdater(model, state, update);
      model.setUpdater(updater);
      return updater;
    }

    @Override
    public INDArray gradients() {
      return model.getFlattenedGradients();
    }

    @Override
    public boolean trainsBeforeFrozenLayer() {
      return false;
    }

    @Override
    public Collection<TrainingListener> listeners() {
      return model.getListeners();
    }
  }

  /** Of a {@link Layers}. */
  final class LayersUpdater extends MultiLayerUpdater {
    private static final long serialVersionUID = 1;

    private final transient Update update; // an updater that was read is an ordinary one

    private LayersUpdater(MultiLayerNetwork network, INDArray state, Update update) {
      super(network, state);
      this.update = update;
    }

    @Override
    public synchronized void update(
        Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
      if (update == null
          || !update.update(this, gradient, iteration, epoch, batchSize, workspaces)) {
        super.update(gradient, iteration, epoch, batchSize, workspaces);
      }
    }

    /** As Deeplearning4j's: networks compare theirs. */
    @Override
    public boolean equals(Object other) {
      return other instanceof MultiLayerUpdater that
          && Objects.equals(getStateViewArray(), that.getStateViewArray());
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  /** Of a {@link Graph}. */
  final class GraphUpdater extends ComputationGraphUpdater {
    private static final long serialVersionUID = 1;

    private final transient Update update; // an updater that was read is an ordinary one

    private GraphUpdater(ComputationGraph network, INDArray state, Update update) {
      super(network, state);
      this.update = update;
    }

    @Override
    public synchronized void update(
        Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
      if (update == null
          || !update.update(this, gradient, iteration, epoch, batchSize, workspaces)) {
        super.update(gradient, iteration, epoch, batchSize, workspaces);
      }
    }

    /** As Deeplearning4j's: networks compare theirs. */
    @Override
    public boolean equals(Object other) {
      return other instanceof ComputationGraphUpdater that
          && Objects.equals(getStateViewArray(), that.getStateViewArray());
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }
}
