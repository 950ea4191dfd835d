package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.eval.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job in short, with real weights. */
@Tag("slow")
class DemoTest {
  @Test
  void trainsAttacksAndReports(@TempDir Path folder) throws IOException {
    int exit =
        Main.execute(
            "demo", "--epochs", "1", "--limit", "5", "--quiet", "--out", folder.toString());
    assertEquals(0, exit);
    Report report = Report.read(folder.resolve("report.json"));
    assertEquals(2, report.models().size());
    assertEquals(3, report.provenance().files().size());
    assertTrue(Files.size(folder.resolve("report.html")) > 10_000);
    assertTrue(report.models().getFirst().clean().accuracy().hits() > 105); // of 210
  }
}
