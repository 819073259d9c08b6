/**
 * What only networks of Deeplearning4j can have: {@link io.github.rmsprop4j.dl4j.OnePass}, the
 * whole parameter update in one pass. The only package that needs {@code deeplearning4j-nn}.
 */
package io.github.rmsprop4j.dl4j;
