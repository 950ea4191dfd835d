package dev.bulwark.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Weights of a BERT-type encoder that PyTorch exported to ONNX. The graph is never run.
 *
 * <p>PyTorch's exporter keeps the names of most parameters. Weights of linear layers, though, it
 * transposes to {@code [in, out]} and calls {@code onnx::MatMul_885}; the node that multiplies by
 * one is called {@code /encoder/layer.0/attention/self/query/MatMul}, which gives the name back.
 */
final class OnnxWeights {
  private static final String ANONYMOUS = "onnx::";
  private static final String MATMUL = "/MatMul";

  private final OnnxGraph graph;

  private OnnxWeights(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Finds the weights of a file.
   *
   * @param file the whole file
   * @param where what to call it
   */
  static OnnxWeights read(MemorySegment file, String where) {
    return new OnnxWeights(OnnxGraph.read(file, where));
  }

  /** All floating-point initialisers under Hugging Face names. */
  Weights weights() {
    Map<String, StoredTensor> found = new LinkedHashMap<>();
    Set<String> turned = new java.util.HashSet<>();
    for (OnnxGraph.Node node : graph.nodes()) {
      boolean matmul = node.op().equals("MatMul");
      if (node.inputs().size() < 2 || !(matmul || node.op().equals("Gemm"))) {
        continue;
      }
      OnnxTensor right = graph.initialisers().get(node.inputs().get(1));
      if (right == null || right.kind() != OnnxTensor.Kind.FLOATING || right.rank() != 2) {
        continue;
      }
      put(found, nameOf(right, node), right.stored(!node.transB()));
      turned.add(right.name());
    }
    for (OnnxTensor tensor : graph.initialisers().values()) {
      if (tensor.kind() == OnnxTensor.Kind.QUANTISED && tensor.rank() > 0) {
        throw tensor.bad("its weights are quantised; use the floating-point version of the model");
      }
      boolean named = !tensor.name().isEmpty() && !tensor.name().startsWith(ANONYMOUS);
      if (tensor.kind() == OnnxTensor.Kind.FLOATING && named && !turned.contains(tensor.name())) {
        put(found, tensor.name(), tensor.stored(false));
      }
    }
    return new StoredWeights(graph.where(), found);
  }

  /**
   * Heads of an attention layer, read from the shape {@code [batch, length, heads, head size]} that
   * the graph gives to queries.
   *
   * @param hidden width of a token's vector
   * @param otherwise what to say if the graph does not tell
   */
  int heads(int hidden, int otherwise) {
    Map<String, Long> constants =
        graph.nodes().stream()
            .filter(n -> n.op().equals("Constant") && n.value() > 0)
            .collect(Collectors.toMap(OnnxGraph.Node::output, OnnxGraph.Node::value, (a, b) -> a));
    for (OnnxGraph.Node node : graph.nodes()) {
      if (node.op().equals("Concat")
          && node.name().contains("/attention/self/")
          && node.inputs().size() == 4) {
        long heads = constants.getOrDefault(node.inputs().get(2), 0L);
        long size = constants.getOrDefault(node.inputs().get(3), 0L);
        if (heads > 0 && heads <= hidden && size == hidden / heads && heads * size == hidden) {
          return (int) heads;
        }
      }
    }
    return otherwise;
  }

  private String nameOf(OnnxTensor tensor, OnnxGraph.Node node) {
    if (!tensor.name().startsWith(ANONYMOUS)) {
      return tensor.name();
    }
    if (!node.name().startsWith("/") || !node.name().endsWith(MATMUL)) {
      throw tensor.bad(
          "the node that uses it is called '"
              + node.name()
              + "', which does not say what it belongs to; export the model with PyTorch 1.13 or"
              + " later");
    }
    String path = node.name().substring(1, node.name().length() - MATMUL.length());
    return path.replace('/', '.') + ".weight";
  }

  private void put(Map<String, StoredTensor> found, String name, StoredTensor tensor) {
    if (found.put(name, tensor) != null) {
      throw CheckpointException.at(graph.where(), "there are two weights for '" + name + "'");
    }
  }
}
