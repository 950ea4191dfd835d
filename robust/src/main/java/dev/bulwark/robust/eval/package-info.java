/**
 * What a model is worth, said with numbers one can trust: metrics, intervals, comparisons, reports.
 *
 * <p>{@link dev.bulwark.robust.eval.ClassificationMetrics} measures predictions, {@link
 * dev.bulwark.robust.eval.AttackMetrics} the outcomes of an attack, {@link
 * dev.bulwark.robust.eval.Comparison} two models on the same examples. All rates carry 95 %
 * intervals. {@link dev.bulwark.robust.eval.Report} puts them together and writes JSON, Markdown
 * and one self-contained page; {@link dev.bulwark.robust.eval.TerminalReport} is its short form.
 * {@link dev.bulwark.robust.eval.Provenance} says where the numbers come from.
 *
 * <p>{@link dev.bulwark.robust.eval.Perspectives} looks at one model from many sides, and {@link
 * dev.bulwark.robust.eval.SpanMetrics} scores answers to questions.
 *
 * <p>Texts and labels in a report come from strangers: every writer treats them as such.
 */
@NullMarked
package dev.bulwark.robust.eval;

import org.jspecify.annotations.NullMarked;
