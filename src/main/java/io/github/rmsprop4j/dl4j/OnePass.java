package io.github.rmsprop4j.dl4j;

import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.ConvexOptimizer;
import org.deeplearning4j.optimize.api.StepFunction;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.optimize.listeners.SleepyTrainingListener;
import org.deeplearning4j.optimize.listeners.TimeIterationListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.deeplearning4j.optimize.solvers.StochasticGradientDescent;
import org.deeplearning4j.optimize.solvers.accumulation.GradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.IndexedTail;
import org.deeplearning4j.optimize.stepfunctions.NegativeGradientStepFunction;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The whole parameter update of a network in one pass over its parameters.
 *
 * <pre>{@code
 * OnePass onePass = OnePass.enable(network);
 * System.out.println(onePass); // which parameters go in one pass, which do not and why
 * }</pre>
 *
 * <p>Deeplearning4j walks over the gradient again and again: it divides it by the size of the
 * batch, turns it into the update, and subtracts that from the parameters, and for each of this it
 * makes new views of every parameter at every iteration. Here one pass does all three, over views
 * that are made once. <b>Parameters and updater state after every iteration have the bits that they
 * have without it.</b> Nothing else changes: networks are trained, saved, cloned and listened to as
 * before; what is loaded or cloned is an ordinary network until it is enabled too.
 *
 * <p><b>What goes in one pass:</b> every block of neighbouring parameters that have equal settings
 * of {@link io.github.rmsprop4j.RmsProp} and are FLOAT or DOUBLE; with L2 or weight decay, which go
 * in the same pass, every parameter array of such a block by itself. With gradient normalization,
 * gradient clipping or L1 the division and these go before, as Deeplearning4j does them, and the
 * step and the subtraction in one pass. So it is with L2 beside L1 or a second L2, with a {@link
 * io.github.rmsprop4j.NonFinitePolicy} that looks at gradients, and at iterations where its
 * schedule is at 0.
 *
 * <p><b>What goes Deeplearning4j's way</b>, in the same iteration and to the same bits, and with
 * views that are made once: other updaters, among them that of batch normalization's running mean
 * and variance and of frozen layers; HALF; blocks with weight decay in any of these cases; and the
 * blocks before one that has {@link io.github.rmsprop4j.NonFinitePolicy#THROW}, because no
 * parameter may have changed when it throws. Untouched are pretraining, optimization algorithms
 * other than {@code STOCHASTIC_GRADIENT_DESCENT}, step functions other than the default, and {@code
 * update} of the updater called by hand.
 *
 * <p><b>What brings Deeplearning4j's own updater back.</b> After {@code setLearningRate} and {@code
 * setUpdater} the next iteration returns to one pass. {@code MultiLayerNetwork.clear()} drops it
 * with all optimizer state, and so does another gradients accumulator, as that of {@code
 * ParallelWrapper} in its mode of shared gradients: the network goes on as an ordinary one, and
 * {@code toString} says so. Call {@code enable} again.
 *
 * <p><b>The update in the gradient.</b> Without it {@code network.gradient()} holds the update
 * after an iteration. With it that is left undefined, which saves a write, unless a listener is
 * attached that may read it: any but those of Deeplearning4j that are known not to; or unless a
 * {@code MultiLayerNetwork} trains layers before a frozen one, whose next gradient it is, since
 * Deeplearning4j's backpropagation ends there. See {@link Builder#keepUpdate}.
 *
 * <p>It stands on what version 1.0.0-M2.1 of Deeplearning4j does with an updater and a gradients
 * accumulator of a network's own ({@code StochasticGradientDescent}, {@code
 * BaseMultiLayerUpdater}). A network is trained by one thread at a time; so is this.
 */
@SuppressWarnings("try") // scopes of workspaces are only closed
public final class OnePass {
  /** Of PyTorch's {@code clip_grad_norm_}. */
  private static final double CLIP_EPSILON = 1e-6;

  /** Exactly these, since a class that extends one may read the update. */
  private static final Set<Class<? extends TrainingListener>> NOT_READING =
      Set.of(
          CheckpointListener.class,
          CollectScoresIterationListener.class,
          CollectScoresListener.class,
          PerformanceListener.class,
          ScoreIterationListener.class,
          SleepyTrainingListener.class,
          TimeIterationListener.class);

  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Of an updater, within an iteration. */
  private static final List<Class<?>> CALLERS =
      List.of(BaseOptimizer.class, BaseOptimizer.class, StochasticGradientDescent.class);

