/**
 * Word-level adversarial attacks: what an attack is made of, and the runner that carries it out
 * over a data set.
 *
 * <p>An {@code Attack} is four parts: a goal (when is the victim fooled), a transformation (what
 * may stand in a word's place), constraints (which proposals are kept) and a search (in which order
 * proposals are tried). Recipes in {@code attack.recipe} put the published ones together. Queries
 * of many examples are scored together, see {@code AttackRunner}; results are those of one example
 * at a time.
 *
 * <p>Start with {@code AttackRunner}, then {@code GreedyWordSwap}. What comes out is a list of
 * {@link dev.bulwark.robust.attack.Outcome}; measures made of it live in {@code robust.eval}.
 */
@NullMarked
package dev.bulwark.robust.attack;

import org.jspecify.annotations.NullMarked;
