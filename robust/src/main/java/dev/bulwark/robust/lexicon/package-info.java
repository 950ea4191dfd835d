/**
 * What is known about words: substitutes, parts of speech, stop words, and the interface to
 * sentence embeddings.
 *
 * <p>Substitutes come from three sources behind {@link
 * dev.bulwark.robust.lexicon.WordSubstitutions}: the bundled counter-fitted {@link
 * dev.bulwark.robust.lexicon.NeighborTable}, {@link dev.bulwark.robust.lexicon.WordNet}, and a file
 * of {@link dev.bulwark.robust.lexicon.WordVectors} that the user brings. Everything here is safe
 * to share between threads, and everything but the vectors is on the class path: nothing is
 * downloaded.
 */
@NullMarked
package dev.bulwark.robust.lexicon;

import org.jspecify.annotations.NullMarked;
