/** What only networks of Deeplearning4j can have; needs {@code deeplearning4j-nn}. */
package io.github.rmsprop4j.dl4j;
