package dev.bulwark.robust.attack;

import dev.bulwark.robust.lexicon.NeighborTable;
import dev.bulwark.robust.lexicon.PosTagger;
import dev.bulwark.robust.lexicon.SentenceEncoder;
import dev.bulwark.robust.lexicon.WordNet;
import dev.bulwark.robust.lexicon.WordSubstitutions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What attacks draw on besides the victim. Immutable; what is bundled is loaded when first used.
 *
 * <p>Substitutes come from the counter-fitted neighbour table first and WordNet second, unless
 * others are given: the 50 nearest counter-fitted vectors of the published TextFooler are too large
 * to be shipped. With {@code WordVectors.read(file).nearest(50, 0.5)} the attack is the published
 * one.
 */
public final class AttackResources {
  private final @Nullable WordSubstitutions substitutions;
  private final @Nullable PosTagger tagger;
  private final @Nullable SentenceEncoder encoder;

  private AttackResources(
      @Nullable WordSubstitutions substitutions,
      @Nullable PosTagger tagger,
      @Nullable SentenceEncoder encoder) {
    this.substitutions = substitutions;
    this.tagger = tagger;
    this.encoder = encoder;
  }

  /** {@return what is on the class path: neighbour table, WordNet, tagger; no sentence encoder} */
  public static AttackResources bundled() {
    return new AttackResources(null, null, null);
  }

  /**
   * The same with another source of substitutes.
   *
   * @param source where substitutes come from
   * @return a copy
   */
  public AttackResources withSubstitutions(WordSubstitutions source) {
    return new AttackResources(source, tagger, encoder);
  }

  /**
   * The same with another tagger.
   *
   * @param other tells parts of speech
   * @return a copy
   */
  public AttackResources withTagger(PosTagger other) {
    return new AttackResources(substitutions, other, encoder);
  }

  /**
   * The same with a sentence encoder.
   *
   * @param other embeds sentences
   * @return a copy
   */
  public AttackResources withEncoder(SentenceEncoder other) {
    return new AttackResources(substitutions, tagger, other);
  }

  /** {@return where substitutes come from} */
  public WordSubstitutions substitutions() {
    return substitutions != null ? substitutions : Bundled.SUBSTITUTIONS;
  }

  /**
   * Where substitutes come from, for attacks that have a source of their own.
   *
   * @param usual the attack's source
   * @return the source that was given, or the usual one
   */
  public WordSubstitutions substitutionsOr(WordSubstitutions usual) {
    return substitutions != null ? substitutions : usual;
  }

  /** {@return what tells parts of speech} */
  public PosTagger tagger() {
    return tagger != null ? tagger : PosTagger.bundled();
  }

  /** {@return what embeds sentences, if it was given} */
  public Optional<SentenceEncoder> encoder() {
    return Optional.ofNullable(encoder);
  }

  /**
   * The sentence encoder of an attack that cannot do without.
   *
   * @param attack the attack's name, for the message
   * @return the encoder
   * @throws IllegalArgumentException when none was given
   */
  public SentenceEncoder encoderFor(String attack) {
    return encoder()
        .orElseThrow(() ->
            new IllegalArgumentException(
                attack
                    + " compares sentences and was given no sentence encoder;"
                    + " give one, or switch the similarity constraint off"));
  }

  private static final class Bundled {
    static final WordSubstitutions SUBSTITUTIONS = NeighborTable.bundled().then(WordNet.bundled());
  }
}
