package dev.bulwark.robust.predict;

/**
 * A span that may answer a question.
 *
 * @param text its words; empty if the text has no token
 * @param start where it starts in the context, in UTF-16 chars
 * @param end where it ends, exclusive
 * @param score start logit plus end logit
 */
public record SpanAnswer(String text, int start, int end, double score) {}
