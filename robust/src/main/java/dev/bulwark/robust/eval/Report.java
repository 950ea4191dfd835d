package dev.bulwark.robust.eval;

import dev.bulwark.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The result of a run: models, what attacks did to them, and how they compare.
 *
 * @param title headline
 * @param summary what was done, a sentence or two
 * @param classes names of the classes in order
 * @param models at least one; the first is the baseline of the comparisons
 * @param comparisons every other model against the first, clean and under each common attack
 * @param notes what a reader must know to judge the numbers, one sentence each
 * @param provenance where the numbers come from
 */
public record Report(
    String title,
    String summary,
    List<String> classes,
    List<ModelResult> models,
    List<Comparison> comparisons,
    List<String> notes,
    Provenance provenance) {

  /** Freezes the lists. */
  public Report {
    classes = List.copyOf(classes);
    models = List.copyOf(models);
    comparisons = List.copyOf(comparisons);
    notes = List.copyOf(notes);
  }

  /**
   * Compares the models and makes a report.
   *
   * @param title headline
   * @param summary what was done, a sentence or two
   * @param classes names of the classes in order
   * @param models at least one, with different names; the first is the baseline
   * @param notes what a reader must know to judge the numbers
   * @param provenance where they come from; its seed also drives the bootstrap
   * @return the report
   * @throws IllegalArgumentException if there is no model, a name is taken twice, or models were
   *     evaluated on different examples
   */
  public static Report of(
      String title,
      String summary,
      List<String> classes,
      List<ModelResult> models,
      List<String> notes,
      Provenance provenance) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("a report needs at least one model");
    }
    Set<String> names = new HashSet<>();
    for (ModelResult model : models) {
      if (!names.add(model.name())) {
        throw new IllegalArgumentException("two models are called \"" + model.name() + "\"");
      }
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (ModelResult candidate : models.subList(1, models.size())) {
      compare(models.getFirst(), candidate, provenance.seed(), comparisons);
    }
    return new Report(title, summary, classes, models, comparisons, notes, provenance);
  }

  private static void compare(
      ModelResult baseline, ModelResult candidate, long seed, List<Comparison> to) {
    String first = baseline.name();
    String second = candidate.name();
    if (!baseline.cleanRight().isEmpty()) {
      to.add(
          Comparison.of(
              "clean accuracy", first, baseline.right(), second, candidate.right(), seed));
    }
    for (AttackResult mine : baseline.attacks()) {
      AttackResult theirs = candidate.attack(mine.attack());
      if (theirs != null && !mine.outcomes().isEmpty()) {
        mine.requireSameExamples(theirs);
        to.add(
            Comparison.of(
                "accuracy under " + mine.attack(),
                first,
                mine.survived(),
                second,
                theirs.survived(),
                seed));
      }
    }
  }

  /** Names of all attacks, in order of their first appearance. */
  List<String> attackNames() {
    return models.stream()
        .flatMap(model -> model.attacks().stream())
        .map(AttackResult::attack)
        .distinct()
        .toList();
  }

  /**
   * Writes {@code report.json}, {@code report.md} and {@code report.html}; each appears whole or
   * not at all.
   *
   * @param folder where to; made if it does not exist
   * @return the path of the HTML page
   * @throws IOException if writing fails; files from an earlier run are untouched then
   */
  public Path write(Path folder) throws IOException {
    String json = ReportJson.write(this);
    String markdown = MarkdownReport.render(this);
    String html = HtmlReport.render(this);
    Files.createDirectories(folder);
    AtomicFile.writeString(folder.resolve("report.json"), json);
    AtomicFile.writeString(folder.resolve("report.md"), markdown);
    Path page = folder.resolve("report.html");
    AtomicFile.writeString(page, html);
    return page;
  }

  /**
   * Reads a {@code report.json} back, to show it again or to compare runs.
   *
   * @param file the file
   * @return an equal report
   * @throws IOException if reading fails
   * @throws IllegalArgumentException if it is not such a file
   */
  public static Report read(Path file) throws IOException {
    return ReportJson.read(file.toString(), Files.readString(file));
  }
}
