package io.github.rmsprop4j.dl4j;

import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** The two updaters that a network is trained with, made from the same settings. */
enum Implementation {
  BUILT_IN {
    @Override
    IUpdater rmsProp(double learningRate, double rmsDecay, double epsilon) {
      return new org.nd4j.linalg.learning.config.RmsProp(learningRate, rmsDecay, epsilon);
    }

    @Override
    IUpdater rmsProp(ISchedule learningRate) {
      return new org.nd4j.linalg.learning.config.RmsProp(learningRate);
    }
  },
  OURS {
    @Override
    IUpdater rmsProp(double learningRate, double rmsDecay, double epsilon) {
      return new io.github.rmsprop4j.RmsProp(learningRate, rmsDecay, epsilon);
    }

    @Override
    IUpdater rmsProp(ISchedule learningRate) {
      return new io.github.rmsprop4j.RmsProp(learningRate);
    }
  };

  abstract IUpdater rmsProp(double learningRate, double rmsDecay, double epsilon);

  abstract IUpdater rmsProp(ISchedule learningRate);

  /** With an ε that HALF can hold too: the default 1e-8 is 0 there. */
  IUpdater rmsProp(double learningRate) {
    return rmsProp(learningRate, 0.9, 1e-4);
  }

  /** {@return the class name, which is the {@code @class} of its JSON} */
  String className() {
    return rmsProp(0.1).getClass().getName();
  }
}
