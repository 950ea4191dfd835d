package dev.bulwark.robust.lexicon;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A table of each word's nearest neighbours.
 *
 * <p>The bundled one is that of Jia et al. (EMNLP 2019): at most 8 neighbours in the counter-fitted
 * space of Mrksic et al. (NAACL 2016) for the 49,975 words of IMDB and SNLI, the very substitutions
 * that certified training and RIFT report on. It has no cosines.
 */
public final class NeighborTable implements WordSubstitutions {
  private static final String BUNDLED = "counterfitted_neighbors.json.gz";

  private final Map<String, List<Substitute>> neighbors;

  private NeighborTable(Map<String, List<Substitute>> neighbors) {
    this.neighbors = neighbors;
  }

  /**
   * The table on the class path, read once.
   *
   * @return the bundled table
   */
  public static NeighborTable bundled() {
    return Bundled.TABLE;
  }

  /**
   * Reads a table: one JSON object from word to array of words, nearest first, plain or gzipped.
   *
   * @param file a {@code .json} or {@code .json.gz} file
   * @return the table
   * @throws IOException when the file cannot be read
   * @throws IllegalArgumentException when it holds something else
   */
  public static NeighborTable read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    }
  }

  private static NeighborTable read(InputStream raw, String name) throws IOException {
    InputStream in = new BufferedInputStream(raw, 1 << 16);
    in.mark(2);
    boolean zipped = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    try (JsonParser json =
        new JsonFactory()
            .createParser(ObjectReadContext.empty(), zipped ? new GZIPInputStream(in) : in)) {
      return new NeighborTable(parse(json, name));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(name + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Map<String, List<Substitute>> parse(JsonParser json, String name) {
    expect(json, json.nextToken(), JsonToken.START_OBJECT, name);
    Map<String, List<Substitute>> table = new HashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      expect(json, json.currentToken(), JsonToken.PROPERTY_NAME, name);
      String word = json.currentName();
      expect(json, json.nextToken(), JsonToken.START_ARRAY, name);
      List<Substitute> list = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(json, json.currentToken(), JsonToken.VALUE_STRING, name);
        list.add(new Substitute(json.getString()));
      }
      if (table.put(word, List.copyOf(list)) != null) {
        throw new IllegalArgumentException(name + ": the word '" + word + "' is there twice");
      }
    }
    if (json.nextToken() != null) {
      throw new IllegalArgumentException(name + ": text after the end of the JSON object");
    }
    return table;
  }

  private static void expect(JsonParser at, JsonToken found, JsonToken wanted, String name) {
    if (found != wanted) {
      throw new IllegalArgumentException(
          "%s: line %d: found %s, expected %s; a neighbour table is one object {\"word\": [\"neighbour\", ...]}"
              .formatted(name, at.currentTokenLocation().getLineNr(), found, wanted));
    }
  }

  /** {@return the number of words, those without neighbours included} */
  public int size() {
    return neighbors.size();
  }

  @Override
  public List<Substitute> of(String word) {
    return neighbors.getOrDefault(word.toLowerCase(Locale.ROOT), List.of());
  }

  private static final class Bundled {
    static final NeighborTable TABLE = load();

    private static NeighborTable load() {
      try (InputStream in = NeighborTable.class.getResourceAsStream(BUNDLED)) {
        if (in == null) {
          throw new IllegalStateException(BUNDLED + " is missing from the class path");
        }
        return read(in, BUNDLED);
      } catch (IOException e) {
        throw new IllegalStateException(BUNDLED + " cannot be read from the class path", e);
      }
    }
  }
}
