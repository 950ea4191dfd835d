package dev.bulwark.robust.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far a long piece of work is: a bar with ETA on a terminal, else a line at every tenth.
 * All of it goes to standard error, so that standard output stays clean.
 */
final class Console implements AutoCloseable {
  private final String task;
  private final long total;
  private final @Nullable ProgressBar bar;
  private final long start = System.nanoTime();
  private long lastTenth;

  /**
   * Starts.
   *
   * @param task what is done, two or three words
   * @param unit what is counted
   * @param total how many there are
   * @param quiet whether to say nothing
   */
  Console(String task, String unit, long total, boolean quiet) {
    this.task = task;
    this.total = total;
    this.lastTenth = quiet ? Long.MAX_VALUE : 0;
    this.bar =
        quiet || !isTerminal()
            ? null
            : new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .showSpeed()
                .setUpdateIntervalMillis(500)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .build();
  }

  static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
  }

  /** A line for the user. */
  static void say(String format, Object... args) {
    System.err.printf(Locale.ROOT, format + "%n", args);
  }

  /** Shows that so much is done, with a word about it. */
  void at(long done, String extra) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + extra);
      return;
    }
    long tenth = total == 0 ? 10 : done * 10 / total;
    if (tenth > lastTenth) {
      lastTenth = tenth;
      double seconds = (System.nanoTime() - start) / 1e9;
      say(
          "%s: %d/%d (%d %%), %s so far, %s to go%s",
          task,
          done,
          total,
          total == 0 ? 100 : done * 100 / total,
          clock(seconds),
          clock(seconds / Math.max(done, 1) * (total - done)),
          extra.isEmpty() ? "" : ", " + extra);
    }
  }

  /** Seconds as 1:02:03 or 2:03. */
  static String clock(double seconds) {
    Duration d = Duration.ofSeconds(Math.round(seconds));
    return d.toHours() > 0
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", d.toHours(), d.toMinutesPart(), d.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", d.toMinutesPart(), d.toSecondsPart());
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
