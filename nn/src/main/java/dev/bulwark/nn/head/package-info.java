/**
 * What stands on an encoder: a pooler and classifier, a span head, or a masked-language-model head.
 */
@NullMarked
package dev.bulwark.nn.head;

import org.jspecify.annotations.NullMarked;
