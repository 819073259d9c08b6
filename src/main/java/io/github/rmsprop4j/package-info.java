/**
 * RMSprop for Deeplearning4j and SameDiff. {@link io.github.rmsprop4j.RmsProp} is the configuration
 * to put into a network; {@link io.github.rmsprop4j.RmsPropUpdater} is what it makes.
 */
package io.github.rmsprop4j;
