package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.checkpoint.MavenRepository.Coordinates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MavenRepositoryTest {
  private static final Coordinates MODEL =
      Coordinates.parse("org.x:some-model:1.0-b3").orElseThrow();

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();

  @Test
  void coordinatesAreThreeWords() {
    assertEquals(new Coordinates("org.x", "some-model", "1.0-b3"), MODEL);
    assertEquals("org.x:some-model:1.0-b3", MODEL.toString());
    for (String bad :
        List.of(
            "a:b",
            "a:b:c:d",
            "..:b:c",
            "a:../b:c",
            "a:b:..",
            "a::c",
            ":b:c",
            "a/b:c:d",
            "a:b:c\n",
            "C:\\x:y")) {
      assertEquals(Optional.empty(), Coordinates.parse(bad), bad);
    }
  }

  @Test
  void aJarThatIsThereIsNotFetched() throws IOException {
    MavenRepository maven = new MavenRepository(folder, List.of("no-such-program"));
    Path jar = folder.resolve("org/x/some-model/1.0-b3/some-model-1.0-b3.jar");
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "jar");
    assertEquals(jar, maven.fetch(MODEL, "", lines::add));
    assertEquals(List.of(), lines);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Maven is a shell script")
  void aMissingJarIsFetchedOnce() throws IOException {
    Path jar = folder.resolve("org/x/some-model/1.0-b3/some-model-1.0-b3.jar");
    Path script =
        script(
            "[ \"$*\" = '-B -q dependency:get -Dartifact=org.x:some-model:1.0-b3"
                + " -Dtransitive=false' ] || exit 3",
            "mkdir -p '" + jar.getParent() + "' && echo jar > '" + jar + "'");
    MavenRepository maven = new MavenRepository(folder, List.of("/bin/sh", script.toString()));
    assertEquals(jar, maven.fetch(MODEL, "83 MB", lines::add));
    assertEquals(jar, maven.fetch(MODEL, "83 MB", lines::add));
    assertEquals(List.of("fetching org.x:some-model:1.0-b3 once, 83 MB"), lines);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Maven is a shell script")
  void aFailureTellsWhyAndWhatToRun() throws IOException {
    Path script = script("echo '[INFO] hm'", "echo '[ERROR] no such artifact'", "exit 1");
    var e = failure(new MavenRepository(folder, List.of("/bin/sh", script.toString())));
    assertTrue(e.contains("Maven says: no such artifact"), e);
    assertTrue(
        e.contains("dependency:get -Dartifact=org.x:some-model:1.0-b3 -Dtransitive=false"), e);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Maven is a shell script")
  void aJarThatDoesNotComeIsAFailure() throws IOException {
    Path script = script("exit 0");
    var e = failure(new MavenRepository(folder, List.of("/bin/sh", script.toString())));
    assertTrue(e.contains("left no"), e);
  }

  @Test
  void aMissingMavenIsNamed() {
    var e = failure(new MavenRepository(folder, List.of("no-such-program")));
    assertTrue(e.contains("is mvn on the PATH?"), e);
    assertTrue(e.contains("no-such-program -B -q dependency:get"), e);
  }

  private String failure(MavenRepository maven) {
    return Refusal.of(IOException.class, () -> maven.fetch(MODEL, "", lines::add));
  }

  private Path script(String... commands) throws IOException {
    return Files.write(folder.resolve("maven.sh"), List.of(commands));
  }
}
