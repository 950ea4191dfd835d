/**
 * The command line: one class a command, mapped by picocli. {@link dev.bulwark.robust.cli.Main} is
 * the entry; {@link dev.bulwark.robust.cli.Failures} says which error gives which exit code.
 */
@NullMarked
package dev.bulwark.robust.cli;

import org.jspecify.annotations.NullMarked;
