package peers;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J on the CPU; its threads are those of OMP_NUM_THREADS. */
final class Nd4jProducts implements Products {
  @Override
  public Runnable of(int m, int n, int k, boolean ta, boolean tb) {
    INDArray a = Nd4j.create(Products.random(m * k, 1), shape(ta, m, k), 'c');
    INDArray b = Nd4j.create(Products.random(n * k, 2), shape(tb, k, n), 'c');
    INDArray c = Nd4j.createUninitialized(DataType.FLOAT, new long[] {m, n}, 'f');
    INDArray left = ta ? a.transpose() : a;
    INDArray right = tb ? b.transpose() : b;
    return () -> left.mmuli(right, c);
  }

  private static long[] shape(boolean transposed, int rows, int columns) {
    return transposed ? new long[] {columns, rows} : new long[] {rows, columns};
  }
}
