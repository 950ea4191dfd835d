package peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** DJL with its PyTorch engine; each product makes a new array, as DJL always does. */
final class Djl implements Products {
  private final NDManager manager;

  Djl(int threads) {
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    manager = NDManager.newBaseManager("PyTorch");
  }

  @Override
  public Runnable of(int m, int n, int k, boolean ta, boolean tb) {
    NDArray a = manager.create(Products.random(m * k, 1), shape(ta, m, k));
    NDArray b = manager.create(Products.random(n * k, 2), shape(tb, k, n));
    NDArray left = ta ? a.transpose() : a;
    NDArray right = tb ? b.transpose() : b;
    return () -> left.matMul(right).close();
  }

  private static Shape shape(boolean transposed, int rows, int columns) {
    return transposed ? new Shape(columns, rows) : new Shape(rows, columns);
  }
}
