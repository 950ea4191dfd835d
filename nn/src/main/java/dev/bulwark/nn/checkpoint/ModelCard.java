package dev.bulwark.nn.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a saved model tells about itself in its {@code README.md}.
 *
 * @param title a line
 * @param summary a paragraph of Markdown: what the model is for and how it came about
 * @param facts what was measured or set, in the order to be shown
 */
public record ModelCard(String title, String summary, Map<String, String> facts) {
  /** Keeps the order of the facts. */
  public ModelCard {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  String toMarkdown(Config config) {
    List<String> labels = config.labels();
    boolean classifies =
        config.architectures().stream().anyMatch(a -> a.endsWith("ForSequenceClassification"));
    StringBuilder s = new StringBuilder("---\nlibrary_name: transformers\n");
    if (classifies) {
      s.append("pipeline_tag: text-classification\n");
    }
    s.append("tags:\n- bulwark\n- ").append(config.modelType()).append("\n---\n\n");
    s.append("# ").append(line(title)).append("\n\n").append(summary.strip()).append("\n");
    if (!facts.isEmpty()) {
      s.append("\n| | |\n| --- | --- |\n");
      facts.forEach(
          (k, v) -> s.append("| ").append(line(k)).append(" | ").append(line(v)).append(" |\n"));
    }
    if (classifies && !labels.isEmpty()) {
      s.append("\n## Labels\n\n| number | label |\n| --- | --- |\n");
      for (int i = 0; i < labels.size(); i++) {
        s.append("| ").append(i).append(" | ").append(line(labels.get(i))).append(" |\n");
      }
    }
    s.append("\n## Use\n\nThe folder is a Hugging Face model folder:");
    s.append("\n\n```python\nfrom transformers import AutoTokenizer, ");
    String auto = config.architectures().stream().findFirst().orElse("Model");
    auto =
        "Auto"
            + (auto.contains("For")
                ? "ModelFor" + auto.substring(auto.indexOf("For") + 3)
                : "Model");
    s.append(auto).append("\n\ntokenizer = AutoTokenizer.from_pretrained(\".\")\nmodel = ");
    return s.append(auto).append(".from_pretrained(\".\")\n```\n").toString();
  }

  /** A text that stays inside of one table cell or heading. */
  private static String line(String text) {
    return text.replaceAll("\\s+", " ").strip().replace("\\", "\\\\").replace("|", "\\|");
  }
}
