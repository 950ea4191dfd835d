/**
 * Bounds of the mutual information between features, as InfoBERT (Wang et al. 2021) adds them to
 * the passes of an adversarial loop: upper bounds that are made small, a lower bound that is made
 * large.
 */
@NullMarked
package dev.bulwark.robust.objective.information;

import org.jspecify.annotations.NullMarked;
