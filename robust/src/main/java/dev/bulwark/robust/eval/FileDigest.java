package dev.bulwark.robust.eval;

import dev.bulwark.robust.data.Corpus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which file it was, beyond doubt.
 *
 * @param role what it was used for, for example "training data"
 * @param name its path or name
 * @param bytes its size
 * @param sha256 its SHA-256 digest, 64 hexadecimal digits
 */
public record FileDigest(String role, String name, long bytes, String sha256) {
  /**
   * Reads a file on disk.
   *
   * @param role what it is used for
   * @param file the file
   * @return its digest
   * @throws IOException if reading fails
   */
  public static FileDigest of(String role, Path file) throws IOException {
    return of(role, file.toString(), () -> Files.newInputStream(file));
  }

  /**
   * Reads bytes from anywhere.
   *
   * @param role what they are used for
   * @param name what to call them
   * @param source gives them
   * @return their digest
   * @throws IOException if reading fails
   */
  public static FileDigest of(String role, String name, Corpus.Source source) throws IOException {
    MessageDigest digest = newSha256();
    long bytes = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = source.open()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        bytes += n;
      }
    }
    return new FileDigest(role, name, bytes, HexFormat.of().formatHex(digest.digest()));
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
