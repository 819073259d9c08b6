package io.github.rmsprop4j.harness;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.learning.GradientUpdater;

/** What the updaters of one network were called with since it was last emptied. */
public final class CallLog implements Observer {
  /**
   * One call of an updater.
   *
   * @param updater who was called
   * @param iteration as DL4J counts them, from 0
   * @param gradient what it was given
   * @param update what it made of it
   * @param state its state afterwards, all parts one after the other
   * @param nanos how long it took
   */
  record Call(
      WatchedUpdater updater,
      int iteration,
      double[] gradient,
      double[] update,
      double[] state,
      long nanos) {}

  private final List<Call> calls = new ArrayList<>();
  private final ErrorStatistics updateErrors = new ErrorStatistics();
  private final ErrorStatistics stateErrors = new ErrorStatistics();
  private final ErrorStatistics parameterErrors = new ErrorStatistics();
  private long watchingNanos;

  @Override
  public GradientUpdater<?> around(ContenderConfig config, GradientUpdater<?> updater) {
    return new WatchedUpdater(config, updater, this);
  }

  /** Keeps a call, and how long keeping it took. */
  void add(Call call, long watching) {
    calls.add(call);
    watchingNanos += watching;
  }

  /** {@return the calls since the last time, in their order} */
  List<Call> take() {
    List<Call> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  /** {@return what watching itself has taken since the last time} */
  long takeWatchingNanos() {
    long nanos = watchingNanos;
    watchingNanos = 0;
    return nanos;
  }

  ErrorStatistics updateErrors() {
    return updateErrors;
  }

  ErrorStatistics stateErrors() {
    return stateErrors;
  }

  ErrorStatistics parameterErrors() {
    return parameterErrors;
  }
}
