package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.io.Safetensors;
import dev.bulwark.tensor.io.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** FreeLB against its authors' code, in double precision and on the back end of every day. */
class FreeLbGoldenTest {
  private static final List<String> CASES =
      List.of("standard_step", "freelb_l2_max_k3", "freelb_l2_nomax_k3", "freelb_linf_max_k3");

  /** The committed cases, and the whole of them where the full set is at hand. */
  static List<Path> cases() throws URISyntaxException {
    URI here = Objects.requireNonNull(FreeLbGoldenTest.class.getResource("../golden")).toURI();
    List<Path> all = new ArrayList<>(CASES.stream().map(Path.of(here)::resolve).toList());
    String root = System.getProperty("bulwark.root", ".");
    Path shared =
        Path.of(System.getProperty("bulwark.shared", root + "/../shared"), "golden/infobert");
    CASES.stream()
        .map(shared::resolve)
        .filter(p -> Files.exists(Path.of(p + ".json")))
        .forEach(all::add);
    return all;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inDoublePrecision(Path path) {
    Backends.with(
        Backends.reference(), () -> Scope.call("golden", () -> check(path, DType.F64, "float64")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void onTheCurrentBackEnd(Path path) {
    Scope.call("golden", () -> check(path, DType.F32, "float32"));
  }

  private static int check(Path path, DType dtype, String precision) {
    JsonNode json = JsonMapper.shared().readTree(Path.of(path + ".json").toFile());
    JsonNode p = json.get("parameters");
    JsonNode tolerance = json.get("tolerance").get(precision);
    Map<String, Tensor> golden = read(Path.of(path + ".safetensors"));
    SequenceClassifier model = model(path.resolveSibling("model"), dtype);
    Ball ball =
        new Ball(
            p.get("norm_type").stringValue().equals("l2") ? Ball.Norm.L2 : Ball.Norm.LINF,
            p.get("adv_init_mag").doubleValue(),
            p.get("adv_lr").doubleValue(),
            p.get("adv_max_norm").doubleValue());
    int steps = p.get("adv_steps").intValue();
    Step step = new Step(model, batch(golden), Context.inference());

    Map<String, double[]> actual = new TreeMap<>();
    List<double[]> deltas = new ArrayList<>();
    List<double[]> gradients = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    Tensor start = tensor(golden, "in.delta0").to(Backends.current()).cast(dtype);
    Objective.Result result =
        new FreeLb(steps, ball)
            .gradients(
                step,
                start,
                (delta, gradient, loss) -> {
                  deltas.add(delta.toDoubles());
                  gradients.add(gradient.toDoubles());
                  losses.add(loss);
                });
    actual.put("out.delta", joined(deltas));
    actual.put("out.delta_grad", joined(gradients));
    actual.put("out.ce", losses.stream().mapToDouble(d -> d).toArray());
    actual.put("out.total_loss", new double[] {result.loss()});
    actual.put("out.task_loss", new double[] {result.loss()});
    for (Parameter parameter : model.parameters().values()) {
      actual.put(
          "out.grad." + parameter.name(), result.gradients().get(parameter.leaf()).toDoubles());
    }
    int compared = 0;
    for (var expected : golden.entrySet()) {
      if (expected.getKey().startsWith("out.")) {
        compare(
            expected.getKey(),
            expected.getValue().toDoubles(),
            Objects.requireNonNull(actual.get(expected.getKey()), expected.getKey()),
            tolerance);
        compared++;
      }
    }
    assertTrue(compared >= 9, compared + " tensors compared");
    return compared;
  }

  private static void compare(String name, double[] e, double[] a, JsonNode tolerance) {
    assertEquals(e.length, a.length, name);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < e.length; i++) {
      largest = Math.max(largest, Math.abs(e[i]));
      worst = Double.isNaN(a[i]) ? Double.NaN : Math.max(worst, Math.abs(a[i] - e[i]));
    }
    double bound =
        tolerance.get("rtol").doubleValue() * largest + tolerance.get("atol").doubleValue();
    if (!(worst <= bound)) {
      fail(name + " differs by " + worst + ", more than " + bound);
    }
  }

  private static double[] joined(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static Tensor tensor(Map<String, Tensor> golden, String name) {
    return Objects.requireNonNull(golden.get(name), name);
  }

  private static Batch batch(Map<String, Tensor> golden) {
    Tensor ids = tensor(golden, "in.input_ids");
    return new Batch(
        new TokenBatch(
            ids.dim(0),
            ids.dim(1),
            ids.toInts(),
            tensor(golden, "in.token_type_ids").toInts(),
            tensor(golden, "in.attention_mask").toInts()),
        tensor(golden, "in.labels").toInts());
  }

  private static SequenceClassifier model(Path folder, DType dtype) {
    try (Checkpoint c = HuggingFaceFolder.open(folder)) {
      Source source = Source.of(c.weights(), dtype, Rng.seed(0));
      return new SequenceClassifier(source, BertConfig.of(c.config()), 3, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Tensor> read(Path file) {
    Map<String, Tensor> all = new TreeMap<>();
    try (TensorFile tensors = Safetensors.open(file)) {
      for (String name : tensors.tensors().keySet()) {
        all.put(name, tensors.read(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
