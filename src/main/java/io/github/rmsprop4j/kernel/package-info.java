/**
 * The fused step, one class a mechanism, and what picks among them. Not API: only {@code Kernels}
 * and {@code Step} are public, for the updater, and both may change in any release.
 */
package io.github.rmsprop4j.kernel;
