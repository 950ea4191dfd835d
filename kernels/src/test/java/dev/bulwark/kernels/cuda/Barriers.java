package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The barriers of a program's source, and the source without one of them. */
final class Barriers {
  private static final Pattern BARRIER =
      Pattern.compile("\\bBK_SYNC(?:_GLOBAL)?\\(\\);|(?<!\\) )__syncthreads\\(\\);");
  private static final Pattern OWNER =
      Pattern.compile(
          "BK_KERNEL\\((\\w+)|BK_FN [\\w ]+ (?!name\\()(\\w+)\\(|#define (BK_\\w+_FOLD)\\(");
  private static final String LAST_OF_DIALECT = "BK_FN bk_u32 bk_word(";

  private Barriers() {}

  /**
   * A barrier.
   *
   * @param name kernel, function or macro around it, and its number there, such as "bk_reduce 2"
   * @param branch the branch of the dialect that has it: 0 portable, 1 nvcc's, -1 both
   * @param source the program without it
   */
  record Mutant(String name, int branch, String source) {}

  /** One for each barrier that the program can reach. */
  static List<Mutant> of(Program program) {
    String source = program.source();
    int dialectEnd = source.indexOf(LAST_OF_DIALECT);
    assertTrue(dialectEnd > 0, "the dialect does not end with " + LAST_OF_DIALECT);
    boolean folds = source.indexOf("bk_block_", dialectEnd) >= 0;
    Map<String, Integer> counts = new HashMap<>();
    List<Mutant> all = new ArrayList<>();
    Matcher m = BARRIER.matcher(source);
    while (m.find()) {
      if (isInComment(source, m.start()) || (m.start() < dialectEnd && !folds)) {
        continue;
      }
      boolean nvcc = m.group().startsWith("__");
      String owner = owner(source, m.start());
      int branch = nvcc ? 1 : owner.endsWith("FOLD") ? 0 : -1;
      String name = owner + (nvcc ? " of nvcc " : " ");
      name += counts.merge(name, 1, Integer::sum);
      String blank = " ".repeat(m.group().length() - 1) + ";";
      all.add(
          new Mutant(
              name, branch, source.substring(0, m.start()) + blank + source.substring(m.end())));
    }
    return all;
  }

  private static boolean isInComment(String source, int at) {
    return source.lastIndexOf("/*", at) > source.lastIndexOf("*/", at);
  }

  private static String owner(String source, int at) {
    String owner = "";
    Matcher m = OWNER.matcher(source).region(0, at);
    while (m.find()) {
      for (int g = 1; g <= 3; g++) {
        owner = m.group(g) != null ? m.group(g) : owner;
      }
    }
    return owner;
  }
}
