package dev.bulwark.robust.attack;

/**
 * One word of the original that the attack replaced or deleted.
 *
 * @param column 0 for the text (or premise), 1 for the pair (or hypothesis)
 * @param index index of the original word, counted over both columns
 * @param start first UTF-16 index of the original word in its original column
 * @param end end of the original word, exclusive
 * @param from the original word
 * @param to what stands in its place, empty when the word was deleted
 * @param newStart first UTF-16 index of {@code to} in the perturbed column
 * @param newEnd end of {@code to}, exclusive; equal to newStart when the word was deleted
 */
public record WordChange(
    int column, int index, int start, int end, String from, String to, int newStart, int newEnd) {}
