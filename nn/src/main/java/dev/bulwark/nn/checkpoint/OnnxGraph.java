package dev.bulwark.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of an ONNX file that weights can be found by: named initialisers, and the nodes that use
 * them. Field numbers are those of {@code onnx.proto3}.
 *
 * @param where what to call the file
 * @param initialisers by name
 * @param nodes in the file's order; attributes only of the kinds that matter
 */
record OnnxGraph(String where, Map<String, OnnxTensor> initialisers, List<Node> nodes) {
  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_NODES = 200_000;
  private static final int MOST_INPUTS = 1_000_000;
  private static final int LONGEST_NAME = 1_000;

  /**
   * An operation.
   *
   * @param name its name, often a path such as {@code /encoder/layer.0/output/dense/MatMul}
   * @param op its kind, such as {@code MatMul}
   * @param inputs names of what it reads
   * @param output name of its first result, or empty
   * @param transB whether a {@code Gemm} transposes its second operand
   * @param value what a {@code Constant} holds, if it is one integer; else -1
   */
  record Node(
      String name, String op, List<String> inputs, String output, boolean transB, long value) {}

  static OnnxGraph read(MemorySegment file, String where) {
    OnnxGraph graph = null;
    ProtoReader model = new ProtoReader(file, where);
    while (model.next()) {
      if (model.field() != 7) {
        model.skip();
      } else if (graph != null) {
        throw model.bad("there are two graphs");
      } else {
        graph = graph(model.message(), where);
      }
    }
    if (graph == null) {
      throw CheckpointException.at(where, "not an ONNX model: it has no graph");
    }
    return graph;
  }

  private static OnnxGraph graph(ProtoReader reader, String where) {
    Map<String, OnnxTensor> initialisers = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    long inputs = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> {
          Node node = node(reader.message(), where);
          nodes.add(node);
          inputs += node.inputs.size();
        }
        case 5 -> {
          OnnxTensor tensor = OnnxTensor.read(reader.message(), where);
          if (initialisers.put(tensor.name(), tensor) != null) {
            throw CheckpointException.at(
                where, "the initialiser '" + tensor.name() + "' is there twice");
          }
        }
        case 15 -> throw CheckpointException.at(where, "sparse initialisers are not read");
        default -> reader.skip();
      }
      if (nodes.size() > MOST_NODES || initialisers.size() > MOST_TENSORS || inputs > MOST_INPUTS) {
        throw CheckpointException.at(
            where,
            "the graph has more than %d nodes, %d inputs or %d initialisers"
                .formatted(MOST_NODES, MOST_INPUTS, MOST_TENSORS));
      }
    }
    return new OnnxGraph(where, initialisers, nodes);
  }

  private static Node node(ProtoReader reader, String where) {
    String name = "";
    String op = "";
    List<String> inputs = new ArrayList<>();
    String output = "";
    boolean transB = false;
    long value = -1;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> {
          inputs.add(reader.string(LONGEST_NAME));
          if (inputs.size() > MOST_INPUTS) {
            throw reader.bad("a node has more than " + MOST_INPUTS + " inputs");
          }
        }
        case 2 -> {
          String each = reader.string(LONGEST_NAME);
          output = output.isEmpty() ? each : output;
        }
        case 3 -> name = reader.string(LONGEST_NAME);
        case 4 -> op = reader.string(LONGEST_NAME);
        case 5 -> {
          Attribute attribute = attribute(reader.message(), where);
          transB |= attribute.name.equals("transB") && attribute.integer != 0;
          value = attribute.name.equals("value") ? attribute.scalar : value;
        }
        default -> reader.skip();
      }
    }
    return new Node(name, op, List.copyOf(inputs), output, transB, value);
  }

  private record Attribute(String name, long integer, long scalar) {}

  private static Attribute attribute(ProtoReader reader, String where) {
    String name = "";
    long integer = 0;
    long scalar = -1;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> name = reader.string(LONGEST_NAME);
        case 3 -> integer = reader.varint();
        case 5 -> scalar = OnnxTensor.read(reader.message(), where).integerOr(-1);
        default -> reader.skip();
      }
    }
    return new Attribute(name, integer, scalar);
  }
}
