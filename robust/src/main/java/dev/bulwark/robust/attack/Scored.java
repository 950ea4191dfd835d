package dev.bulwark.robust.attack;

/**
 * A text with the victim's answer to it.
 *
 * @param text the text
 * @param probabilities the answer, [classes]; read-only
 * @param score how near the goal is, higher is nearer
 * @param reached whether the goal is reached
 */
@SuppressWarnings("ArrayRecordComponent") // shared by all texts that ask the same, never compared
public record Scored(AttackedText text, float[] probabilities, double score, boolean reached) {}
