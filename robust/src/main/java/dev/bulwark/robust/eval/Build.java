package dev.bulwark.robust.eval;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which build of Bulwark is running. Never fails: what cannot be known is left out. */
final class Build {
  private static final String POM = "/META-INF/maven/dev.bulwark/bulwark-robust/pom.properties";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private Build() {}

  /** The version that Maven recorded in the jar, or "development". */
  static String version() {
    try (InputStream in = Build.class.getResourceAsStream(POM)) {
      if (in != null) {
        Properties properties = new Properties();
        properties.load(in);
        return properties.getProperty("version", "development");
      }
    } catch (IOException e) {
      return "development";
    }
    return "development";
  }

  /** The commit of the checkout that holds the running classes, or null. */
  static @Nullable String commit() {
    try {
      CodeSource source = Build.class.getProtectionDomain().getCodeSource();
      if (source == null || source.getLocation() == null) {
        return null;
      }
      for (Path folder = Path.of(source.getLocation().toURI());
          folder != null;
          folder = folder.getParent()) {
        if (Files.exists(folder.resolve(".git"))) {
          return isOurs(folder) ? head(folder.resolve(".git")).orElse(null) : null;
        }
      }
      return null;
    } catch (IOException | URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }

  /** A jar may lie in somebody else's checkout: theirs is not our commit. */
  private static boolean isOurs(Path root) throws IOException {
    Path pom = root.resolve("pom.xml");
    return Files.exists(pom) && Files.readString(pom).contains("<artifactId>bulwark</artifactId>");
  }

  /** Follows HEAD through loose and packed references; a worktree's .git is a file. */
  static Optional<String> head(Path git) throws IOException {
    Path folder = git;
    if (Files.isRegularFile(git)) {
      String link = Files.readString(git).strip();
      if (!link.startsWith("gitdir: ")) {
        return Optional.empty();
      }
      folder = git.resolveSibling(link.substring("gitdir: ".length()));
    }
    String head = Files.readString(folder.resolve("HEAD")).strip();
    if (!head.startsWith("ref: ")) {
      return Optional.of(head).filter(COMMIT.asMatchPredicate());
    }
    String reference = head.substring("ref: ".length());
    Path shared = folder;
    if (Files.exists(folder.resolve("commondir"))) {
      shared = folder.resolve(Files.readString(folder.resolve("commondir")).strip());
    }
    Path loose = shared.resolve(reference);
    if (Files.exists(loose)) {
      return Optional.of(Files.readString(loose).strip()).filter(COMMIT.asMatchPredicate());
    }
    Path packed = shared.resolve("packed-refs");
    if (!Files.exists(packed)) {
      return Optional.empty();
    }
    return Files.readAllLines(packed).stream()
        .filter(line -> line.endsWith(" " + reference))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .filter(COMMIT.asMatchPredicate())
        .findFirst();
  }
}
