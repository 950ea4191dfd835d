package dev.bulwark.bench.peers;

import dev.bulwark.bench.peers.Row.Goal;
import dev.bulwark.bench.peers.Row.Measure;
import dev.bulwark.bench.peers.Row.Peer;
import dev.bulwark.bench.peers.Row.Turn;
import dev.bulwark.bench.peers.Row.Work;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The row of an epoch on real sentences: where they are and how many are used.
 *
 * @param file SST-2 as "label TAB sentence" lines after a heading; it need not exist
 * @param sentences how many of its first sentences, 0 for all
 */
record Epoch(Path file, int sentences) {
  static final String MODEL = "all-minilm-l6-v2";
  private static final int BATCH = 32;

  Row row(List<Peer> peers) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("sst2", file.toAbsolutePath().toString());
    arguments.put("sentences", sentences);
    int count = sentences == 0 ? 6920 : sentences;
    Map<String, Object> trial = Map.of("sentences", Math.min(count, 8 * BATCH));
    String id = "epoch/minilm/" + BATCH;
    Turn turn = new Turn(0, 0, 1, 0.45 * count / BATCH);
    Goal goal = new Goal(1.5, 2.5);
    return new Row(id, id, Measure.TIME, peers, goal, Work.NONE, turn, arguments, trial);
  }

  /** Writes the tokenizer of our model for the peer to read. */
  static Path exportTokenizer(Path folder) throws IOException {
    try (Checkpoint checkpoint = Models.open(MODEL)) {
      checkpoint.tokenizer().save(folder);
    }
    return folder.resolve("tokenizer.json");
  }

  /** Why the row cannot be measured; empty if it can. */
  String obstacle() {
    return Files.isReadable(file) ? "" : "no sentences: " + file + " is missing; see --sst2";
  }
}
