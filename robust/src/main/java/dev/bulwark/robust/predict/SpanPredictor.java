package dev.bulwark.robust.predict;

import dev.bulwark.autograd.NoGrad;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.SpanBatcher;
import dev.bulwark.robust.data.SpanEncoder;
import dev.bulwark.robust.data.SpanFeature;
import dev.bulwark.robust.data.SpanQuestion;
import dev.bulwark.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Answers questions: scores every span of every window by its two logits and takes the best (Devlin
 * et al., NAACL 2019, section 4.2). Their code compares only the 20 best starts and ends of a
 * window; here all are compared. An answer does not depend on the batch it was computed in.
 */
public final class SpanPredictor {
  private static final int TOKENS_PER_BATCH = 2048;
  private static final int CHUNK = 64; // questions whose logits are held at a time

  private final ClassifierModel model;
  private final SpanEncoder encoder;
  private final int best;
  private final int maxAnswer;

  /**
   * A predictor.
   *
   * @param classifier a span model
   * @param encoder makes its windows
   * @param best answers kept for each question, at least 1
   * @param maxAnswer longest answer in tokens, at least 1
   * @throws IllegalArgumentException if a number is below 1
   */
  public SpanPredictor(Classifier classifier, SpanEncoder encoder, int best, int maxAnswer) {
    if (best < 1 || maxAnswer < 1) {
      throw new IllegalArgumentException(
          "n-best and max-answer-length must be at least 1; they are %d and %d"
              .formatted(best, maxAnswer));
    }
    this.model = classifier.model();
    this.encoder = encoder;
    this.best = best;
    this.maxAnswer = maxAnswer;
  }

  /**
   * What was found out about questions.
   *
   * @param answers of each question, the best first, at least one and no two of the same words
   * @param loss mean cross-entropy of the windows' first answers, in nats
   */
  public record Answers(List<List<SpanAnswer>> answers, double loss) {
    /** The best answer of each question. */
    public List<String> texts() {
      return answers.stream().map(a -> a.getFirst().text()).toList();
    }
  }

  /**
   * Answers questions.
   *
   * @param questions at least one
   * @param progress told how many are done
   * @return answers in order
   */
  public Answers answer(List<SpanQuestion> questions, IntConsumer progress) {
    List<List<SpanAnswer>> answers = new ArrayList<>();
    double loss = 0;
    int windows = 0;
    for (int from = 0; from < questions.size(); from += CHUNK) {
      List<SpanQuestion> chunk = questions.subList(from, Math.min(questions.size(), from + CHUNK));
      List<SpanFeature> features = encoder.features(chunk);
      double[] losses = new double[features.size()];
      float[][] logits = logits(features, losses);
      List<List<SpanAnswer>> found = new ArrayList<>();
      chunk.forEach(q -> found.add(new ArrayList<>()));
      for (int f = 0; f < logits.length; f++) {
        int question = features.get(f).question();
        found.get(question).addAll(spans(features.get(f), logits[f], chunk.get(question)));
      }
      found.forEach(all -> answers.add(bestOf(all)));
      loss += Arrays.stream(losses).sum();
      windows += losses.length;
      progress.accept(answers.size());
    }
    return new Answers(answers, loss / windows);
  }

  /** Start logits, then end logits, of each window; the losses go to the second argument. */
  private float[][] logits(List<SpanFeature> features, double[] losses) {
    float[][] all = new float[features.size()][];
    int[] lengths = features.stream().mapToInt(f -> f.row().length()).toArray();
    for (int[] chosen : LengthBatches.of(lengths, TOKENS_PER_BATCH)) {
      List<SpanFeature> windows = Arrays.stream(chosen).mapToObj(features::get).toList();
      Batch batch = SpanBatcher.batch(windows, encoder.tokenizer().padId());
      int width = batch.tokens().length();
      int rows = chosen.length;
      Scope.run(
          "answer",
          () ->
              NoGrad.run(() -> {
                Variable y = run(batch);
                float[] values = y.value().toFloats();
                double[] loss = Losses.crossEntropyRows(y, batch.labelTensor()).value().toDoubles();
                for (int i = 0; i < rows; i++) {
                  int length = lengths[chosen[i]];
                  float[] both = new float[2 * length];
                  System.arraycopy(values, i * width, both, 0, length);
                  System.arraycopy(values, (rows + i) * width, both, length, length);
                  all[chosen[i]] = both;
                  losses[chosen[i]] = (loss[i] + loss[rows + i]) / 2;
                }
              }));
    }
    return all;
  }

  private Variable run(Batch batch) {
    Context c = Context.inference();
    Encoded encoded =
        model.encoder().encode(c, model.encoder().embed(batch.tokens()), batch.tokens());
    return model.logits(c, encoded, batch.focus());
  }

  private record Span(int start, int end, double score) {}

  /** The best spans of one window, all of those that are short enough being compared. */
  private List<SpanAnswer> spans(SpanFeature f, float[] logits, SpanQuestion q) {
    List<SpanFeature.Piece> tokens = f.tokens();
    int starts = f.first();
    int ends = f.row().length() + f.first();
    PriorityQueue<Span> kept = new PriorityQueue<>(Comparator.comparingDouble(Span::score));
    for (int s = 0; s < tokens.size(); s++) {
      for (int e = s; tokens.get(s).widest() && e < Math.min(tokens.size(), s + maxAnswer); e++) {
        double score = (double) logits[starts + s] + logits[ends + e];
        if (kept.size() < best || score > kept.element().score()) {
          kept.add(new Span(tokens.get(s).start(), tokens.get(e).end(), score));
        }
        if (kept.size() > best) {
          kept.remove();
        }
      }
    }
    return kept.stream()
        .map(p ->
            new SpanAnswer(
                q.context().substring(p.start(), p.end()), p.start(), p.end(), p.score()))
        .toList();
  }

  private List<SpanAnswer> bestOf(List<SpanAnswer> found) {
    List<SpanAnswer> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparingDouble(SpanAnswer::score)
            .reversed()
            .thenComparingInt(SpanAnswer::start)
            .thenComparingInt(SpanAnswer::end));
    List<SpanAnswer> kept = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (SpanAnswer a : sorted) {
      if (kept.size() < best && seen.add(a.text())) {
        kept.add(a);
      }
    }
    return kept.isEmpty() ? List.of(new SpanAnswer("", 0, 0, 0)) : kept;
  }
}
