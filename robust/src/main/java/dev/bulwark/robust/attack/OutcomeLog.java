package dev.bulwark.robust.attack;

import dev.bulwark.robust.data.Example;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The finished examples of a run, one JSON line each behind a line that says which run it is.
 *
 * <p>Lines are only ever added, each in one write. A run that was killed leaves at worst a torn
 * last line, which has no line end: opening the log cuts it off, and the example is attacked again.
 */
final class OutcomeLog implements Closeable {
  /** What a run's results depend on; a log of another run is not continued. */
  record Header(
      int version,
      String attack,
      String settings,
      String provenance,
      long seed,
      int maxQueries,
      int examples,
      String digest) {}

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private final Path file;
  private final FileChannel channel;
  private final Map<Integer, Outcome> finished;

  private OutcomeLog(Path file, FileChannel channel, Map<Integer, Outcome> finished) {
    this.file = file;
    this.channel = channel;
    this.finished = finished;
  }

  static Header header(
      String attack, AttackRecipe recipe, AttackSettings settings, List<Example> examples) {
    return new Header(
        1,
        attack,
        recipe.toString(),
        settings.provenance(),
        settings.seed(),
        settings.budget().maxQueries(),
        examples.size(),
        digest(examples));
  }

  /** SHA-256 over all fields, each with its length in front so that no two lists look alike. */
  private static String digest(List<Example> examples) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Example e : examples) {
        for (String field : List.of(e.text(), e.pair() == null ? "" : e.pair())) {
          byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
          sha.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
          sha.update(bytes);
        }
        sha.update(
            ByteBuffer.allocate(5).putInt(0, e.label()).put(4, (byte) (e.pair() == null ? 0 : 1)));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Opens a new log, or one to be continued. */
  static OutcomeLog open(Path file, Header header) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Map<Integer, Outcome> finished = new TreeMap<>();
    long valid = Files.exists(file) ? read(file, header, finished) : 0;
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    OutcomeLog log = new OutcomeLog(file, channel, finished);
    try {
      channel.truncate(valid).position(valid);
      if (valid == 0) {
        log.writeLine(header);
      }
      return log;
    } catch (IOException e) {
      log.close();
      throw e;
    }
  }

  /** Outcomes of the interrupted run, by example. */
  Map<Integer, Outcome> finished() {
    return Collections.unmodifiableMap(finished);
  }

  void append(Outcome outcome) throws IOException {
    writeLine(outcome);
  }

  private void writeLine(Object value) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap((JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException(file + ": cannot write the attack log: " + e.getMessage(), e);
    }
  }

  /** Reads all whole lines and returns where they end. */
  private static long read(Path file, Header header, Map<Integer, Outcome> finished)
      throws IOException {
    long valid = 0;
    int number = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b; (b = in.read()) >= 0; ) {
        if (b != '\n') {
          line.write(b);
          continue;
        }
        number++;
        parse(file, number, line.toString(StandardCharsets.UTF_8), header, finished);
        valid += line.size() + 1;
        line.reset();
      }
    }
    return valid;
  }

  private static void parse(
      Path file, int number, String line, Header header, Map<Integer, Outcome> finished) {
    try {
      if (number == 1) {
        Header found = JSON.readValue(line, Header.class);
        if (!found.equals(header)) {
          throw new IllegalArgumentException(
              "%s is the log of another run; choose another file or delete it%n  found   %s%n  this is %s"
                  .formatted(file, found, header));
        }
        return;
      }
      Outcome outcome = JSON.readValue(line, Outcome.class);
      if (outcome.index() < 0 || outcome.index() >= header.examples()) {
        throw new IllegalArgumentException(
            "%s: line %d: no example %d in this run".formatted(file, number, outcome.index()));
      }
      if (finished.put(outcome.index(), outcome) != null) {
        throw new IllegalArgumentException(
            "%s: line %d: example %d is there twice".formatted(file, number, outcome.index()));
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "%s: line %d is not a line of an attack log (%s); choose another file or delete it"
              .formatted(file, number, e.getOriginalMessage()),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
