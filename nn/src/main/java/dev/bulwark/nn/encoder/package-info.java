/**
 * Encoders: token ids in, hidden states out. {@link dev.bulwark.nn.encoder.Encoder} is what methods
 * and heads speak to, {@link dev.bulwark.nn.encoder.Bert} the family at hand; {@link
 * dev.bulwark.nn.encoder.TokenBatch} says which tokens are real.
 */
@NullMarked
package dev.bulwark.nn.encoder;

import org.jspecify.annotations.NullMarked;
