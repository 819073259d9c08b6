package io.github.rmsprop4j.harness;

import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** A SameDiff model with a training configuration. Its copies start without updater state. */
final class SameDiffSubject implements Subject {
  private final SameDiff model;
  private final RmsProp settings;

  SameDiffSubject(SameDiff model) {
    this.model = model;
    if (model == null || model.getTrainingConfig() == null) {
      throw new IllegalArgumentException(
          "the model must have a training configuration: call setTrainingConfig() first");
    }
    this.settings = settings(model.getTrainingConfig().getUpdater());
  }

  private static RmsProp settings(IUpdater updater) {
    if (updater instanceof RmsProp ours) {
      return ours.clone();
    }
    if (updater instanceof org.nd4j.linalg.learning.config.RmsProp builtIn) {
      return RmsProp.builder()
          .learningRateSchedule(builtIn.getLearningRateSchedule())
          .learningRate(builtIn.getLearningRate())
          .rmsDecay(builtIn.getRmsDecay())
          .epsilon(builtIn.getEpsilon())
          .build();
    }
    throw new IllegalArgumentException("the model must have an RMSprop updater, got " + updater);
  }

  @Override
  public DataType dataType() {
    return variables(model).get(0).dataType();
  }

  @Override
  public long parameters() {
    return variables(model).stream().mapToLong(variable -> variable.getArr().length()).sum();
  }

  @Override
  public boolean isLayered() {
    return false;
  }

  @Override
  public List<RmsProp> settings() {
    return List.of(settings);
  }

  @Override
  public Trainee copy(Contender contender, Observer observer) {
    SameDiff copy;
    try {
      copy = SameDiff.fromFlatBuffers(model.asFlatBuffers(false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    copy.getTrainingConfig().setUpdater(new ContenderConfig(settings, contender, observer));
    return new Copy(copy);
  }

  private static List<SDVariable> variables(SameDiff model) {
    return model.variables().stream()
        .filter(variable -> variable.getVariableType() == VariableType.VARIABLE)
        .filter(variable -> variable.dataType().isFPType())
        .toList();
  }

  /** A copy in training. */
  private static final class Copy implements Trainee {
    private final SameDiff model;
    private MultiDataSet batch;

    Copy(SameDiff model) {
      this.model = model;
    }

    @Override
    public boolean isSupervised() {
      return true;
    }

    @Override
    public boolean pretrain(MultiDataSet batch) {
      return false;
    }

    @Override
    public void fit(MultiDataSet batch) {
      model.fit(new SingletonMultiDataSetIterator(batch), 1);
      this.batch = batch;
    }

    @Override
    public void endEpoch() {
      // every call of fit is one
    }

    @Override
    public double loss() {
      // Computed anew, after the update: fit leaves out what no gradient depends on, in 1.0.0-M2.1,
      // and most losses with it.
      String[] names = model.getLossVariables().toArray(String[]::new);
      return model.output(batch, names).values().stream()
          .mapToDouble(value -> value.sumNumber().doubleValue())
          .sum();
    }

    @Override
    public List<Parameter> state() {
      return List.of(); // no contender has a whole model
    }

    @Override
    public List<Parameter> parameters() {
      Map<String, GradientUpdater> updaters = model.getUpdaterMap();
      List<Parameter> parameters = new ArrayList<>();
      for (SDVariable variable : variables(model)) {
        Object updater = updaters == null ? null : updaters.get(variable.name());
        parameters.add(
            new Parameter(
                variable.name(),
                variable.getArr(),
                updater instanceof WatchedUpdater watched ? watched : null,
                0));
      }
      return parameters;
    }
  }
}
