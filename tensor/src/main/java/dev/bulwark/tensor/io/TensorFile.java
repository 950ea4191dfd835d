package dev.bulwark.tensor.io;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** An open file, or a set of files, with tensors in it. Safe for use by several threads. */
public interface TensorFile extends Closeable {
  /**
   * What is in it.
   *
   * @return descriptions by name, in the order of the file
   */
  Map<String, TensorInfo> tensors();

  /**
   * What the writer noted beside the tensors.
   *
   * @return free texts by name
   */
  Map<String, String> metadata();

  /**
   * Reads one tensor in the type it is stored in; I8, I16 and U16 become I32, U32 and U64 become
   * I64, BOOL becomes U8.
   *
   * @param name its name
   * @return a host tensor, owned by the current scope
   * @throws TensorFileException if there is none, or its type or size has no tensor
   * @throws IOException if the file cannot be read
   */
  Tensor read(String name) throws IOException;

  /**
   * Reads one tensor and converts it.
   *
   * @param name its name
   * @param as the type to have
   * @return a host tensor, owned by the current scope
   * @throws TensorFileException if there is none, or its type or size has no tensor
   * @throws IOException if the file cannot be read
   */
  default Tensor read(String name, DType as) throws IOException {
    Tensor t = read(name);
    return t.dtype() == as ? t : t.cast(as);
  }
}
