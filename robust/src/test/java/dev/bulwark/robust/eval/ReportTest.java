package dev.bulwark.robust.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.io.AtomicFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  @Test
  void writesThreeFilesAndLeavesNothingElse(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("new/report");
    Path page = SyntheticReports.twoModels("Two models").write(out);
    assertEquals(out.resolve("report.html"), page);
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(
          Set.of("report.html", "report.json", "report.md"),
          files.map(f -> f.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @Test
  void replacesAnEarlierReport(@TempDir Path folder) throws IOException {
    SyntheticReports.twoModels("First").write(folder);
    SyntheticReports.twoModels("Second").write(folder);
    assertEquals("Second", Report.read(folder.resolve("report.json")).title());
  }

  @Test
  void keepsTheEarlierFileWhenWritingFails(@TempDir Path folder) throws IOException {
    Path target = folder.resolve("report.md");
    Files.createDirectories(target.resolve("in the way"));
    assertThrows(IOException.class, () -> AtomicFile.writeString(target, "text"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(target), files.toList());
    }
  }

  @Test
  void readsItsJsonBack(@TempDir Path folder) throws IOException {
    Report report = SyntheticReports.twoModels("Two models");
    report.write(folder);
    Report again = Report.read(folder.resolve("report.json"));
    assertEquals(report.models(), again.models());
    assertEquals(report.comparisons(), again.comparisons());
    assertEquals(ReportJson.write(report), ReportJson.write(again));
  }

  @Test
  void writesPlainJsonInWhichTheUnmeasuredIsNull() throws IOException {
    JsonNode json =
        JsonMapper.shared().readTree(ReportJson.write(SyntheticReports.twoModels("Two models")));
    JsonNode attack = json.get("models").get(0).get("attacks").get(0);
    boolean unmeasured = false;
    for (JsonNode outcome : attack.get("outcomes")) {
      assertTrue(outcome.get("similarity").isNull() || outcome.get("similarity").isNumber());
      unmeasured |= outcome.get("similarity").isNull();
    }
    assertTrue(unmeasured);
    assertTrue(attack.get("metrics").get("accuracyUnderAttack").get("low").isNumber());
    assertEquals("2026-11-22T10:15:30Z", json.get("provenance").get("startedAt").stringValue());
  }

  @Test
  void refusesJsonThatIsNoReport(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.json");
    Files.writeString(file, "{\"title\": 3, \"other\": []");
    Exception e = assertThrows(IllegalArgumentException.class, () -> Report.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains("is not a report"), e.toString());
  }

  @Test
  void thePageHasEverySectionAndLoadsNothing() throws IOException {
    String html = HtmlReport.render(SyntheticReports.twoModels("Two models"));
    for (String part :
        List.of("Comparison", "Plots", "Examples", "Classes", "Notes", "Provenance")) {
      assertTrue(html.contains("<h2>" + part + "</h2>"), part);
    }
    assertEquals(6, count(html, "<svg "));
    assertEquals(2, count(html, "<article class=\"card"));
    assertEquals(210, count(html, "<article class=\"example\""));
    assertTrue(html.contains("<del>"));
    assertTrue(html.contains("default-src &#x27;none&#x27;"));
    assertFalse(Pattern.compile("(?:src|href)=|url\\(|@import|https?:").matcher(html).find());
    assertFalse(html.contains("NaN"));
  }

  @Test
  void foreignTextIsOnlyEverText() {
    String html = HtmlReport.render(SyntheticReports.hostile());
    String body = html.substring(html.indexOf("<body>"));
    assertEquals(1, count(html, "<script"), "only the page's own script");
    assertEquals(1, count(html, "<style"), "only the page's own style");
    assertFalse(html.contains("<img"));
    assertTrue(body.contains("&lt;script&gt;"));
    assertTrue(body.contains("<del>&lt;script&gt;</del>"));
    assertTrue(body.contains("<del>gone</del><ins>∅</ins>"));
    assertEquals(0, count(body, "misfit"), "a span outside the text is shown unmarked");
  }

  @Test
  void theMarkupIsWellFormed() throws IOException, XMLStreamException {
    String html = HtmlReport.render(SyntheticReports.twoModels("Two <models> & \"more\""));
    String body = html.substring(html.indexOf("<body>"), html.indexOf("<script>")) + "</body>";
    XMLStreamReader xml =
        XMLInputFactory.newFactory().createXMLStreamReader(new StringReader(body));
    int elements = 0;
    while (xml.hasNext()) {
      elements += xml.next() == XMLStreamConstants.START_ELEMENT ? 1 : 0;
    }
    assertTrue(elements > 1000);
  }

  @Test
  void isTheSameInEveryLocale() throws IOException {
    Report report = SyntheticReports.twoModels("Two models");
    String html = HtmlReport.render(report);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertTrue(html.equals(HtmlReport.render(report)), "the page depends on the locale");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void markdownNeutralisesForeignText() throws IOException {
    String hostile = MarkdownReport.render(SyntheticReports.hostile());
    assertFalse(hostile.contains("<script>"));
    assertFalse(hostile.contains("\u001B"));
    String markdown = MarkdownReport.render(SyntheticReports.twoModels("Two models"));
    Set<Integer> widths = new TreeSet<>();
    for (String line : markdown.lines().filter(l -> l.startsWith("| ")).limit(4).toList()) {
      widths.add(line.split(" \\| ").length);
    }
    assertEquals(1, widths.size(), "rows of a table have one width");
    assertTrue(markdown.contains("~~"));
    assertTrue(markdown.contains("demo/train.tsv"));
  }

  @Test
  void theTerminalShowsColoursOnlyWhenAskedAndObeysNoForeignOnes() throws IOException {
    Report report = SyntheticReports.twoModels("Two models");
    assertFalse(TerminalReport.render(report, false, 2).contains("\u001B"));
    assertTrue(TerminalReport.render(report, true, 2).contains("\u001B[31m"));
    assertTrue(TerminalReport.render(report, false, 2).contains(" → "));
    String hostile = TerminalReport.render(SyntheticReports.hostile(), false, 2);
    assertFalse(hostile.contains("\u001B"));
    assertFalse(hostile.contains("\u202E"));
  }

  @Test
  void refusesModelsThatCannotBeCompared() throws IOException {
    Report report = SyntheticReports.twoModels("Two models");
    ModelResult first = report.models().get(0);
    List<ModelResult> twice = List.of(first, first);
    assertThrows(IllegalArgumentException.class, () -> again(report, twice));
    assertThrows(IllegalArgumentException.class, () -> again(report, List.of()));
    ModelResult second = report.models().get(1);
    AttackResult attack = second.attacks().get(0);
    ModelResult fewer =
        new ModelResult(
            second.name(),
            "",
            second.clean(),
            second.cleanRight(),
            List.of(AttackResult.of(attack.attack(), attack.outcomes().subList(1, 210), 1)),
            null);
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> again(report, List.of(first, fewer)));
    assertTrue(String.valueOf(e.getMessage()).contains("different examples"), e.toString());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            AttackResult.of(
                "twice", List.of(attack.outcomes().get(0), attack.outcomes().get(0)), 1));
  }

  @Test
  void aCommitIsFollowedToItsDigits(@TempDir Path git) throws IOException {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
    Files.writeString(git.resolve("packed-refs"), "# packed\n" + commit + " refs/heads/main\n");
    assertEquals(commit, Build.head(git).orElseThrow());
    Files.createDirectories(git.resolve("refs/heads"));
    Files.writeString(git.resolve("refs/heads/main"), commit.replace('0', 'f') + "\n");
    assertEquals(commit.replace('0', 'f'), Build.head(git).orElseThrow());
    Files.writeString(git.resolve("HEAD"), "garbage");
    assertTrue(Build.head(git).isEmpty());
  }

  @Test
  void aFileIsKnownByItsDigest(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("abc");
    Files.writeString(file, "abc");
    FileDigest digest = FileDigest.of("data", file);
    assertEquals(3, digest.bytes());
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", digest.sha256());
  }

  @Test
  void aLongCurveIsThinnedAndDivergenceLeftOut() {
    List<TrainingCurve.Point> points =
        Stream.iterate(0, i -> i + 1)
            .limit(1000)
            .map(i -> new TrainingCurve.Point(i, i == 500 ? Double.NaN : 1))
            .toList();
    List<TrainingCurve.Point> thinned = Charts.thinned(points);
    assertTrue(thinned.size() <= 150 && thinned.size() > 100);
    assertTrue(thinned.stream().allMatch(p -> p.value() == 1));
    assertNull(SyntheticReports.hostile().models().get(0).attack("no such attack"));
  }

  private static Report again(Report like, List<ModelResult> models) {
    return Report.of("t", "s", like.classes(), models, List.of(), like.provenance());
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }
}
