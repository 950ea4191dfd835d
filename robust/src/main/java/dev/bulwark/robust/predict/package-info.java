/** Predictors: the only view of a model that attacks and evaluation have. */
@NullMarked
package dev.bulwark.robust.predict;

import org.jspecify.annotations.NullMarked;
