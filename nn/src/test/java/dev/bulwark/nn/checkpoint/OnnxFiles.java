package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.Shape;
import java.util.Map;

/** Writes ONNX files as PyTorch's exporter does. */
final class OnnxFiles {
  private OnnxFiles() {}

  /** An ONNX file of {@link TinyBert}. */
  static byte[] tinyBert() {
    ProtoWriter graph = new ProtoWriter();
    graph.message(5, integers("embeddings.position_ids", 1, TinyBert.POSITIONS));
    int number = 40;
    for (Map.Entry<String, Shape> each : TinyBert.shapes().entrySet()) {
      String name = each.getKey();
      Shape shape = each.getValue();
      float[] values = TinyBert.values(name, shape);
      if (TinyBert.isLinear(name) && !name.startsWith("pooler")) {
        String anonymous = "onnx::MatMul_" + number;
        number += 3;
        String path = "/" + name.replace(".weight", "/MatMul").replace(".", "/");
        path = path.replace("/layer/0/", "/layer.0/");
        graph.message(1, node("MatMul", path, "x", anonymous));
        graph.message(
            5,
            tensor(anonymous, TinyBert.bytes(values, shape, true), 1, shape.dim(1), shape.dim(0)));
      } else {
        graph.message(5, tensor(name, TinyBert.bytes(values, shape, false), 1, shape.dims()));
      }
    }
    graph.message(
        1,
        node("Gemm", "/pooler/dense/Gemm", "h", "pooler.dense.weight", "pooler.dense.bias")
            .message(5, new ProtoWriter().string(1, "transB").varint(3, 1).varint(20, 2)));
    graph.message(1, constant("heads", TinyBert.HEADS));
    graph.message(1, constant("size", TinyBert.HIDDEN / TinyBert.HEADS));
    graph.message(
        1, node("Concat", "/encoder/layer.0/attention/self/Concat", "b", "s", "heads", "size"));
    return model(graph);
  }

  static byte[] model(ProtoWriter graph) {
    return new ProtoWriter()
        .varint(1, 7)
        .string(2, "pytorch")
        .message(7, graph)
        .message(8, new ProtoWriter().varint(2, 14))
        .toBytes();
  }

  static ProtoWriter node(String op, String name, String... inputs) {
    ProtoWriter node = new ProtoWriter();
    for (String input : inputs) {
      node.string(1, input);
    }
    return node.string(2, name + "_output_0").string(3, name).string(4, op);
  }

  static ProtoWriter tensor(String name, byte[] raw, int type, int... dims) {
    ProtoWriter tensor = new ProtoWriter();
    for (int dim : dims) {
      tensor.varint(1, dim);
    }
    return tensor.varint(2, type).string(8, name).bytes(9, raw);
  }

  private static ProtoWriter integers(String name, int... dims) {
    int n = 8;
    for (int dim : dims) {
      n *= dim;
    }
    return tensor(name, new byte[n], 7, dims);
  }

  private static ProtoWriter constant(String output, int value) {
    byte[] raw = {(byte) value, 0, 0, 0, 0, 0, 0, 0};
    ProtoWriter attribute =
        new ProtoWriter().string(1, "value").message(5, tensor("", raw, 7, 1)).varint(20, 4);
    return new ProtoWriter().string(2, output).string(4, "Constant").message(5, attribute);
  }
}
