package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.Tiny;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be used is named in one line, with the fix, and exit code 2. */
class BadInputTest {
  @TempDir Path temp;
  private Path encoder = Path.of("");
  private Path train = Path.of("");

  @BeforeEach
  void files() {
    encoder = Tiny.encoder(temp.resolve("encoder"));
    train = Tiny.tsv(temp.resolve("train.tsv"), 20, 1);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(temp.resolve(name), text);
  }

  private Cli train(String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--quiet", "--out=" + temp.resolve("out")));
    args.addAll(List.of(more));
    for (String needed : List.of("--model=" + encoder, "--train=" + train, "--epochs=1")) {
      String name = needed.substring(0, needed.indexOf('=') + 1);
      if (args.stream().noneMatch(a -> a.startsWith(name))) {
        args.add(needed);
      }
    }
    return Cli.run(args.toArray(String[]::new));
  }

  private static void assertRefused(Cli run, String... parts) {
    assertEquals(2, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("bulwark: "), run.err());
    assertFalse(run.err().contains("defect"), run.err());
    for (String part : parts) {
      assertTrue(run.err().contains(part), "'" + part + "' in: " + run.err());
    }
    assertEquals("", run.out());
  }

  private void assertTrainRefuses(Cli run, String... parts) {
    assertRefused(run, parts);
    assertFalse(Files.exists(temp.resolve("out")), "nothing is left behind");
  }

  // ---- data

  @Test
  void anUnknownColumn() {
    assertTrainRefuses(
        train("--text-column=sentense", "--label-column=label"),
        "train.tsv",
        "sentense",
        "sentence");
    assertTrainRefuses(train("--label-column=label"), "--text-column");
  }

  @Test
  void aLabelOutsideTheSet() throws IOException {
    Path dev = file("dev.tsv", "sentence\tlabel\nthe film\tgood\nthe story\tgoood\n");
    assertTrainRefuses(train("--dev=" + dev), "dev.tsv", "3", "goood", "bad, good");
  }

  @Test
  void onlyOneClass() throws IOException {
    Path one = file("one.tsv", "sentence\tlabel\nthe film\tgood\nthe story\tgood\n");
    assertTrainRefuses(train("--train=" + one), "one.tsv", "2 classes");
  }

  @Test
  void anEmptyFile() throws IOException {
    assertTrainRefuses(train("--train=" + file("empty.tsv", "")), "empty.tsv", "empty");
    assertTrainRefuses(
        train("--train=" + file("header.tsv", "sentence\tlabel\n")), "header.tsv", "no rows");
  }

  @Test
  void bytesThatAreNoUtf8() throws IOException {
    Path latin =
        Files.write(
            temp.resolve("latin.tsv"),
            "sentence\tlabel\nthe film\tgood\ncaf\u00e9\tbad\n"
                .getBytes(StandardCharsets.ISO_8859_1));
    assertTrainRefuses(train("--train=" + latin), "latin.tsv", "3", "UTF-8");
  }

