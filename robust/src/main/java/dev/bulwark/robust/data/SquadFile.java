package dev.bulwark.robust.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads questions of SQuAD 1.1 (Rajpurkar et al., EMNLP 2016): JSON, plain or gzipped. Every answer
 * must stand in its context where the file says.
 */
public final class SquadFile {
  /** Most bytes after unpacking; the training set has 30 MB. */
  private static final long MAX_BYTES = 256L << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxStringLength(1 << 22)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;
  private final Set<String> ids = new HashSet<>();
  private final List<SpanQuestion> questions = new ArrayList<>();

  private SquadFile(String file) {
    this.file = file;
  }

  /**
   * Reads all questions of a file.
   *
   * @param file a .json or .json.gz file
   * @return the questions in order, at least one
   * @throws DataException if the file is missing, damaged, too large, or not SQuAD 1.1
   * @throws IOException if reading fails
   */
  public static List<SpanQuestion> read(Path file) throws IOException {
    try (InputStream in = Inflate.open(file)) {
      return read(file.toString(), in);
    }
  }

  /**
   * Reads all questions of a stream.
   *
   * @param name what messages call it
   * @param in JSON, plain or gzipped
   * @return the questions in order, at least one
   * @throws DataException if the bytes are damaged, too many, or not SQuAD 1.1
   * @throws IOException if reading fails
   */
  public static List<SpanQuestion> read(String name, InputStream in) throws IOException {
    SquadFile reader = new SquadFile(name);
    try {
      reader.root(JSON.readTree(Inflate.inflated(name, in)));
    } catch (JacksonException e) {
      throw reader.unreadable(e);
    }
    if (reader.questions.isEmpty()) {
      throw new DataException(name + ": there is no question in it");
    }
    return reader.questions;
  }

  private DataException unreadable(JacksonException e) throws IOException {
    switch (e.getCause()) {
      case ZipException z ->
          throw new DataException(file + ": the compressed data are damaged; fetch it again", z);
      case EOFException x ->
          throw new DataException(file + ": the compressed data end too early; fetch it again", x);
      case IOException io -> throw io;
      case null, default -> {}
    }
    String why = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
    String line =
        e.getLocation() == null ? "" : ", line " + Math.max(1, e.getLocation().getLineNr());
    return new DataException(file + line + ": not readable as JSON: " + why, e);
  }

  private void root(JsonNode root) {
    JsonNode articles = list(root, "data", "the file");
    for (int a = 0; a < articles.size(); a++) {
      JsonNode paragraphs = list(articles.get(a), "paragraphs", "article " + a);
      for (int p = 0; p < paragraphs.size(); p++) {
        paragraph(paragraphs.get(p), "article " + a + ", paragraph " + p);
      }
    }
  }

  private void paragraph(JsonNode paragraph, String where) {
    String context = text(paragraph, "context", where);
    JsonNode asked = list(paragraph, "qas", where);
    for (JsonNode question : asked) {
      String id = text(question, "id", where);
      String here = where + ", question " + id;
      if (!ids.add(id)) {
        throw wrong(here, "its id is there twice");
      }
      List<SpanQuestion.Answer> answers = new ArrayList<>();
      for (JsonNode answer : list(question, "answers", here)) {
        answers.add(answer(answer, context, here));
      }
      if (answers.isEmpty()) {
        throw wrong(
            here, "it has no answer; questions without one, as in SQuAD 2.0, are not supported");
      }
      questions.add(new SpanQuestion(id, text(question, "question", here), context, answers));
    }
  }

  /** SQuAD counts code points, Java UTF-16 chars. */
  private SpanQuestion.Answer answer(JsonNode answer, String context, String where) {
    String text = text(answer, "text", where);
    JsonNode at = answer.path("answer_start");
    if (!at.isIntegralNumber() || !at.canConvertToInt() || at.intValue() < 0) {
      throw wrong(where, "\"answer_start\" is missing or not a whole number from 0");
    }
    int start =
        at.intValue() > context.codePointCount(0, context.length())
            ? -1
            : context.offsetByCodePoints(0, at.intValue());
    if (text.isEmpty() || start < 0 || !context.startsWith(text, start)) {
      throw wrong(
          where,
          "the answer \"%s\" does not stand at character %d of its context; mend answer_start"
              .formatted(text, at.intValue()));
    }
    return new SpanQuestion.Answer(text, start);
  }

  private JsonNode list(JsonNode node, String name, String where) {
    JsonNode list = node.path(name);
    if (!list.isArray()) {
      throw wrong(where, "there is no list \"" + name + "\", so this is not SQuAD 1.1");
    }
    return list;
  }

  private String text(JsonNode node, String name, String where) {
    JsonNode text = node.path(name);
    if (!text.isString()) {
      throw wrong(where, "there is no text \"" + name + "\", so this is not SQuAD 1.1");
    }
    return text.stringValue();
  }

  private DataException wrong(String where, String what) {
    return new DataException(file + ", " + where + ": " + what);
  }
}