  private final Network network;
  private final double clipGlobalNorm;
  private final boolean skipNonFiniteSteps;
  private final boolean keepUpdate;
  private final Accumulator accumulator = new Accumulator(this);

  private BaseMultiLayerUpdater<?> updater;
  private BlockUpdates blocks;
  private boolean updateIsNextGradient;
  private boolean parametersChanged; // by the update of this iteration
  private volatile long skippedSteps;

  private OnePass(Network network, Builder settings) {
    this.network = network;
    this.clipGlobalNorm = settings.clipGlobalNorm;
    this.skipNonFiniteSteps = settings.skipNonFiniteSteps;
    this.keepUpdate = settings.keepUpdate;
  }

  /**
   * Switches a network to one pass, from its next iteration on. One that is enabled already is
   * enabled anew.
   *
   * @param network is initialized if it was not; its parameters, updater state and counts are kept
   * @return what tells about it
   * @throws IllegalArgumentException if the network is null, or has an updater or a gradients
   *     accumulator that is not Deeplearning4j's default
   */
  public static OnePass enable(MultiLayerNetwork network) {
    return builder().enable(network);
  }

  /**
   * The same for a {@code ComputationGraph}.
   *
   * @param network as there
   * @return what tells about it
   * @throws IllegalArgumentException as there
   */
  public static OnePass enable(ComputationGraph network) {
    return builder().enable(network);
  }

  /**
   * Makes a network an ordinary one again, from its next iteration on; it goes on with the same
   * parameters and updater state. Does nothing if it is one.
   *
   * @param network not null
   * @throws IllegalArgumentException if it is null
   */
  public static void disable(MultiLayerNetwork network) {
    disable(new Network.Layers(checkNotNull(network)));
  }

  /**
   * The same for a {@code ComputationGraph}.
   *
   * @param network not null
   * @throws IllegalArgumentException if it is null
   */
  public static void disable(ComputationGraph network) {
    disable(new Network.Graph(checkNotNull(network)));
  }

  /** {@return a builder with everything off} */
  public static Builder builder() {
    return new Builder();
  }

  /** What only the place where all gradients of a network are at hand can do, off by default. */
  public static final class Builder {
    private double clipGlobalNorm = Double.POSITIVE_INFINITY;
    private boolean skipNonFiniteSteps;
    private boolean keepUpdate;

    private Builder() {}

    /**
     * Scales the gradients of the whole network down when their norm is too large, as {@code
     * torch.nn.utils.clip_grad_norm_} does: after the division by the batch's size, and before
     * gradient normalization, L1, L2 and the updater, they are multiplied by {@code maximum / (norm
     * + 1e-6)} if that is less than 1. The norm is the Euclidean one of all gradients together, but
     * not of what is not trained: frozen layers, running means of batch normalization.
     *
     * <p>Reads the gradients once more. Each element has a relative error of at most
     * 2<sup>-22</sup> (FLOAT) against that definition, as long as norm times batch size is below
     * 10<sup>38</sup> times the maximum. A norm that is infinite makes gradients 0, one that is NaN
     * makes them NaN, as in PyTorch.
     *
     * @param maximum of the norm, greater than 0; off by default
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public Builder clipGlobalNorm(double maximum) {
      if (!(maximum > 0 && maximum < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "clipGlobalNorm must be greater than 0 and finite, got " + maximum);
      }
      clipGlobalNorm = maximum;
      return this;
    }

    /**
     * Leaves out the whole step when any gradient of the network is NaN or infinite: parameters,
     * updater state and running means stay as they are, and {@link OnePass#skippedSteps} counts it.
     * Deeplearning4j counts the iteration all the same. {@link
     * io.github.rmsprop4j.NonFinitePolicy#SKIP_STEP} does so for each block of parameters by
     * itself.
     *
     * <p>Reads the gradients once more; together with {@link #clipGlobalNorm} not again.
     *
     * @param skip false by default
     * @return this
     */
    public Builder skipNonFiniteSteps(boolean skip) {
      skipNonFiniteSteps = skip;
      return this;
    }

    /**
     * Leaves the update in {@code network.gradient()} after every iteration, as Deeplearning4j
     * does, for code that reads it there after {@code fit}.
     *
     * @param keep false by default: then it is there only while a listener is attached that may
     *     read it
     * @return this
     */
    public Builder keepUpdate(boolean keep) {
      keepUpdate = keep;
      return this;
    }

