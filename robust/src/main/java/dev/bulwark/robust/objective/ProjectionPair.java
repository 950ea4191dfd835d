package dev.bulwark.robust.objective;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.autograd.op.Similarity;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.layer.Linear;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * InfoNCE between the features of a student and of its teacher, each through a head of its own:
 * Linear, ReLU, Linear (RIFT, Dong et al., NeurIPS 2021, as in the released code). The teacher's
 * head is trained, the teacher is not.
 */
public final class ProjectionPair extends Module {
  private static final double LEAST_NORM = 1e-12;

  private final Linear[] student;
  private final Linear[] teacher;

  /**
   * Takes "student.hidden", "student.output", "teacher.hidden" and "teacher.output" from a source.
   *
   * @param source where they come from
   * @param features size of a feature
   * @param hidden size between the two layers of a head
   * @param out size of a projection
   */
  public ProjectionPair(Source source, int features, int hidden, int out) {
    student = head(source.under("student"), features, hidden, out);
    teacher = head(source.under("teacher"), features, hidden, out);
  }

  private Linear[] head(Source source, int features, int hidden, int out) {
    return new Linear[] {
      child(new Linear(source.under("hidden"), features, hidden)),
      child(new Linear(source.under("output"), hidden, out))
    };
  }

  private static Variable project(Linear[] head, Variable features) {
    Variable projected = head[1].forward(Elementwise.relu(head[0].forward(features)));
    return Similarity.normalise(projected, -1, LEAST_NORM);
  }

  /**
   * For a fixed teacher, its student has to be found among all students.
   *
   * @param s features of the student [N, H]
   * @param t features of the teacher for the same texts [N, H]; no gradient reaches them
   * @param temperature divides the cosines, above 0
   * @return a scalar in nats; log N less it bounds the mutual information from below
   */
  public Variable infoNce(Variable s, Variable t, double temperature) {
    int n = s.dim(0);
    Variable students = project(student, s);
    Variable teachers = project(teacher, t.detach());
    Variable scores = teachers.matmul(students.transpose(0, 1)).times(1 / temperature);
    Tensor own = Tensor.of(Shape.of(n), IntStream.range(0, n).toArray());
    return Losses.crossEntropy(scores, own);
  }

  /**
   * The same with negatives of the same class only, a pair of heads for each class.
   *
   * @param pairs C pairs
   * @param s features of the student [B, H], in C blocks of B / C rows of one class each
   * @param t features of the teacher [B, H]
   * @param temperature divides the cosines, above 0
   * @return a scalar in nats for each class; RIFT minimises their mean
   * @throws IllegalArgumentException if the rows do not make blocks
   */
  public static List<Variable> infoNceByClass(
      List<ProjectionPair> pairs, Variable s, Variable t, double temperature) {
    int n = s.dim(0) / pairs.size();
    if (n == 0 || s.dim(0) % pairs.size() != 0) {
      throw new IllegalArgumentException(
          s.dim(0) + " examples do not make equal blocks of " + pairs.size() + " classes");
    }
    List<Variable> values = new ArrayList<>();
    for (int c = 0; c < pairs.size(); c++) {
      Variable block = s.slice(0, c * n, (c + 1) * n);
      Variable taught = t.slice(0, c * n, (c + 1) * n);
      values.add(pairs.get(c).infoNce(block, taught, temperature));
    }
    return values;
  }
}
