package dev.bulwark.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EinsumTest {
  private static final Map<Character, Integer> SIZES =
      Map.of('b', 2, 'h', 3, 'q', 4, 'k', 5, 'd', 7, 'i', 4, 'j', 5, 'n', 3);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bhqd,bhkd->bhqk",
        "bhqk,bhkd->bhqd",
        "ibnd,jbnd->bnij",
        "bnij,jbnd->ibnd",
        "bij,bjd->bid",
        "bnd,nd->bn",
        "ibh,hnd->ibnd",
        "ibnd,hnd->ibh",
        "ijbs,ibns->bnij",
        "i,j->ij",
        "i,i->",
        "ij,->ji",
        "ij,jk->",
        "bij->jb",
        "bij->",
        "bij->ijb",
        "b h q d , b h k d -> b h q k",
        "bq,bk->b",
        "bqi,bki->kqb",
        "AB,BC->AC"
      })
  void agreesWithTheSumWrittenOut(String formula) {
    String compact = formula.replace(" ", "");
    String[] sides = compact.split("->", -1);
    String[] in = sides[0].split(",", -1);
    Tensor[] operands = new Tensor[in.length];
    for (int i = 0; i < in.length; i++) {
      operands[i] = Tensors.normal(shape(in[i]), DType.F64, 0, 1, Rng.seed(i).split(formula));
    }
    Tensor y = Tensors.einsum(formula, operands);
    assertEquals(shape(sides[1]), y.shape());
    assertTrue(y.isContiguous());
    assertArrayEquals(writtenOut(in, sides[1], operands), y.toDoubles(), 1e-12);
  }

  @Test
  void emptyContractionsGiveZeros() {
    Tensor a = Tensor.zeros(Shape.of(2, 0), DType.F64);
    Tensor y = Tensors.einsum("ij,kj->ik", a, Tensor.zeros(Shape.of(3, 0), DType.F64));
    assertArrayEquals(new double[6], y.toDoubles());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ij,jk; needs '->'",
        "ij,jk,kl->il; more than two operands; ",
        "ij->ij; names 1 operands, but 2 were given",
        "ij,j->i; gives 'j' to f32[3, 4] of another rank",
        "ii,ij->j; repeats label 'i' in 'ii'",
        "ij,jk->iz; has label 'z' in the result only",
        "ij,jk->ii; repeats label 'i' in 'ii'",
        "i.,jk->ij; has '.' where a label",
        "ij,kj->ik; has label 'j' of size 3 in f32[2, 3] and 4 in f32[3, 4]"
      })
  void saysWhatIsWrongWithAFormula(String formula, String problem) {
    Tensor a = Tensor.zeros(Shape.of(2, 3), DType.F32);
    Tensor b = Tensor.zeros(Shape.of(3, 4), DType.F32);
    var e = assertThrows(ShapeException.class, () -> Tensors.einsum(formula, a, b));
    assertTrue(String.valueOf(e.getMessage()).contains(problem), e.getMessage());
  }

  @Test
  void refusesTwoTypes() {
    Tensor a = Tensor.zeros(Shape.of(2, 3), DType.F32);
    Tensor b = Tensor.zeros(Shape.of(3, 4), DType.F64);
    var e = assertThrows(ShapeException.class, () -> Tensors.einsum("ij,jk->ik", a, b));
    assertEquals("einsum: f32[2, 3] and f64[3, 4] differ in type; cast one", e.getMessage());
  }

  private static Shape shape(String labels) {
    return Shape.of(labels.chars().map(c -> SIZES.getOrDefault((char) c, 3)).toArray());
  }

  /** Adds one product for every assignment of all labels. */
  private static double[] writtenOut(String[] in, String out, Tensor[] operands) {
    TreeSet<Character> labels = new TreeSet<>();
    String.join("", in).chars().forEach(c -> labels.add((char) c));
    double[] sums = new double[shape(out).size()];
    Map<Character, Integer> at = new HashMap<>();
    addAll(labels.stream().mapToInt(c -> c).toArray(), 0, at, in, out, operands, sums);
    return sums;
  }

  private static void addAll(
      int[] labels,
      int next,
      Map<Character, Integer> at,
      String[] in,
      String out,
      Tensor[] operands,
      double[] sums) {
    if (next < labels.length) {
      char label = (char) labels[next];
      for (int i = 0; i < SIZES.getOrDefault(label, 3); i++) {
        at.put(label, i);
        addAll(labels, next + 1, at, in, out, operands, sums);
      }
      return;
    }
    double product = 1;
    for (int o = 0; o < in.length; o++) {
      product *= operands[o].toDoubles()[place(in[o], at)];
    }
    sums[place(out, at)] += product;
  }

  private static int place(String labels, Map<Character, Integer> at) {
    int place = 0;
    for (int i = 0; i < labels.length(); i++) {
      place =
          place * SIZES.getOrDefault(labels.charAt(i), 3) + at.getOrDefault(labels.charAt(i), 0);
    }
    return place;
  }
}
