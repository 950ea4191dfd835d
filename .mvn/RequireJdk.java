import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Leaves a marker file when the JDK that would compile and test is not 25.0.3 or later. */
final class RequireJdk {
  private RequireJdk() {}

  public static void main(String[] args) throws IOException {
    Path marker = Path.of(args[0]);
    Runtime.Version found = Runtime.version();
    if (found.feature() == 25 && (found.interim() > 0 || found.update() >= 3)) {
      Files.deleteIfExists(marker);
    } else {
      Files.createDirectories(marker.getParent());
      Files.writeString(marker, found + "\n");
    }
  }
}
