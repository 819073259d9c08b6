package io.github.rmsprop4j.digits;

/**
 * What the example trains and tests on.
 *
 * @param name what the images are, for people
 */
public record MnistData(Digits train, Digits test, String name) {}
