/**
 * What stands on an encoder: a pooler and classifier, a span head, or a masked-language-model head,
 * which also classifies by label words.
 */
@NullMarked
package dev.bulwark.nn.head;

import org.jspecify.annotations.NullMarked;
