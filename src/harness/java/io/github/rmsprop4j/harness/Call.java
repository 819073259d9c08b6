package io.github.rmsprop4j.harness;

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
