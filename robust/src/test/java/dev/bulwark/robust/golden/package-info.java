/**
 * Golden cases: numbers of the methods' authors' code, compared with ours by one runner, {@code
 * GoldenTest}. A kind of case is a few lines in one of the "Kinds" files.
 */
package dev.bulwark.robust.golden;
