package dev.bulwark.robust.lexicon;

/** The 12 universal parts of speech (Petrov et al., LREC 2012). */
public enum Pos {
  /** Adjective. */
  ADJ,
  /** Preposition or postposition. */
  ADP,
  /** Adverb. */
  ADV,
  /** Conjunction, coordinating or subordinating. */
  CONJ,
  /** Determiner. */
  DET,
  /** Noun, proper ones included. */
  NOUN,
  /** Number. */
  NUM,
  /** Pronoun. */
  PRON,
  /** Particle. */
  PRT,
  /** Punctuation, written "." in the tag set. */
  PUNCT,
  /** Verb, auxiliaries included. */
  VERB,
  /** Anything else: interjections, symbols, foreign words. */
  X;

  /**
   * Maps a Universal Dependencies tag, of which there are 17, to the smaller set.
   *
   * @param ud the tag, for example {@code PROPN}
   * @return the part of speech; X for tags not known
   */
  public static Pos ofUd(String ud) {
    return switch (ud) {
      case "ADJ" -> ADJ;
      case "ADP" -> ADP;
      case "ADV" -> ADV;
      case "SCONJ", "CCONJ" -> CONJ;
      case "DET" -> DET;
      case "NOUN", "PROPN" -> NOUN;
      case "NUM" -> NUM;
      case "PRON" -> PRON;
      case "PART" -> PRT;
      case "PUNCT" -> PUNCT;
      case "VERB", "AUX" -> VERB;
      default -> X;
    };
  }

  /**
   * Whether a word of this part of speech may be replaced by one of another.
   *
   * @param other part of speech of the substitute
   * @param nounVerb whether nouns and verbs may stand for each other (TextFooler allows it, as
   *     taggers often confuse them)
   * @return true when it may
   */
  public boolean admits(Pos other, boolean nounVerb) {
    boolean bothNounOrVerb = (this == NOUN || this == VERB) && (other == NOUN || other == VERB);
    return this == other || (nounVerb && bothNounOrVerb);
  }
}
