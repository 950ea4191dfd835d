package dev.bulwark.nn.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Bodies of text against digests of Hugging Face's ids, type ids, offsets and word ids. */
class HuggingFaceParityTest {
  @ParameterizedTest
  @CsvSource({
    "sst2/dev.tsv, 872, 128",
    "sst2/train-sentences.tsv, 2000, 128",
    "snli/textfooler-test.jsonl, 660, 128",
    "snli_cad/revised-dev.jsonl, 800, 128",
    "snli_cad/revised-test.jsonl, 1506, 24",
    "dbpedia/dbpedia14-subset.jsonl.gz, 3000, 128",
    "ag_news/test.jsonl.gz, 2000, 64"
  })
  void realSentencesGiveTheSameEncodings(String file, int rows, int maxLength) throws IOException {
    var data = HuggingFace.shared("data");
    assumeTrue(data.isPresent(), "needs shared/data, which is too large to commit");
    Tokenizer tokenizer = HuggingFace.miniLm();
    HuggingFace.Digest digest = new HuggingFace.Digest();
    int done = 0;
    try (BufferedReader in = open(data.orElseThrow().resolve(file))) {
      boolean table = file.endsWith(".tsv");
      if (table) {
        in.readLine();
      }
      for (; done < rows; done++) {
        String line = Objects.requireNonNull(in.readLine(), file);
        String text;
        String pair = null;
        if (table) {
          text = line.split("\t", -1)[1];
        } else {
          JsonNode row = StrictJson.object(line, file);
          boolean isPair = row.has("premise");
          text = row.get(isPair ? "premise" : "text").stringValue();
          pair = isPair ? row.get("hypothesis").stringValue() : null;
        }
        add(digest, tokenizer, text, pair, EncodeOptions.of(maxLength));
      }
    }
    assertEquals(rows, done);
    HuggingFace.assertDigest("%s %d %d".formatted(file, rows, maxLength), digest);
  }

  @ParameterizedTest
  @CsvSource({
    "uncased, 50000",
    "cased, 10000",
    "strip-only, 10000",
    "lower-only, 10000",
    "unclean, 10000",
    "no-chinese, 10000"
  })
  void randomUnicodeGivesTheSameEncodings(String variant, int count) {
    WordPieceOptions options = Objects.requireNonNull(HuggingFace.VARIANTS.get(variant));
    Tokenizer tokenizer = Tokenizers.fromVocab(HuggingFace.miniLm().vocabulary(), options);
    RandomTexts texts = new RandomTexts(20260101);
    HuggingFace.Digest digest = new HuggingFace.Digest();
    for (int i = 0; i < count; i++) {
      String text = texts.text();
      String pair = texts.next(4) == 0 ? texts.text() : null;
      add(digest, tokenizer, text, pair, EncodeOptions.unlimited());
    }
    HuggingFace.assertDigest("random %s %d".formatted(variant, count), digest);
  }

  private static void add(
      HuggingFace.Digest digest,
      Tokenizer tokenizer,
      String text,
      @Nullable String pair,
      EncodeOptions options) {
    digest.encoding(tokenizer.encode(text, pair, options), text, pair);
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return new BufferedReader(
        new InputStreamReader(
            file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
            StandardCharsets.UTF_8));
  }
}
