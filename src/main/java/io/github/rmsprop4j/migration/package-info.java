/**
 * The RMSprop of Keras and PyTorch, read from their own configurations. {@link
 * io.github.rmsprop4j.migration.Migration} is what comes of it.
 */
package io.github.rmsprop4j.migration;