  @Test
  void filesThatAreNotThere() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("folder.tsv"));
    assertTrainRefuses(train("--train=" + temp.resolve("none.tsv")), "none.tsv", "no such file");
    assertTrainRefuses(train("--train=" + folder), "folder.tsv", "a folder, not a file");
    assertTrainRefuses(train("--model=" + temp.resolve("none")), "none", "there is no model");
    assertTrainRefuses(train("--model=no\0name"), "there is no model");
    assertTrainRefuses(train("--model=all-minilm"), "did you mean all-minilm-l6-v2");
    assertTrainRefuses(train("--model=" + temp), "config.json");
  }

  // ---- weights

  private void weights(byte[] bytes) throws IOException {
    Files.write(encoder.resolve("model.safetensors"), bytes);
  }

  private byte[] weights() throws IOException {
    return Files.readAllBytes(encoder.resolve("model.safetensors"));
  }

  private void header(String json, int data) throws IOException {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
    weights(all.putLong(text.length).put(text).array());
  }

  @Test
  void damagedSafetensors() throws IOException {
    byte[] whole = weights();
    weights(Arrays.copyOf(whole, whole.length - 100));
    assertTrainRefuses(train(), "model.safetensors", "fetch or write it again");
    weights(Arrays.copyOf(whole, 5));
    assertTrainRefuses(train(), "model.safetensors");
    weights(new byte[0]);
    assertTrainRefuses(train(), "model.safetensors");
    byte[] oversized = whole.clone();
    Arrays.fill(oversized, 0, 7, (byte) 0xFF);
    weights(oversized);
    assertTrainRefuses(train(), "model.safetensors");
  }

  @Test
  void overlappingAndOversizedTensors() throws IOException {
    header(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        12);
    assertTrainRefuses(train(), "model.safetensors", "overlap");
    header("{\"a\":{\"dtype\":\"F32\",\"shape\":[2000000000],\"data_offsets\":[0,8000000000]}}", 8);
    assertTrainRefuses(train(), "model.safetensors");
  }

  @Test
  void aMissingTensor() throws IOException {
    String text = new String(weights(), StandardCharsets.ISO_8859_1);
    String name = "encoder.layer.1.attention.self.key.bias";
    assertTrue(text.contains(name));
    weights(text.replace(name, name.replace("key", "kex")).getBytes(StandardCharsets.ISO_8859_1));
    assertTrainRefuses(train(), name, "encoder");
  }

  // ---- configuration

  private void config(String from, String to) throws IOException {
    Path file = encoder.resolve("config.json");
    String text = Files.readString(file);
    assertTrue(text.contains(from), text);
    Files.writeString(file, text.replace(from, to));
  }

  @Test
  void aConfigThatContradictsItself() throws IOException {
    config("\"num_attention_heads\" : 2", "\"num_attention_heads\" : 5");
    assertTrainRefuses(train(), "config.json", "hidden_size 32", "num_attention_heads 5");
  }

  @Test
  void aConfigThatContradictsTheWeights() throws IOException {
    config("\"intermediate_size\" : 64", "\"intermediate_size\" : 128");
    assertTrainRefuses(train(), "intermediate", "64", "128");
  }

  @Test
  void aConfigThatIsNoJson() throws IOException {
    config("\"hidden_size\"", "\"hidden_size\" oops");
    assertTrainRefuses(train(), "config.json");
  }

  @Test
  void aVocabularyThatDoesNotFit() throws IOException {
    config("\"vocab_size\" : 28", "\"vocab_size\" : 20");
    assertTrainRefuses(train(), "20");
  }

  @Test
  void anotherFamily() throws IOException {
    config("\"model_type\" : \"bert\"", "\"model_type\" : \"gpt2\"");
    assertTrainRefuses(train(), "gpt2", "bert");
  }

  // ---- settings

  @Test
  void numbersThatMakeNoSense() {
    assertTrainRefuses(train("--epochs=0"), "epochs is 0", "at least 1");
    assertTrainRefuses(train("--batch-size=-1"), "batch-size is -1");
    assertTrainRefuses(train("--lr=-1"), "lr is -1.0", "positive");
    assertTrainRefuses(train("--lr=NaN"), "lr is NaN");
    assertTrainRefuses(train("--max-length=2"), "max-length is 2");
    assertTrainRefuses(train("--threads=-2"), "--threads is -2");
    assertTrainRefuses(train("--method=freelp"), "freelp", "freelb");
    assertTrainRefuses(train("--method=freelb", "--set=adv-lr=-1"), "adv-lr", "negative");
  }

  // ---- output

  @Test
  void anOutputFolderWithOtherThings() throws IOException {
    Path out = Files.createDirectories(temp.resolve("out"));
    Path keep = Files.writeString(out.resolve("thesis.txt"), "years of work");
    assertRefused(train(), "out", "choose another --out");
    assertRefused(train("--resume"), "out", "choose another --out");
    assertEquals("years of work", Files.readString(keep));
  }

  @Test
  void anOutputFolderThatIsAFile() throws IOException {
    Files.writeString(temp.resolve("out"), "a file");
    assertRefused(train(), "out", "choose another --out");
    assertEquals("a file", Files.readString(temp.resolve("out")));
  }

  @Test
  void aRunThatIsThereAlready() throws IOException {
    assertEquals(0, train().code());
    var before = Tiny.contents(temp.resolve("out"));
    assertRefused(train(), "holds a run", "--resume");
    assertRefused(
        train("--resume", "--lr=1e-3"), "other settings", "learning_rate=5.0E-5 then, 0.001 now");
    assertRefused(train("--resume", "--method=fgm"), "method=standard then, fgm now");
    Files.writeString(train, Files.readString(train) + "the film was great\tgood\n");
    assertRefused(train("--resume"), "other settings", "train=", "sha256");
    assertEquals(before, Tiny.contents(temp.resolve("out")));
    Files.writeString(temp.resolve("out/run.json"), "{\"model\": ");
    assertRefused(train("--resume"), "run.json", "damaged");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "infobert+freelb|infobert and freelb cannot be combined: both say how a batch becomes",
        "rift+pgd|cannot be combined",
        "rift+smart|it has passes of its own that take no further terms",
        "rsmi+safer|both say how the trained model predicts",
        "mvp+clsprompt|both choose the model",
        "mvp|has no masked-language-model head",
        "freelb+freelb|is named twice",
        "freelb+none|no method named 'none'",
      })
  void methodsThatDoNotGoTogetherAreRefusedWithTheReasonAndLeaveNothing(
      String methods, String reason) {
    assertRefused(train("--method=" + methods), reason);
    assertFalse(Files.exists(temp.resolve("out")));
  }

  // ---- other commands

  @Test
  void aModelWithoutAClassifier() {
    assertRefused(
        Cli.run("predict", "--model=" + encoder, "--input=" + train), "classifier", "train");
    assertRefused(Cli.run("eval", "--model=" + encoder, "--data=" + train), "classifier");
  }

  @Test
  void aStackTraceIsShownToWhoAsks() {
    Cli run = train("--stacktrace", "--epochs=0");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("\tat dev.bulwark"), run.err());
  }
}
