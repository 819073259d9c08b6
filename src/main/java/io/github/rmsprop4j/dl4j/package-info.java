/**
 * What only networks of Deeplearning4j can have: the whole parameter update in {@linkplain
 * io.github.rmsprop4j.dl4j.OnePass one pass}, and {@linkplain
 * io.github.rmsprop4j.dl4j.TrainedModels trained models} in and out. The only package that needs
 * {@code deeplearning4j-nn}.
 */
package io.github.rmsprop4j.dl4j;