    /**
     * As {@link OnePass#enable(MultiLayerNetwork)}.
     *
     * @param network as there
     * @return what tells about it
     * @throws IllegalArgumentException as there, and if {@link #clipGlobalNorm} or {@link
     *     #skipNonFiniteSteps} are set for a network of another optimization algorithm or step
     *     function
     */
    public OnePass enable(MultiLayerNetwork network) {
      if (!checkNotNull(network).isInitCalled()) {
        network.init();
      }
      return OnePass.enable(new Network.Layers(network), this);
    }

    /**
     * The same for a {@code ComputationGraph}.
     *
     * @param network as there
     * @return what tells about it
     * @throws IllegalArgumentException as there
     */
    public OnePass enable(ComputationGraph network) {
      checkNotNull(network).init(); // which does nothing the second time
      return OnePass.enable(new Network.Graph(network), this);
    }
  }

  private static <T> T checkNotNull(T network) {
    if (network == null) {
      throw new IllegalArgumentException("the network must not be null");
    }
    return network;
  }

  private static OnePass enable(Network network, Builder settings) {
    boolean untrained = network.updater() == null;
    try {
      return enabled(network, settings);
    } finally {
      if (untrained) {
        // As it was found: Deeplearning4j takes setLearningRate for one that has trained where
        // there is an updater, and then fails on parameters without state
        // (rebuildUpdaterStateArray of 1.0.0-M2.1). The first iteration makes it again.
        network.useNoUpdater();
      }
    }
  }

