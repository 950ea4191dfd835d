package dev.bulwark.nn.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The classes of a model as {@code config.json} has them: {@code id2label} and {@code label2id}.
 */
final class LabelMaps {
  private static final int MOST = 1 << 20;

  private LabelMaps() {}

  /** The classes in order of their number; numbered names if there is only {@code num_labels}. */
  static List<String> read(JsonObject config) {
    int count = config.has("num_labels") ? config.intIn("num_labels", 0, MOST) : -1;
    List<String> names = new ArrayList<>();
    if (config.has("id2label")) {
      JsonNode map = config.required("id2label");
      for (int i = 0; i < Math.max(map.size(), map.isObject() ? 0 : 1); i++) {
        JsonNode label = map.path(Integer.toString(i));
        if (!label.isString()) {
          throw config.wrong(
              "id2label", "an object with a string for \"0\", \"1\" and so on without holes");
        }
        names.add(label.stringValue());
      }
      if (count >= 0 && count != names.size()) {
        throw CheckpointException.at(
            config.where(),
            "num_labels is %d but id2label has %d entries".formatted(count, names.size()));
      }
    }
    for (int i = names.size(); i < count; i++) {
      names.add("LABEL_" + i);
    }
    return List.copyOf(names);
  }

  /** Sets the classes; {@code num_labels} goes, since Hugging Face counts {@code id2label}. */
  static void write(ObjectNode config, List<String> names) {
    config.remove("num_labels");
    ObjectNode byNumber = config.putObject("id2label");
    ObjectNode byName = config.putObject("label2id");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (!seen.add(names.get(i))) {
        throw new IllegalArgumentException("the label '" + names.get(i) + "' is there twice");
      }
      byNumber.put(Integer.toString(i), names.get(i));
      byName.put(names.get(i), i);
    }
  }
}
