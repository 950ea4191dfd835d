package dev.bulwark.bench.peers;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which real sentences are trained on. */
final class SentenceOptions {
  @Option(
      names = "--sst2",
      paramLabel = "FILE",
      description =
          "sentences of the epoch: a heading, then lines 'label TAB sentence' (default:"
              + " ../shared/data/sst2/train-sentences.tsv beside the project, if it is there)")
  @Nullable Path sst2;

  @Option(
      names = "--epoch-sentences",
      paramLabel = "N",
      description =
          "how many of the sentences the epoch has, 0 for all (default: 1024, which is 32 steps)")
  int count = 1024;

  Epoch epoch() {
    if (count < 0) {
      throw new IllegalArgumentException("--epoch-sentences must be 0 or more, not " + count);
    }
    return new Epoch(sst2 == null ? usual() : sst2, count);
  }

  private static Path usual() {
    return PeersOptions.home().resolve("../shared/data/sst2/train-sentences.tsv").normalize();
  }
}
