package dev.bulwark.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.BFloat16;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden files: written by safetensors 0.8.0 with PyTorch 2.13.0. */
class SafetensorsTest {
  @TempDir Path folder;

  static List<SafetensorsCorpus.Case> corpus() {
    return SafetensorsCorpus.all();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void acceptsAndRefusesLikeTheFormatSays(SafetensorsCorpus.Case c) throws IOException {
    Path file = Files.write(folder.resolve("model.safetensors"), c.bytes());
    String error = c.error();
    if (error == null) {
      Safetensors.open(file).close();
      return;
    }
    var e = assertThrows(TensorFileException.class, () -> Safetensors.open(file));
    assertTrue(String.valueOf(e.getMessage()).contains(error), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "), e.getMessage());
    assertEquals(file, e.file());
  }

  @Test
  void readsEveryTypeOfTheReferenceWriter() throws IOException {
    try (TensorFile f = Safetensors.open(golden("reference.safetensors"))) {
      assertEquals(Map.of("format", "pt"), f.metadata());
      assertEquals(9, f.tensors().size());
      assertTensor(f.read("b.weight"), DType.F32, Shape.of(2, 3), -2.5, -1.5, -.5, .5, 1.5, 2.5);
      assertTensor(f.read("a.half"), DType.F16, Shape.of(3), 1.5, -65504, 5.960464477539063E-8);
      assertTensor(f.read("a.brain"), DType.BF16, Shape.of(3), 1, -3.140625, 1.0 / 0);
      assertTensor(f.read("z.double"), DType.F64, Shape.of(), Math.PI);
      assertTensor(f.read("ids"), DType.I64, Shape.of(2, 2), 1, -2, 3, 1L << 40);
      assertTensor(f.read("labels"), DType.I32, Shape.of(2), 7, -8);
      assertTensor(f.read("empty"), DType.F32, Shape.of(0, 4));
      assertTensor(f.read("mask"), DType.U8, Shape.of(3), 1, 0, 255);
      assertTensor(f.read("\u00fcber \"q\"\t"), DType.F32, Shape.of(1), 1);
      assertTensor(f.read("a.brain", DType.F32), DType.F32, Shape.of(3), 1, -3.140625, 1.0 / 0);
      assertTensor(f.read("labels", DType.I32), DType.I32, Shape.of(2), 7, -8);
    }
  }

  @Test
  void widensIntegersThatNoTensorHasAndNamesTypesItCannotRead() throws IOException {
    try (TensorFile f = Safetensors.open(golden("widened.safetensors"))) {
      assertEquals(Map.of(), f.metadata());
      assertTensor(f.read("flag"), DType.U8, Shape.of(3), 1, 0, 1);
      assertTensor(f.read("i8"), DType.I32, Shape.of(2), -128, 127);
      assertTensor(f.read("i16"), DType.I32, Shape.of(2), -32768, 5);
      assertTensor(f.read("u16"), DType.I32, Shape.of(2), 65535, 1);
      assertTensor(f.read("u32"), DType.I64, Shape.of(1), 4294967295L);
      assertTensor(f.read("u64"), DType.I64, Shape.of(1), 9);
      TensorInfo c64 = Objects.requireNonNull(f.tensors().get("c64"));
      assertEquals("C64", c64.storedType());
      assertNull(c64.dtype());
      assertEquals(8, c64.bytes());
      var e = assertThrows(TensorFileException.class, () -> f.read("f8"));
      assertTrue(String.valueOf(e.getMessage()).contains("tensor 'f8' is stored as F8_E4M3"));
      assertEquals("f8", e.tensor());
    }
  }

  @Test
  void refusesUnsignedLongsThatDoNotFit() throws IOException {
    byte[] bytes =
        SafetensorsCorpus.file("{\"a\":" + SafetensorsCorpus.tensor("U64", "[1]", 0, 8) + "}", 8);
    bytes[bytes.length - 1] = (byte) 0x80;
    assertReadFails(bytes, "holds a U64 above 2^63 - 1");
  }

  @Test
  void listsButDoesNotReadWhatTensorsCannotHold() throws IOException {
    String rank9 = SafetensorsCorpus.tensor("U8", "[1,1,1,1,1,1,1,1,1]", 0, 1);
    assertReadFails(SafetensorsCorpus.file("{\"a\":" + rank9 + "}", 1), "beyond rank 8");
    String wide = SafetensorsCorpus.tensor("U8", "[4294967296,0]", 0, 0);
    assertReadFails(SafetensorsCorpus.file("{\"a\":" + wide + "}", 0), "[4294967296, 0], beyond");
  }

  private void assertReadFails(byte[] bytes, String problem) throws IOException {
    Path file = Files.write(folder.resolve("odd.safetensors"), bytes);
    try (TensorFile f = Safetensors.open(file)) {
      assertNotNull(f.tensors().get("a"));
      var e = assertThrows(TensorFileException.class, () -> f.read("a"));
      assertTrue(String.valueOf(e.getMessage()).contains(problem), e.getMessage());
    }
  }

  @Test
  void namesSomeTensorsWhenOneIsMissing() throws IOException {
    Path empty = Files.write(folder.resolve("e.safetensors"), SafetensorsCorpus.file("{}", 0));
    try (TensorFile f = Safetensors.open(golden("reference.safetensors"));
        TensorFile none = Safetensors.open(empty)) {
      var e = assertThrows(TensorFileException.class, () -> f.read("nope"));
      assertTrue(
          String.valueOf(e.getMessage())
              .endsWith(
                  "tensor 'nope' is not there; its 9 tensors are ['ids', 'z.double',"
                      + " 'b.weight'] and so on"),
          e.getMessage());
      e = assertThrows(TensorFileException.class, () -> none.read("nope"));
      assertTrue(String.valueOf(e.getMessage()).endsWith("the file has no tensors"));
    }
  }

  @Test
  void writesTheBytesOfTheReferenceWriter() throws IOException {
    Path file = folder.resolve("again.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (TensorFile f = Safetensors.open(golden("reference.safetensors"))) {
      for (String name : f.tensors().keySet()) {
        tensors.put(name, f.read(name));
      }
    }
    Safetensors.write(file, tensors);
    assertArrayEquals(
        Files.readAllBytes(golden("reference.safetensors")), Files.readAllBytes(file));
  }

  @Test
  void writesViewsInRowMajorOrderAndLargeTensorsInPieces() throws IOException {
    Path file = folder.resolve("views.safetensors");
    Tensor x = Tensor.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, 6);
    Tensor large = Tensor.empty(Shape.of(700_001), DType.F32, Backends.current());
    large.kernels().uniform(Rng.seed(1), 0, 1, large);
    Safetensors.write(
        file, Map.of("t", x.transpose(0, 1), "s", x.slice(1, 1, 3), "large", large), Map.of());
    try (TensorFile f = Safetensors.open(file)) {
      assertEquals(Map.of(), f.metadata());
      assertTensor(f.read("t"), DType.F32, Shape.of(3, 2), 1, 4, 2, 5, 3, 6);
      assertTensor(f.read("s"), DType.F32, Shape.of(2, 2), 2, 3, 5, 6);
      assertArrayEquals(large.toFloats(), f.read("large").toFloats());
    }
    assertEquals("f32[2, 3] [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]", x.toString()); // still alive
  }

  @Test
  void keepsTheBitsOfHalvesThroughARoundTrip() throws IOException {
    Path file = folder.resolve("bits.safetensors");
    Tensor t = Tensor.emptyOnHost(Shape.of(1 << 16), DType.BF16);
    for (int i = 0; i < 1 << 16; i++) {
      t.heap().shorts()[i] = (short) i;
    }
    Safetensors.write(file, Map.of("t", t));
    try (TensorFile f = Safetensors.open(file)) {
      Tensor back = f.read("t");
      for (int i = 0; i < 1 << 16; i++) {
        assertEquals((short) i, back.heap().shorts()[i]);
      }
      assertEquals(BFloat16.toFloat((short) 0x3f80), f.read("t", DType.F32).toFloats()[0x3f80]);
    }
  }

  @Test
  void refusesNamesThatTheFormatCannotHold() {
    Path file = folder.resolve("bad.safetensors");
    Tensor t = Tensor.scalar(1, DType.F32);
    var e =
        assertThrows(
            TensorFileException.class, () -> Safetensors.write(file, Map.of("__metadata__", t)));
    assertTrue(String.valueOf(e.getMessage()).contains("keeps for itself"));
    e = assertThrows(TensorFileException.class, () -> Safetensors.write(file, Map.of("\ud800", t)));
    assertTrue(String.valueOf(e.getMessage()).contains("half of a surrogate pair"));
    assertTrue(Files.notExists(file));
  }

  @Test
  void cannotBeReadAfterItIsClosed() throws IOException {
    TensorFile f = Safetensors.open(golden("reference.safetensors"));
    f.close();
    assertThrows(IllegalStateException.class, () -> f.read("labels"));
  }

  @Test
  void aFileThatShrinksWhileItIsOpenIsAnErrorAndNotACrash() throws IOException {
    Path file = folder.resolve("large.safetensors");
    Safetensors.write(file, Map.of("t", Tensor.zeros(Shape.of(1 << 20), DType.F32)));
    try (TensorFile f = Safetensors.open(file)) {
      try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
        c.truncate(100);
      }
      var e = assertThrows(TensorFileException.class, () -> f.read("t"));
      assertTrue(
          String.valueOf(e.getMessage())
              .endsWith("could not be read; the file was changed meanwhile; open it again"));
    }
  }

  @Test
  void saysWhichFileIsMissing() {
    assertThrows(
        NoSuchFileException.class, () -> Safetensors.open(folder.resolve("none.safetensors")));
  }

  static Path golden(String name) {
    try {
      return Path.of(Objects.requireNonNull(SafetensorsTest.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static void assertTensor(Tensor t, DType dtype, Shape shape, double... values) {
    assertEquals(dtype, t.dtype());
    assertEquals(shape, t.shape());
    assertArrayEquals(values, t.toDoubles());
  }
}