  private static OnePass enabled(Network network, Builder settings) {
    OnePass onePass = new OnePass(network, settings);
    Updater old;
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      old = network.updaterMade();
    }
    ConvexOptimizer optimizer = network.optimizer();
    GradientsAccumulator other = optimizer.getGradientsAccumulator();
    if (other != null && !(other instanceof Accumulator)) {
      throw new IllegalArgumentException(
          "the network must have no gradients accumulator of its own, got "
              + other.getClass().getName());
    }
    if (!isOrdinary(old) && !isOfOnePass(old)) {
      throw new IllegalArgumentException(
          "the network must have Deeplearning4j's own updater, got " + old.getClass().getName());
    }
    String foreign = whyNotAtAll(optimizer);
    if (foreign != null && onePass.reads()) {
      throw new IllegalArgumentException(
          "clipGlobalNorm and skipNonFiniteSteps need the optimization algorithm"
              + " STOCHASTIC_GRADIENT_DESCENT and its default step function, got "
              + foreign);
    }
    onePass.use(old.getStateViewArray());
    optimizer.setGradientsAccumulator(onePass.accumulator);
    return onePass;
  }

  private static void disable(Network network) {
    Updater old = network.updater();
    if (old != null && isOfOnePass(old)) {
      try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        network.useOrdinaryUpdater(old.getStateViewArray());
      }
    }
    if (isOn(network)) {
      network.optimizer().setGradientsAccumulator(null);
    }
  }

  /** {@return whether it was enabled, and the network not cleared since} */
  static boolean isOn(Network network) {
    ConvexOptimizer optimizer = network.optimizer();
    return optimizer != null && optimizer.getGradientsAccumulator() instanceof Accumulator;
  }

  private static boolean isOrdinary(Updater updater) {
    return updater.getClass() == MultiLayerUpdater.class
        || updater.getClass() == ComputationGraphUpdater.class;
  }

  private static boolean isOfOnePass(Updater updater) {
    return updater instanceof Network.LayersUpdater || updater instanceof Network.GraphUpdater;
  }

  /** {@return how many steps were left out, by {@link Builder#skipNonFiniteSteps}} */
  public long skippedSteps() {
    return skippedSteps;
  }

  private boolean reads() {
    return skipNonFiniteSteps || clips();
  }

  private boolean clips() {
    return clipGlobalNorm < Double.POSITIVE_INFINITY;
  }

  /** With the same state, in views of the network's arrays as they are now. */
  private void use(INDArray state) {
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      updater = network.useUpdater(this::update, state);
      blocks = new BlockUpdates(updater, network.model().params(), network.gradients());
      updateIsNextGradient = network.trainsBeforeFrozenLayer();
    }
  }

  /** At the start of every iteration: puts back what was put aside. */
  private void begin() {
    parametersChanged = false;
    Updater current = network.updater();
    if (current == updater && blocks.areOf(network.model().params(), network.gradients())) {
      return;
    }
    if (current == null) { // never trained, or setUpdater(null): start with new state
      try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        current = network.updaterMade();
      }
    }
    if (current == updater || isOrdinary(current)) {
      use(current.getStateViewArray());
    }
  }

  /** Does the whole update, or refuses if it is not for this iteration's step. */
  private boolean update(
      BaseMultiLayerUpdater<?> asked,
      Gradient gradient,
      int iteration,
      int epoch,
      int batchSize,
      LayerWorkspaceMgr workspaces) {
    if (asked != updater
        || whyNotNow() != null
        || !isOfIteration()
        || !blocks.areOf(network.model().params(), gradient.gradient())) {
      return false;
    }
    double size = network.model().conf().isMiniBatch() ? batchSize : 1;
    boolean keep = keepUpdate || updateIsNextGradient || isRead();
    double clipping = 1;
    parametersChanged = true;
    if (reads()) {
      BlockUpdates.Reading reading = blocks.read(size);
      if (skipNonFiniteSteps && !reading.finite()) {
        skippedSteps++;
        if (keep) {
          blocks.clear();
        }
        return true;
      }
      if (clips()) {
        clipping = Math.min(1, clipGlobalNorm / (reading.norm() + CLIP_EPSILON));
        if (Double.isNaN(clipping)) {
          blocks.poison(); // not by a factor: of NaN, ND4J's arithmetic makes 1e-5
          clipping = 1;
        }
      }
    }
    blocks.update(
        new BlockUpdates.Request(gradient, iteration, epoch, size, clipping, keep, workspaces));
    return true;
  }

  /**
   * Whether this is no call by hand: then the step that {@link #accumulator} is asked for follows.
   */
  private static boolean isOfIteration() {
    return STACK
        .walk(
            frames ->
                frames
                    .map(StackWalker.StackFrame::getDeclaringClass)
                    .dropWhile(
                        type ->
                            type == OnePass.class
                                || BaseMultiLayerUpdater.class.isAssignableFrom(type))
                    .limit(CALLERS.size())
                    .toList())
        .equals(CALLERS);
  }

  private boolean isRead() {
    for (TrainingListener listener : network.listeners()) {
      boolean evaluates =
          listener.getClass() == EvaluativeListener.class
              && ((EvaluativeListener) listener).getCallback() == null;
      if (!evaluates && !NOT_READING.contains(listener.getClass())) {
        return true;
      }
    }
    return false;
  }

  /** Why nothing of a network can go in one pass, whatever its updater, or null. */
  private static String whyNotAtAll(ConvexOptimizer optimizer) {
    if (optimizer.getClass() != StochasticGradientDescent.class) {
      return "the optimization algorithm " + optimizer.getConf().getOptimizationAlgo();
    }
    return optimizer.getStepFunction().getClass() == NegativeGradientStepFunction.class
        ? null
        : "the step function " + optimizer.getStepFunction().getClass().getName();
  }

  private String whyNotNow() {
    Updater current = network.updater();
    ConvexOptimizer optimizer = network.optimizer();
    if (optimizer == null || optimizer.getGradientsAccumulator() != accumulator) {
      return "it was disabled, the network was cleared, or another gradients accumulator was set;"
          + " enable it again";
    }
    if (current != null && current != updater && !isOrdinary(current)) {
      return "the network has another updater, " + current.getClass().getName();
    }
    return whyNotAtAll(optimizer);
  }

  /**
   * {@return which parameters go in one pass, a line for each block of equal settings, and for each
   * that does not, why}
   */
  @Override
  public String toString() {
    String not = whyNotNow();
    return not == null ? "one pass:\n" + blocks : "not in one pass: " + not;
  }

  /** What Deeplearning4j asks in place of its step function. */
  private static final class Accumulator implements GradientsAccumulator {
    private static final long serialVersionUID = 1;

    private final transient OnePass onePass;

    Accumulator(OnePass onePass) {
      this.onePass = onePass;
    }

    /** Asked before every iteration. */
    @Override
    public boolean hasAnything() {
      onePass.begin();
      return false;
    }

    @Override
    public void applyUpdate(
        StepFunction function, INDArray parameters, INDArray update, boolean isFinalStep) {
      if (!onePass.parametersChanged) {
        function.step(parameters, update);
      }
    }

    @Override
    public void applyUpdate(
        StepFunction function, INDArray parameters, INDArray update, double alpha) {
      function.step(parameters, update, alpha);
    }

    // The rest is for networks that share their updates.

    @Override
    public void storeUpdate(INDArray update, int iteration, int epoch) {}

    @Override
    public void receiveUpdate(INDArray update) {}

    @Override
    public void setExternalSource(IndexedTail source) {}

    @Override
    public IndexedTail getExternalSource() {
      return null;
    }

    @Override
    public void markExternalUpdates(boolean available) {}

    @Override
    public void reset() {}

    @Override
    public void touch() {}
  }
}
