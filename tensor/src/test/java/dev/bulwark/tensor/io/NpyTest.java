package dev.bulwark.tensor.io;

import static dev.bulwark.tensor.io.SafetensorsTest.assertTensor;
import static dev.bulwark.tensor.io.SafetensorsTest.golden;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden files: written by NumPy 2.4.6. */
class NpyTest {
  @TempDir Path folder;

  @Test
  void readsWhatNumpyWrites() throws IOException {
    double[] quarters = {0, .25, .5, .75, 1, 1.25};
    double[] counted = {0, 1, 2, 3, 4, 5};
    assertTensor(Npy.read(golden("f4.npy")), DType.F32, Shape.of(2, 3), quarters);
    assertTensor(Npy.read(golden("f4-v2.npy")), DType.F32, Shape.of(2, 3), counted);
    assertTensor(Npy.read(golden("f4-v3.npy")), DType.F32, Shape.of(2, 3), counted);
    assertTensor(Npy.read(golden("f8-fortran-big.npy")), DType.F64, Shape.of(2, 3), quarters);
    assertTensor(Npy.read(golden("f2.npy")), DType.F16, Shape.of(2), .5, -2);
    assertTensor(Npy.read(golden("i8-scalar.npy")), DType.I64, Shape.of(), -5);
    assertTensor(Npy.read(golden("i4-empty.npy")), DType.I32, Shape.of(0, 3));
    assertTensor(Npy.read(golden("bool.npy")), DType.U8, Shape.of(2), 1, 0);
    assertTensor(Npy.read(golden("i2-big.npy")), DType.I32, Shape.of(2), -2, 300);
    assertTensor(Npy.read(golden("u2.npy")), DType.I32, Shape.of(2), 65535, 3);
    assertTensor(Npy.read(golden("u4.npy")), DType.I64, Shape.of(2), 4294967295L, 3);
  }

  @ParameterizedTest
  @CsvSource({"f4.npy", "f2.npy", "i8-scalar.npy", "i4-empty.npy"})
  void writesTheBytesThatNumpyWrites(String name) throws IOException {
    Path file = folder.resolve(name);
    Npy.write(file, Npy.read(golden(name)));
    assertArrayEquals(Files.readAllBytes(golden(name)), Files.readAllBytes(file));
  }

  @Test
  void keepsEveryTypeThroughARoundTrip() throws IOException {
    Tensor x = Tensor.of(Shape.of(2, 2, 2), 1.0, 2, 3, 4, 5, 6, 7, 8).transpose(0, 2);
    for (DType t : DType.values()) {
      if (t != DType.BF16) {
        Path file = folder.resolve("x.npy");
        Npy.write(file, x.cast(t));
        assertTensor(Npy.read(file), t, Shape.of(2, 2, 2), 1, 5, 3, 7, 2, 6, 4, 8);
      }
    }
  }

  @Test
  void refusesToWriteWhatNumpyDoesNotHave() {
    Path file = folder.resolve("x.npy");
    Tensor t = Tensor.scalar(1, DType.BF16);
    var e = assertThrows(TensorFileException.class, () -> Npy.write(file, t));
    assertTrue(String.valueOf(e.getMessage()).endsWith("NumPy does not have; cast it to F32"));
  }

  @Test
  void refusesObjectsAndStructures() {
    assertRefused(golden("object.npy"), "has elements of type '|O'");
    assertRefused(golden("struct.npy"), "structured and object arrays cannot be read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }; needs 12 bytes of elements",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }; and has 8",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, }; not understood",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x; not understood",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}}; not understood",
        "{'descr': '<f4', 'fortran_order': False}; has the keys",
        "{'descr': '<f4', 'descr': '<f4', 'shape': (2,)}; has the key descr twice",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': True}; has the keys",
        "{'descr': '<f4', 'fortran_order': 'no', 'shape': (2,)}; has fortran_order 'no'",
        "{'descr': '<f4', 'fortran_order': False, 'shape': True}; has shape True",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (,,)}; not shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2,)}; has shape (1 2,)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,)}; has shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,4294967296)}; overflows",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,)}; overflows",
        "{'descr': '<f16', 'fortran_order': False, 'shape': (2,)}; has elements of type '<f16'",
        "{'descr': True, 'fortran_order': False, 'shape': (2,)}; has elements of type",
        "{'descr': '', 'fortran_order': False, 'shape': (2,)}; has elements of type ''",
        "{}; not understood",
        "[]; not understood",
        "__import__('os'); not understood"
      })
  void saysWhatIsWrongWithAHeader(String header, String problem) throws IOException {
    String text = problem.equals("not shape") ? "" : problem;
    assertRefused(file(1, header.length(), header, 8), text);
  }

  @Test
  void readsHeadersInOtherSpellings() throws IOException {
    String header = "{ \"shape\" : ( 2 , ) , 'fortran_order':True,\"descr\":\"<f4\"}  \n";
    assertTensor(Npy.read(file(1, header.length(), header, 8)), DType.F32, Shape.of(2), 0, 0);
    String old = "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }";
    assertTensor(Npy.read(file(1, old.length(), old, 8)), DType.F32, Shape.of(2), 0, 0);
  }

  @Test
  void saysWhatIsWrongWithTheStart() throws IOException {
    assertRefused(Files.write(folder.resolve("a.npy"), new byte[0]), "is not a NumPy array");
    assertRefused(Files.write(folder.resolve("a.npy"), new byte[40]), "is not a NumPy array");
    assertRefused(file(4, 2, "{}", 0), "has version 4 of the format");
    assertRefused(file(0, 2, "{}", 0), "has version 0 of the format");
    assertRefused(file(1, 3, "{}", 0), "ends inside its header");
    assertRefused(file(2, 3, "{}", 0), "ends inside its header");
    assertRefused(file(2, 70_000, "{}", 0), "claims a header of 70000 bytes");
    assertRefused(file(3, -1, "{}", 0), "claims a header of 4294967295 bytes");
    byte[] cut = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, 5, 0};
    assertRefused(Files.write(folder.resolve("a.npy"), cut), "ends inside its header");
  }

  @Test
  void refusesArraysBeyondTensors() throws IOException {
    String rank9 = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,2)}";
    assertRefused(file(1, rank9.length(), rank9, 8), "has a shape beyond tensors");
    String long0 = "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,0)}";
    assertRefused(file(1, long0.length(), long0, 0), "has numbers beyond tensors");
    String many =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s)}".formatted("1,".repeat(65));
    assertRefused(file(1, many.length(), many, 4), "has 65 axes");
    String u8 = "{'descr': '<u8', 'fortran_order': False, 'shape': (1,)}";
    Path file = file(1, u8.length(), u8, 8);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] = -1;
    assertRefused(Files.write(file, bytes), "has numbers beyond tensors");
  }

  private Path file(int version, int length, String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer b = ByteBuffer.allocate(8 + (version < 2 ? 2 : 4) + text.length + dataBytes);
    b.order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'});
    b.put((byte) version).put((byte) 0);
    if (version < 2) {
      b.putShort((short) length);
    } else {
      b.putInt(length);
    }
    return Files.write(folder.resolve("case.npy"), b.put(text).array());
  }

  private static void assertRefused(Path file, String problem) {
    var e = assertThrows(TensorFileException.class, () -> Npy.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains(problem), e.getMessage());
  }
}
