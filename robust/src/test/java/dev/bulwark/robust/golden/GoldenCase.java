package dev.bulwark.robust.golden;

import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.io.Safetensors;
import dev.bulwark.tensor.io.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One golden case: NAME.json (operation, parameters, tolerance) and NAME.safetensors. Two layouts
 * are read: tensors named "in.*" and "out.*" (InfoBERT, RIFT), and a tensor table with roles (the
 * others), whose file may also hold scalars under "expected". Names here have no "in." or "out.".
 */
public final class GoldenCase {
  private final Path path;
  private final JsonNode json;
  private final DType dtype;
  private final Map<String, Tensor> inputs = new TreeMap<>();
  private final Map<String, Tensor> outputs = new TreeMap<>();

  private GoldenCase(Path path, JsonNode json, DType dtype) {
    this.path = path;
    this.json = json;
    this.dtype = dtype;
  }

  /** Reads a case, to be computed in F64 or F32. */
  static GoldenCase read(Path file, DType dtype) {
    GoldenCase c = new GoldenCase(file, JsonMapper.shared().readTree(file.toFile()), dtype);
    Path tensors = Path.of(file.toString().replaceFirst("\\.json$", ".safetensors"));
    if (Files.exists(tensors)) {
      try (TensorFile all = Safetensors.open(tensors)) {
        for (String name : all.tensors().keySet()) {
          c.put(name, all.read(name).copy().to(Backends.current()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return c;
  }

  private void put(String name, Tensor t) {
    if (name.startsWith("in.")) {
      inputs.put(name.substring(3), t);
    } else if (name.startsWith("out.")) {
      outputs.put(name.substring(4), t);
    } else {
      boolean input = json.get("tensors").get(name).get("role").stringValue().equals("input");
      (input ? inputs : outputs).put(name, t);
    }
  }

  /** What the case computes, such as "adv_step". */
  public String operation() {
    return json.get("operation").stringValue();
  }

  /** The precision to compute in. */
  public DType dtype() {
    return dtype;
  }

  /** The whole description. */
  public JsonNode json() {
    return json;
  }

  /** The folder of the case, where its models are. */
  public Path folder() {
    return Objects.requireNonNull(path.toAbsolutePath().getParent());
  }

  private JsonNode params() {
    return json.has("params") ? json.get("params") : json.get("parameters");
  }

  /** A parameter that must be there. */
  public JsonNode param(String name) {
    return Objects.requireNonNull(params().get(name), "parameter " + name);
  }

  /** A number among the parameters. */
  public double number(String name) {
    return param(name).doubleValue();
  }

  /** A whole number among the parameters. */
  public int whole(String name) {
    return param(name).intValue();
  }

  /** A text among the parameters. */
  public String text(String name) {
    return param(name).stringValue();
  }

  /** Whether there is such an input. */
  public boolean has(String input) {
    return inputs.containsKey(input);
  }

  /** All inputs as stored (F64, I64, ...), by name. */
  public Map<String, Tensor> inputs() {
    return inputs;
  }

  /** A floating-point input in the case's precision, on the current back end. */
  public Tensor tensor(String input) {
    Tensor t = Objects.requireNonNull(inputs.get(input), input).to(Backends.current());
    return t.dtype() == dtype ? t : t.cast(dtype);
  }

  /** An integer input. */
  public int[] ints(String input) {
    return Objects.requireNonNull(inputs.get(input), input).toInts();
  }

  /** An integer input with its shape. */
  public Tensor intTensor(String input) {
    return Tensor.of(shape(input), ints(input));
  }

  /** The shape of an input. */
  public Shape shape(String input) {
    return Objects.requireNonNull(inputs.get(input), input).shape();
  }

  /** A batch from inputs of these names; without types, all segments are 0. */
  public TokenBatch tokens(String ids, String mask) {
    Shape s = shape(ids);
    int[] types = has("token_type_ids") ? ints("token_type_ids") : new int[s.dim(0) * s.dim(1)];
    return new TokenBatch(s.dim(0), s.dim(1), ints(ids), types, ints(mask));
  }

  /** The classifier in a folder beside the case, without dropout. */
  public SequenceClassifier classifier(String folder) {
    try (Checkpoint c = HuggingFaceFolder.open(folder().resolve(folder))) {
      Source source = Source.of(c.weights(), dtype, Rng.seed(0));
      int classes = c.weights().shape("classifier.bias").dim(0);
      return new SequenceClassifier(
          source, BertConfig.of(c.config()).withDropout(0, 0), classes, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything that has to come out: output tensors, then scalars, lists and tables "expected". */
  Map<String, Expected> expected() {
    Map<String, Expected> all = new TreeMap<>();
    outputs.forEach((name, t) ->
        all.put(name, new Expected(t.toDoubles(), isWhole(t.dtype()) && !isFloat(name))));
    if (json.has("expected")) {
      flatten("", json.get("expected"), all);
    }
    return all;
  }

  private boolean isFloat(String name) { // an empty list may be stored with any type
    Tensor t = outputs.get(name);
    return t != null && t.size() == 0;
  }

  private static boolean isWhole(DType t) {
    return !t.isArithmetic();
  }

  private static void flatten(String name, JsonNode node, Map<String, Expected> all) {
    if (node.isObject()) {
      node.propertyStream()
          .forEach(e ->
              flatten(name.isEmpty() ? e.getKey() : name + "." + e.getKey(), e.getValue(), all));
    } else if (node.isArray()) {
      double[] values = new double[node.size()];
      Arrays.setAll(values, i -> node.get(i).doubleValue());
      all.put(name, new Expected(values, false));
    } else if (node.isNumber()) {
      all.put(name, new Expected(new double[] {node.doubleValue()}, node.isIntegralNumber()));
    } else {
      throw new IllegalArgumentException(name + " is expected to be " + node + ", not a number");
    }
  }

  /** The tolerance of this precision. */
  double tolerance(String kind) {
    String precision = dtype == DType.F64 ? "float64" : "float32";
    return json.get("tolerance").get(precision).get(kind).doubleValue();
  }

  /**
   * What has to come out under one name.
   *
   * @param values the numbers, row-major
   * @param exact whether they are whole numbers that must agree exactly
   */
  record Expected(double[] values, boolean exact) {}

  @Override
  public String toString() {
    return operation() + " " + path;
  }
}
