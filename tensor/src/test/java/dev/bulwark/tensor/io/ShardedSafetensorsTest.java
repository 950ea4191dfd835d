package dev.bulwark.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
  @TempDir Path folder;

  @BeforeEach
  void writeTwoShards() throws IOException {
    Safetensors.write(folder.resolve("1.safetensors"), Map.of("a", Tensor.of(Shape.of(2), 1f, 2)));
    Safetensors.write(folder.resolve("2.safetensors"), Map.of("b", Tensor.of(Shape.of(1), 3f)));
  }

  @Test
  void readsTensorsFromTheFileThatHoldsThem() throws IOException {
    Path index =
        index(
            "{'metadata':{'total_size':12,'note':'x'},"
                + "'weight_map':{'b':'2.safetensors','a':'1.safetensors'}}");
    try (TensorFile f = Safetensors.open(index)) {
      assertEquals("[b, a]", f.tensors().keySet().toString());
      assertEquals(Map.of("format", "pt"), f.metadata());
      SafetensorsTest.assertTensor(f.read("a"), DType.F32, Shape.of(2), 1, 2);
      SafetensorsTest.assertTensor(f.read("b", DType.F64), DType.F64, Shape.of(1), 3);
      var e = assertThrows(TensorFileException.class, () -> f.read("c"));
      assertTrue(String.valueOf(e.getMessage()).contains("tensor 'c' is not there"));
    }
  }

  @Test
  void anIndexWithoutTotalIsFine() throws IOException {
    Path index = index("{'weight_map':{'b':'2.safetensors','a':'1.safetensors'}}");
    try (TensorFile f = Safetensors.open(index)) {
      assertEquals(2, f.tensors().size());
    }
  }

  @Test
  void saysWhatDoesNotBelongTogether() throws IOException {
    assertRefused("{}", "has no object 'weight_map'");
    assertRefused("[]", "is not a JSON object");
    assertRefused("{'weight_map':{'a':1}}", "tensor 'a' is mapped to the number 1");
    assertRefused(
        "{'weight_map':{'a':'3.safetensors'}}",
        "tensor 'a' is mapped to 3.safetensors, which is not beside the index");
    assertRefused(
        "{'weight_map':{'a':'2.safetensors'}}",
        "tensor 'a' is mapped to 2.safetensors, which does not have it");
    assertRefused(
        "{'metadata':{'total_size':13},"
            + "'weight_map':{'b':'2.safetensors','a':'1.safetensors'}}",
        "promises 13 bytes of tensors, but the files hold 12");
    Safetensors.write(
        folder.resolve("2.safetensors"),
        Map.of("a", Tensor.scalar(1, DType.F32), "b", Tensor.scalar(1, DType.F32)));
    assertRefused(
        "{'weight_map':{'b':'2.safetensors','a':'1.safetensors'}}", "tensor 'a' is in two files");
    assertRefused(
        "{'weight_map':{'b':'2.safetensors'}}",
        "tensor 'a' is in 2.safetensors, but not in the index");
    Files.write(folder.resolve("2.safetensors"), new byte[3]);
    assertRefused("{'weight_map':{'b':'2.safetensors'}}", "2.safetensors: has 3 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../1.safetensors",
        "/etc/passwd",
        "sub/1.safetensors",
        "..\\\\1.safetensors",
        "C:1.safetensors",
        "\\\\\\\\host\\\\share",
        "1.safetensors\\u0000",
        "a\\nb"
      })
  void staysInsideItsFolder(String name) throws IOException {
    assertRefused("{'weight_map':{'a':'" + name + "'}}", "which is no plain file name");
  }

  private Path index(String json) throws IOException {
    return Files.writeString(
        folder.resolve("model.safetensors.index.json"), json.replace('\'', '"'));
  }

  private void assertRefused(String json, String problem) throws IOException {
    Path index = index(json);
    var e = assertThrows(TensorFileException.class, () -> Safetensors.open(index));
    assertTrue(String.valueOf(e.getMessage()).contains(problem), e.getMessage());
  }
}
