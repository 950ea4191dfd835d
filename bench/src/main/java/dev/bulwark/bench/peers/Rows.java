package dev.bulwark.bench.peers;

import dev.bulwark.bench.peers.Row.Goal;
import dev.bulwark.bench.peers.Row.Measure;
import dev.bulwark.bench.peers.Row.Peer;
import dev.bulwark.bench.peers.Row.Turn;
import dev.bulwark.bench.peers.Row.Work;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is compared. Shapes are those of BERT-base and MiniLM on 16 sequences of 128 tokens. */
final class Rows {
  private static final List<Peer> TORCH_OUT = torch("out");
  private static final List<Peer> TORCH_OUT_OR_PLAIN = torch("out", "plain");
  private static final List<Peer> TORCH_ATTENTION = torch("sdpa", "eager");
  private static final List<Peer> INFERENCE = torch("sdpa", "onnxruntime");

  private static final String[] GEMM_SHAPES = { // tokens x outputs x inputs
    "2048x768x768", "2048x3072x768", "2048x768x3072",
    "2048x384x384", "2048x1536x384", "2048x384x1536"
  };
  private static final String[] GEMM_KINDS = {"forward", "input-gradient", "weight-gradient"};

  /** Tokens of the first 16 training sentences of SST-2 with [CLS] and [SEP]: a usual batch. */
  static final List<Integer> REAL_LENGTHS =
      List.of(21, 18, 48, 23, 30, 24, 22, 21, 29, 8, 25, 25, 36, 20, 19, 22);

  private Rows() {}

  /** All rows with a target, in the order of the report. */
  static List<Row> all(Epoch epoch) {
    List<Row> rows = new ArrayList<>();
    for (String kind : GEMM_KINDS) {
      for (String shape : GEMM_SHAPES) {
        rows.add(small("gemm/" + kind + "/" + shape, TORCH_OUT, 0.9, 1.0, gemmWork(shape)));
      }
    }
    rows.add(rowOp("softmax/forward/24576x128", 8));
    rows.add(rowOp("softmax/backward/24576x128", 12));
    rows.add(rowOp("layer-norm/forward/2048x768", 8));
    rows.add(rowOp("layer-norm/backward/2048x768", 12));
    rows.add(rowOp("gelu/forward/2048x3072", 8));
    rows.add(rowOp("gelu/backward/2048x3072", 12));
    rows.add(small("adamw/step/7087872", torch("fused"), 1.0, 1.3, Work.bytes(28.0 * 7_087_872)));
    rows.add(attention("16x12x128x64"));
    rows.add(attention("4x12x512x64"));
    rows.add(
        row(
            "step/bert-base/16x128",
            TORCH_ATTENTION,
            new Goal(1.0, 1.2),
            modelWork(3, 768, 12, 3072),
            Turn.once(8),
            Map.of()));
    rows.add(
        row(
            "step/minilm/16x128",
            TORCH_ATTENTION,
            new Goal(1.0, 1.2),
            modelWork(3, 384, 6, 1536),
            new Turn(0, 0, 3, 1),
            Map.of()));
    rows.add(epoch.row(torch("dynamic", "fixed")));
    rows.add(
        inference(
            "inference/bert-base/16x128", modelWork(1, 768, 12, 3072), new Turn(0, 0, 3, 2.5)));
    rows.add(inference("inference/minilm/16x128", modelWork(1, 384, 6, 1536), Turn.MODEL));
    rows.add(padded("inference/bert-base/16x48", Turn.MODEL));
    rows.add(padded("inference/minilm/16x48", Turn.MODEL));
    rows.add(
        new Row(
            "memory/bert-base/16x128",
            "step/bert-base/16x128",
            Measure.MEMORY,
            torch("sdpa"),
            new Goal(1.0, 1 / 0.7),
            Work.NONE,
            Turn.once(20),
            Map.of(),
            Map.of()));
    return rows;
  }

