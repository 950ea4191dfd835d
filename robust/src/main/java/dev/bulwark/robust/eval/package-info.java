/**
 * What a model is worth, said with numbers one can trust: metrics, intervals, comparisons, reports.
 *
 * <p>{@link dev.bulwark.robust.eval.ClassificationMetrics} measures predictions, {@link
 * dev.bulwark.robust.eval.AttackMetrics} the outcomes of an attack, {@link
 * dev.bulwark.robust.eval.Comparison} two models on the same examples. All rates carry 95 %
 * intervals.
 */
@NullMarked
package dev.bulwark.robust.eval;

import org.jspecify.annotations.NullMarked;
