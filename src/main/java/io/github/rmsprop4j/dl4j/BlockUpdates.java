package io.github.rmsprop4j.dl4j;

import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsPropUpdater;
import io.github.rmsprop4j.kernel.Kernels;
import io.github.rmsprop4j.kernel.ParameterDecay;
import io.github.rmsprop4j.kernel.SumOfSquares;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.NoOpUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * The parameter update of a network, in the blocks that its updater formed of neighbouring
 * parameters of equal settings. A block goes in one pass if it can, and else the way of {@link
 * BaseMultiLayerUpdater#update}, to the same bits. Views are made once; what may be set between two
 * iterations is read anew at each.
 */
@SuppressWarnings("try") // scopes of workspaces are only closed
final class BlockUpdates {
  /** Exactly these: what another class adds is not known. */
  private static final Set<Class<?>> DECAYS = Set.of(L2Regularization.class, WeightDecay.class);

  private final BaseMultiLayerUpdater<?> updater;
  private final INDArray parameters;
  private final INDArray gradients;
  private final List<Block> blocks = new ArrayList<>();

  private boolean[] inOnePass; // at the last update
  private final List<Range> rest = new ArrayList<>(); // what was not, neighbours together

  /** A part of the flat arrays. */
  private record Range(INDArray parameters, INDArray gradients) {}

  /**
   * A block and its views.
   *
   * @param forPretraining whether training with labels leaves it out
   * @param divided what of its gradient is divided by the size of the batch
   * @param undivided what is not: running means, which are no gradients
   * @param parts of RMSprop, each variable by itself
   */
  private record Block(
      UpdaterBlock block,
      INDArray parameters,
      INDArray gradient,
      boolean forPretraining,
      List<INDArray> divided,
      List<INDArray> undivided,
      List<Part> parts) {
    GradientUpdater<?> updater() {
      return block.getGradientUpdater();
    }

    List<ParamState> variables() {
      return block.getLayersAndVariablesInBlock();
    }

    /** Whether what lies in its gradient is one, and not a running mean or a leftover. */
    boolean isTrained() {
      return !forPretraining && !(updater() instanceof NoOpUpdater);
    }
  }

  /**
   * One variable of a block.
   *
   * @param updater on the variable's part of the block's state
   */
  private record Part(
      ParamState variable, INDArray parameters, INDArray gradient, RmsPropUpdater updater) {}

  /**
   * What is asked of one update.
   *
   * @param gradient the network's
   * @param batchSize 1 if gradients are not to be divided
   * @param clipping what the gradients are multiplied by after that, in [0, 1]; 1 for nothing
   * @param keepUpdate whether the update is to be found in the gradient afterwards
   * @param workspaces those of the iteration
   */
  record Request(
      Gradient gradient,
      int iteration,
      int epoch,
      double batchSize,
      double clipping,
      boolean keepUpdate,
      LayerWorkspaceMgr workspaces) {}

  /**
   * What one reading of all gradients tells.
   *
   * @param norm Euclidean, of the gradients of all trained parameters, divided by the batch's size
   * @param finite whether there is neither NaN nor infinity in any gradient
   */
  record Reading(double norm, boolean finite) {}

  /**
   * Makes the views.
   *
   * @param updater whose blocks they are
   * @param parameters all of the network
   * @param gradients of all of them
   */
  BlockUpdates(BaseMultiLayerUpdater<?> updater, INDArray parameters, INDArray gradients) {
    this.updater = updater;
    this.parameters = parameters.reshape(parameters.length());
    this.gradients = gradients.reshape(gradients.length());
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      int from = block.getParamOffsetStart();
      int to = block.getParamOffsetEnd();
      if (from < to) {
        blocks.add(
            new Block(
                block,
                view(this.parameters, from, to),
                view(this.gradients, from, to),
                block.skipDueToPretrainConfig(false),
                gradients(block, true),
                gradients(block, false),
                parts(block)));
      }
    }
  }

  private List<Part> parts(UpdaterBlock block) {
    List<Part> parts = new ArrayList<>();
    if (block.getGradientUpdater() instanceof RmsPropUpdater updater) {
      for (ParamState variable : block.getLayersAndVariablesInBlock()) {
        int from = variable.getParamOffsetStart();
        int to = variable.getParamOffsetEnd();
        Map<String, INDArray> state = updater.getState();
        state.replaceAll(
            (key, array) ->
                view(
                    array.reshape(array.length()),
                    from - block.getParamOffsetStart(),
                    to - block.getParamOffsetStart()));
        RmsPropUpdater own = updater.getConfig().instantiate(state, false);
        parts.add(new Part(variable, view(parameters, from, to), view(gradients, from, to), own));
      }
    }
    return parts;
  }

  /** The gradients of a block that are divided by the size of the batch or not. */
  private List<INDArray> gradients(UpdaterBlock block, boolean divided) {
    List<INDArray> views = new ArrayList<>();
    int from = 0;
    int to = 0;
    for (ParamState variable : block.getLayersAndVariablesInBlock()) {
      if (variable.getLayer().updaterDivideByMinibatch(variable.getParamName()) == divided) {
        if (to != variable.getParamOffsetStart()) {
          addView(views, from, to);
          from = variable.getParamOffsetStart();
        }
        to = variable.getParamOffsetEnd();
      }
    }
    addView(views, from, to);
    return views;
  }

  private void addView(List<INDArray> views, int from, int to) {
    if (from < to) {
      views.add(view(gradients, from, to));
    }
  }

  private static INDArray view(INDArray vector, int from, int to) {
    return vector.get(NDArrayIndex.interval(from, to));
  }

  /** {@return whether the views are of these arrays} */
  boolean areOf(INDArray parameters, INDArray gradients) {
    return same(this.parameters, parameters) && same(this.gradients, gradients);
  }

  private static boolean same(INDArray a, INDArray b) {
    return b != null
        && a.length() == b.length()
        && a.offset() == b.offset()
        && a.data().address() == b.data().address();
  }

  /**
   * Reads all gradients.
   *
   * @param batchSize 1 if they are not to be divided
   */
  Reading read(double batchSize) {
    double squares = 0;
    boolean finite = true;
    for (Block block : blocks) {
      double divided = sumOfSquares(block.divided);
      double undivided = sumOfSquares(block.undivided);
      // Of DOUBLE a square may overflow.
      finite &=
          Double.isFinite(divided + undivided)
              || block.gradient.dataType() == DataType.DOUBLE
                  && Kernels.firstNonFinite(Kernels.ofThisJvm(), block.gradient) < 0;
      if (block.isTrained()) {
        squares += divided / batchSize / batchSize + undivided;
      }
    }
    return new Reading(Math.sqrt(squares), finite);
  }

  private static double sumOfSquares(List<INDArray> arrays) {
    double sum = 0;
    for (INDArray array : arrays) {
      sum += SumOfSquares.of(array);
    }
    return sum;
  }

  /** Makes all gradients of trained parameters NaN. */
  void poison() {
    for (Block block : blocks) {
      if (block.isTrained()) {
        block.gradient.assign(Double.NaN);
      }
    }
  }

  /** Makes the update that is to be found in the gradient that of a step that was not done. */
  void clear() {
    gradients.assign(0);
  }

  /**
   * Moves state and parameters on, as {@link BaseMultiLayerUpdater#update} and the subtraction of
   * what it leaves in the gradient do.
   */
  void update(Request request) {
    int lastThrowing = lastThrowing();
    boolean[] onePass = new boolean[blocks.size()];
    boolean[] prepared = new boolean[onePass.length];
    List<List<ParameterDecay>> decays = new ArrayList<>();
    boolean normalizes = false;
    checkSchedules(request);
    for (int i = 0; i < onePass.length; i++) {
      Block block = blocks.get(i);
      decays.add(decays(block, request));
      boolean decaysInPass = decays.get(i) != null;
      onePass[i] = whyNot(block, i < lastThrowing, decaysInPass) == null;
      prepared[i] = !onePass[i] || whyPrepared(block, decaysInPass) != null;
      if (prepared[i]) {
        divide(block, request);
        normalizes |= normalizer(block) != null;
      }
    }
    if (normalizes) {
      normalize(request);
    }
    for (int i = 0; i < onePass.length; i++) {
      Block block = blocks.get(i);
      if (onePass[i]) {
        if (decays.get(i) == null) {
          regularize(block, request);
        }
        double divisor = prepared[i] ? 1 : divisor(block, block.undivided.isEmpty(), request);
        pass(block, decays.get(i), divisor, request);
      } else if (!block.forPretraining) {
        try (MemoryWorkspace scope = scope(request)) {
          block.block.update(request.iteration, request.epoch);
        }
      }
    }
    if (!Arrays.equals(onePass, inOnePass)) {
      setRest(onePass);
    }
    for (Range range : rest) {
      range.parameters.subi(range.gradients);
    }
  }

  private static void pass(
      Block block, List<ParameterDecay> decays, double divisor, Request request) {
    if (decays == null || decays.isEmpty()) {
      ((RmsPropUpdater) block.updater())
          .applyUpdater(
              block.gradient,
              block.parameters,
              divisor,
              request.keepUpdate,
              request.iteration,
              request.epoch);
      return;
    }
    for (int i = 0; i < decays.size(); i++) {
      Part part = block.parts.get(i);
      part.updater.applyUpdater(
          part.gradient,
          part.parameters,
          divisor,
          decays.get(i),
          request.keepUpdate,
          request.iteration,
          request.epoch);
    }
  }

  /**
   * {@return what the passes over a block's variables add of the parameters; nothing if there is no
   * regularization, null if they cannot do it}
   */
  private static List<ParameterDecay> decays(Block block, Request request) {
    List<ParameterDecay> decays = new ArrayList<>();
    if (!isRegularized(block)) {
      return decays;
    }
    if (!canDecay(block)) {
      return null;
    }
    for (Part part : block.parts) {
      double l2 = 0;
      double weightDecay = 0;
      boolean twice = false;
      for (Regularization regularization : regularizations(part.variable)) {
        double factor = factor(regularization, block, request);
        if (regularization instanceof L2Regularization) {
          l2 = factor;
        } else {
          twice = weightDecay != 0;
          if (twice && weightDecay != factor) {
            return null;
          }
          weightDecay = factor;
        }
        if (factor == 0 || !Double.isFinite(factor)) { // of which axpy makes something, too
          return null;
        }
      }
      decays.add(new ParameterDecay(l2, weightDecay, twice));
    }
    return decays;
  }

  private static double factor(Regularization regularization, Block block, Request request) {
    int iteration = request.iteration;
    int epoch = request.epoch;
    if (regularization instanceof L2Regularization l2) {
      return l2.getL2().valueAt(iteration, epoch);
    }
    WeightDecay weightDecay = (WeightDecay) regularization;
    double factor = weightDecay.getCoeff().valueAt(iteration, epoch);
    return weightDecay.isApplyLR()
        ? factor * block.updater().getConfig().getLearningRate(iteration, epoch)
        : factor;
  }

  private static boolean isRegularized(Block block) {
    return block.variables().stream().anyMatch(variable -> !regularizations(variable).isEmpty());
  }

  /** Whether regularizations can be done in passes over the variables, whatever their factors. */
  private static boolean canDecay(Block block) {
    return block.updater() instanceof RmsPropUpdater updater
        && updater.getConfig().getNonFinite() == NonFinitePolicy.PROPAGATE // others: whole blocks
        && Kernels.canDecay(block.gradient.dataType())
        && block.variables().stream()
            .map(BlockUpdates::regularizations)
            .allMatch(BlockUpdates::canDecay);
  }

  private static boolean canDecay(List<Regularization> regularizations) {
    List<Class<?>> types = new ArrayList<>();
    regularizations.forEach(each -> types.add(each.getClass()));
    return DECAYS.containsAll(types)
        && Collections.frequency(types, L2Regularization.class) <= 1
        && Collections.frequency(types, WeightDecay.class) <= 2;
  }

  /** Before a block is changed, since one after it may be refused. */
  private void checkSchedules(Request request) {
    for (Block block : blocks) {
      if (!block.forPretraining && block.updater() instanceof RmsPropUpdater rmsProp) {
        rmsProp.getConfig().checkSchedules(request.iteration, request.epoch);
      }
    }
  }

  private static double divisor(Block block, boolean divided, Request request) {
    double size = divided ? request.batchSize : 1;
    return block.isTrained() ? size / request.clipping : size;
  }

  private static void divide(Block block, Request request) {
    divide(block.divided, divisor(block, true, request));
    divide(block.undivided, divisor(block, false, request));
  }

  private static void divide(List<INDArray> parts, double divisor) {
    if (divisor != 1) {
      parts.forEach(part -> part.divi(divisor));
    }
  }

  /** As {@link BaseMultiLayerUpdater#update}: of layers that have a gradient. */
  private void normalize(Request request) {
    Map<String, Gradient> layers = new HashMap<>();
    request
        .gradient
        .gradientForVariable()
        .forEach(
            (key, array) -> {
              int at = key.lastIndexOf('_');
              layers
                  .computeIfAbsent(key.substring(0, at), name -> new DefaultGradient())
                  .setGradientFor(key.substring(at + 1), array);
            });
    layers.forEach(
        (name, gradient) ->
            updater.preApply(updater.getLayersByName().get(name), gradient, request.iteration));
  }

  /** As {@link UpdaterBlock#update} does before the updater. */
  private static void regularize(Block block, Request request) {
    double rate =
        block.updater().getConfig().hasLearningRate()
            ? block.updater().getConfig().getLearningRate(request.iteration, request.epoch)
            : 1;
    try (MemoryWorkspace scope = scope(request)) {
      for (ParamState variable : block.variables()) {
        for (Regularization regularization : regularizations(variable)) {
          if (regularization.applyStep() == ApplyStep.BEFORE_UPDATER) {
            regularization.apply(
                variable.getParamView(),
                variable.getGradView(),
                rate,
                request.iteration,
                request.epoch);
          }
        }
      }
    }
  }

  private static MemoryWorkspace scope(Request request) {
    return request.workspaces.notifyScopeEntered(ArrayType.UPDATER_WORKING_MEM);
  }

  private void setRest(boolean[] onePass) {
    rest.clear();
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      int from = 0;
      int to = 0;
      for (int i = 0; i < onePass.length; i++) {
        if (!onePass[i]) {
          UpdaterBlock block = blocks.get(i).block;
          if (to != block.getParamOffsetStart()) {
            addRest(from, to);
            from = block.getParamOffsetStart();
          }
          to = block.getParamOffsetEnd();
        }
      }
      addRest(from, to);
    }
    inOnePass = onePass;
  }

  private void addRest(int from, int to) {
    if (from < to) {
      rest.add(new Range(view(parameters, from, to), view(gradients, from, to)));
    }
  }

  /**
   * The last block whose updater may throw. Then no parameter may have been changed, so the blocks
   * before it are not.
   */
  private int lastThrowing() {
    for (int i = blocks.size() - 1; i > 0; i--) {
      if (blocks.get(i).updater() instanceof RmsPropUpdater updater
          && updater.getConfig().getNonFinite() == NonFinitePolicy.THROW) {
        return i;
      }
    }
    return 0;
  }

  /** Why a block cannot go in one pass, or null if it can. */
  private String whyNot(Block block, boolean beforeThrowing, boolean decaysInPass) {
    if (block.forPretraining) {
      return "trained by pretraining only";
    }
    if (!(block.updater() instanceof RmsPropUpdater)) {
      return "the updater is "
          + block.updater().getConfig().getClass().getName()
          + ", not io.github.rmsprop4j.RmsProp";
    }
    DataType type = block.gradient.dataType();
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      return "the type is " + type + ", not FLOAT or DOUBLE";
    }
    if (beforeThrowing) {
      return "a block after it may throw, by NonFinitePolicy.THROW, before parameters are changed";
    }
    for (ParamState variable : block.variables()) {
      Regularization found = regularization(variable, ApplyStep.POST_UPDATER);
      if (found != null && !decaysInPass) {
        NonFinitePolicy policy = ((RmsPropUpdater) block.updater()).getConfig().getNonFinite();
        return name(variable)
            + " has "
            + found.getClass().getSimpleName()
            + (policy == NonFinitePolicy.PROPAGATE
                ? " after the updater"
                : ", and NonFinitePolicy." + policy + " is for the whole block");
      }
    }
    return null;
  }

  /** Why the gradient of a block must be divided before its pass, or null if in it. */
  private String whyPrepared(Block block, boolean decaysInPass) {
    Trainable normalizer = normalizer(block);
    if (normalizer != null) {
      return normalizer.getConfig().getGradientNormalization() + " of layer " + name(normalizer);
    }
    for (ParamState variable : block.variables()) {
      Regularization found = regularization(variable, ApplyStep.BEFORE_UPDATER);
      if (found != null && !decaysInPass) {
        return found.getClass().getSimpleName() + " of " + name(variable);
      }
    }
    return block.divided.isEmpty() || block.undivided.isEmpty()
        ? null
        : "parameters whose gradients are not to be divided by the batch's size";
  }

  /** The first layer of a block that normalizes or clips its gradient, or null. */
  private static Trainable normalizer(Block block) {
    Trainable last = null;
    for (ParamState variable : block.variables()) {
      Trainable layer = variable.getLayer();
      if (layer != last && layer.getConfig() != null) {
        GradientNormalization normalization = layer.getConfig().getGradientNormalization();
        if (normalization != null && normalization != GradientNormalization.None) {
          return layer;
        }
      }
      last = layer;
    }
    return null;
  }

  private static Regularization regularization(ParamState variable, ApplyStep step) {
    for (Regularization regularization : regularizations(variable)) {
      if (regularization.applyStep() == step) {
        return regularization;
      }
    }
    return null;
  }

  private static List<Regularization> regularizations(ParamState variable) {
    List<Regularization> all =
        variable.getLayer().getConfig().getRegularizationByParam(variable.getParamName());
    return all == null ? List.of() : all;
  }

  /** As the network's table of parameters names it. */
  private String name(ParamState variable) {
    return name(variable.getLayer()) + "_" + variable.getParamName();
  }

  private String name(Trainable layer) {
    for (Map.Entry<String, Trainable> named : updater.getLayersByName().entrySet()) {
      if (named.getValue() == layer) {
        return named.getKey();
      }
    }
    return layer.getConfig().getLayerName();
  }

  /** A line a block: which parameters, how they go, and if not in one pass, why. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int lastThrowing = lastThrowing();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      List<ParamState> variables = block.variables();
      text.append(i == 0 ? "" : "\n").append("  ").append(name(variables.get(0)));
      if (variables.size() > 1) {
        text.append(" to ").append(name(variables.get(variables.size() - 1)));
      }
      text.append(String.format(Locale.ROOT, " (%,d): ", block.gradient.length()));
      boolean decaysInPass = canDecay(block);
      String not = whyNot(block, i < lastThrowing, decaysInPass);
      String prepared = whyPrepared(block, decaysInPass);
      if (not != null) {
        text.append("not in one pass: ").append(not);
      } else {
        text.append("in one pass");
        if (prepared != null) {
          text.append(", but the division: ").append(prepared).append(" comes between");
        }
      }
    }
    return text.toString();
  }
}
