package dev.bulwark.robust.data;

import dev.bulwark.nn.text.EncodeOptions;
import dev.bulwark.nn.text.Encoding;
import dev.bulwark.nn.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts the texts of questions into overlapping windows (Devlin et al., NAACL 2019, section 4.2 and
 * their code).
 *
 * @param tokenizer the model's
 * @param maxLength longest row in tokens
 * @param stride tokens from the start of a window to that of the next, at least 1
 * @param maxQuestion questions are cut to so many tokens, at least 1
 */
public record SpanEncoder(Tokenizer tokenizer, int maxLength, int stride, int maxQuestion) {
  /** [CLS] and two [SEP]. */
  private static final int SPECIAL = 3;

  private static final EncodeOptions PIECES = EncodeOptions.unlimited().withoutSpecialTokens();

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if there is no room for text, or text would be skipped
   */
  public SpanEncoder {
    if (stride < 1 || maxQuestion < 1 || maxLength - maxQuestion - SPECIAL < 1) {
      throw new IllegalArgumentException(
          ("max-length %d, doc-stride %d and max-question-length %d leave no room: stride and"
                  + " question need at least 1 token, the row %d more than the question")
              .formatted(maxLength, stride, maxQuestion, SPECIAL + 1));
    }
    if (stride > maxLength - maxQuestion - SPECIAL) {
      throw new IllegalArgumentException(
          ("doc-stride %d is longer than the shortest window, %d tokens, so that text would be"
                  + " skipped; lower it, or raise max-length")
              .formatted(stride, maxLength - maxQuestion - SPECIAL));
    }
  }

  /**
   * The windows of some questions, in order.
   *
   * @param questions any number
   * @return at least one window for each
   */
  public List<SpanFeature> features(List<SpanQuestion> questions) {
    List<SpanFeature> all = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      all.addAll(features(i, questions.get(i)));
    }
    return all;
  }

  private List<SpanFeature> features(int number, SpanQuestion q) {
    int[] asked = tokenizer.encode(q.question(), null, PIECES).ids();
    asked = Arrays.copyOf(asked, Math.min(asked.length, maxQuestion));
    Encoding text = tokenizer.encode(q.context(), null, PIECES);
    int room = maxLength - asked.length - SPECIAL;
    List<Window> windows = windows(text.length(), room);
    List<SpanFeature> features = new ArrayList<>();
    for (Window w : windows) {
      int first = asked.length + 2;
      List<SpanFeature.Piece> pieces = new ArrayList<>();
      for (int t = w.from; t < w.to; t++) {
        pieces.add(new SpanFeature.Piece(text.start(t), text.end(t), widest(windows, t).equals(w)));
      }
      int[] label = label(q.answers().getFirst(), pieces);
      boolean inside = label[0] >= 0;
      features.add(
          new SpanFeature(
              number,
              row(asked, Arrays.copyOfRange(text.ids(), w.from, w.to)),
              first,
              pieces,
              inside ? first + label[0] : 0,
              inside ? first + label[1] : 0));
    }
    return features;
  }

  /** Tokens [from, to) of the context. */
  private record Window(int from, int to) {
    /** How much of the text around a token it shows; longer windows win ties, as in BERT's code. */
    double view(int token) {
      return Math.min(token - from, to - 1 - token) + 0.01 * (to - from);
    }
  }

  private List<Window> windows(int tokens, int room) {
    List<Window> windows = new ArrayList<>();
    int from = 0;
    do {
      windows.add(new Window(from, Math.min(tokens, from + room)));
      from += stride;
    } while (windows.getLast().to < tokens);
    return windows;
  }

  /** The first of the windows with the best view of a token. */
  private static Window widest(List<Window> windows, int token) {
    Window best = windows.getFirst();
    double view = Double.NEGATIVE_INFINITY;
    for (Window w : windows) {
      if (w.from <= token && token < w.to && w.view(token) > view) {
        best = w;
        view = w.view(token);
      }
    }
    return best;
  }

  /** First and last token of the answer among the pieces, or -1 if it is not wholly there. */
  private static int[] label(SpanQuestion.Answer answer, List<SpanFeature.Piece> pieces) {
    int start = -1;
    int end = -1;
    for (int t = 0; t < pieces.size(); t++) {
      boolean touches =
          pieces.get(t).end() > answer.start() && pieces.get(t).start() < answer.end();
      start = touches && start < 0 ? t : start;
      end = touches ? t : end;
    }
    boolean whole =
        start >= 0
            && pieces.getFirst().start() <= answer.start()
            && pieces.getLast().end() >= answer.end();
    return whole ? new int[] {start, end} : new int[] {-1, -1};
  }

  private InputRow row(int[] question, int[] window) {
    int[] ids = new int[question.length + window.length + SPECIAL];
    int[] types = new int[ids.length];
    int second = question.length + 2;
    ids[0] = tokenizer.clsId();
    System.arraycopy(question, 0, ids, 1, question.length);
    ids[second - 1] = tokenizer.sepId();
    System.arraycopy(window, 0, ids, second, window.length);
    ids[ids.length - 1] = tokenizer.sepId();
    Arrays.fill(types, second, ids.length, 1);
    return new InputRow(ids, types, 0);
  }
}
