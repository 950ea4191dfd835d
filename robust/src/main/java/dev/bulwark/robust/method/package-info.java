/**
 * Training methods by name, each a short file that reads like its paper and lists itself (see
 * {@link dev.bulwark.robust.method.Method.Listing}).
 *
 * <p>A {@link dev.bulwark.robust.method.Method} checks its options and gives a {@link
 * dev.bulwark.robust.method.Recipe}; that is tied to a model as a {@link
 * dev.bulwark.robust.method.Tuning}, whose parts (objective, terms, filter, ...) several methods
 * can share. First read {@link dev.bulwark.robust.method.FreeLb}, then {@link
 * dev.bulwark.robust.method.InfoBert}, which adds two terms to its passes.
 */
@NullMarked
package dev.bulwark.robust.method;

import org.jspecify.annotations.NullMarked;
