/**
 * What models are made of: {@link dev.bulwark.nn.Module}s that own {@link
 * dev.bulwark.nn.Parameter}s with Hugging Face names, taken from a {@link dev.bulwark.nn.Source} (a
 * checkpoint or an initialiser), and the immutable {@link dev.bulwark.nn.Context} passed to every
 * forward pass.
 *
 * <p>Start with {@link dev.bulwark.nn.layer.Linear}, then {@link dev.bulwark.nn.encoder.Bert}.
 */
@NullMarked
package dev.bulwark.nn;

import org.jspecify.annotations.NullMarked;
