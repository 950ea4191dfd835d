/**
 * Text classification as filling in a blank (MVP, Raman et al., EMNLP 2023): {@link
 * dev.bulwark.robust.prompt.Template}s put a mask beside the text, a {@link
 * dev.bulwark.robust.prompt.Verbaliser} says which words stand for which class, and a {@link
 * dev.bulwark.robust.prompt.PromptEncoder} builds the rows that a masked language model reads.
 */
@NullMarked
package dev.bulwark.robust.prompt;

import org.jspecify.annotations.NullMarked;