  /** Products of Java libraries, without a target. */
  static List<Row> javaPeers() {
    List<Row> rows = new ArrayList<>();
    for (String library : JavaPeers.LIBRARIES) {
      for (String kind : GEMM_KINDS) {
        for (String shape : GEMM_SHAPES) {
          String job = "gemm/" + kind + "/" + shape;
          rows.add(
              new Row(
                  "java-peers/" + library + "/" + job,
                  job,
                  Measure.TIME,
                  List.of(new Peer(library, "")),
                  null,
                  gemmWork(shape),
                  Turn.SHORT,
                  Map.of(),
                  Map.of()));
        }
      }
    }
    return rows;
  }

  /**
   * Rows whose name fits a pattern: {@code *} stands for anything, {@code ?} for one character,
   * {@code {a,b}} for either. Several patterns are separated by blanks.
   */
  static List<Row> matching(List<Row> rows, String patterns) {
    List<PathMatcher> matchers =
        Arrays.stream(patterns.trim().split("\\s+"))
            .map(p -> FileSystems.getDefault().getPathMatcher("glob:" + flat(p)))
            .toList();
    return rows.stream()
        .filter(r -> matchers.stream().anyMatch(m -> m.matches(Path.of(flat(r.id())))))
        .toList();
  }

  private static String flat(String name) {
    return name.replace('/', ':'); // so that a star crosses the parts of a name
  }

  private static List<Peer> torch(String... variants) {
    return Arrays.stream(variants).map(v -> new Peer("torch", v)).toList();
  }

  private static Row small(String id, List<Peer> peers, double target, double aim, Work work) {
    return row(id, peers, new Goal(target, aim), work, Turn.SHORT, Map.of());
  }

  private static Row rowOp(String id, int bytesAnElement) {
    int[] sizes = sizes(id.substring(id.lastIndexOf('/') + 1));
    Work work = Work.bytes((double) bytesAnElement * sizes[0] * sizes[1]);
    return small(id, TORCH_OUT_OR_PLAIN, 1.0, 1.3, work);
  }

  /** Two products forward and four backward; keys beyond 3/4 to all of a sequence are masked. */
  private static Row attention(String shape) {
    int[] s = sizes(shape);
    List<Integer> lengths = new ArrayList<>();
    for (int b = 0; b < s[0]; b++) {
      lengths.add(s[2] - b * s[2] / (4 * s[0]));
    }
    return row(
        "attention/forward+backward/" + shape,
        TORCH_ATTENTION,
        new Goal(1.2, 2.0),
        Work.flops(12.0 * s[0] * s[1] * s[2] * s[2] * s[3]),
        new Turn(0.5, 5, 3, 0.7),
        Map.of("lengths", lengths));
  }

  private static Row inference(String id, Work work, Turn turn) {
    return row(id, INFERENCE, new Goal(1.0, 1.2), work, turn, Map.of());
  }

  private static Row padded(String id, Turn turn) {
    return row(id, INFERENCE, new Goal(1.0, 1.2), Work.NONE, turn, Map.of("lengths", REAL_LENGTHS));
  }

  private static Row row(
      String id,
      List<Peer> peers,
      @Nullable Goal goal,
      Work work,
      Turn turn,
      Map<String, Object> arguments) {
    return new Row(id, id, Measure.TIME, peers, goal, work, turn, arguments, Map.of());
  }

  private static Work gemmWork(String shape) {
    int[] s = sizes(shape);
    return Work.flops(2.0 * s[0] * s[1] * s[2]);
  }

  /** Products of an encoder on 16 x 128 tokens; a backward pass counts twice. */
  private static Work modelWork(int passes, double hidden, int layers, double inner) {
    double token = layers * (8 * hidden * hidden + 4 * hidden * inner + 4 * 128 * hidden);
    return Work.flops(passes * 2048 * token);
  }

  private static int[] sizes(String shape) {
    return Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
  }
}
