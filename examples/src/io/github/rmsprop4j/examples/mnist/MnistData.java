package io.github.rmsprop4j.examples.mnist;

/**
 * What the example trains and tests on.
 *
 * @param origin where the images come from, for people
 */
record MnistData(Digits train, Digits test, String origin) {}
