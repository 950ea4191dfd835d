/**
 * Text in, token ids out: tokenizers in pure Java that give what Hugging Face {@code tokenizers}
 * gives.
 *
 * <p>Start at {@link dev.bulwark.nn.text.Tokenizers}, which reads a tokenizer from a folder, then
 * {@link dev.bulwark.nn.text.WordPiece} for how BERT's works. What Unicode says about a character
 * is pinned in a resource, so that it changes neither with the JDK nor with the locale; {@code
 * BertUnicode} explains it.
 *
 * <p>Not here: batching and padding, which belong to whoever feeds a model.
 */
@NullMarked
package dev.bulwark.nn.text;

import org.jspecify.annotations.NullMarked;
