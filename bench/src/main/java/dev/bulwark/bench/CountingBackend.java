package dev.bulwark.bench;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Buffer;
import dev.bulwark.tensor.backend.HeapPool;
import dev.bulwark.tensor.backend.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A host back end that counts the floating-point operations of matrix products and attention, and
 * lets another one compute them: what the forward and backward passes of a step amount to.
 */
final class CountingBackend implements Backend {
  private final Backend inner;
  private final Kernels kernels;
  private final AtomicLong operations = new AtomicLong();

  CountingBackend(Backend inner) {
    this.inner = inner;
    this.kernels =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, args) -> count(method, args));
  }

  private Object count(Method method, Object[] args) throws Throwable {
    switch (method.getName()) {
      case "gemm" -> {
        Tensor a = (Tensor) args[1];
        operations.addAndGet(2L * ((Tensor) args[4]).size() * a.dim(-1));
      }
      case "linear" -> {
        Tensor x = (Tensor) args[0];
        operations.addAndGet(2L * x.size() * ((Tensor) args[1]).dim(0));
      }
      case "attention" -> attention((AttentionSpec) args[0], (Tensor) args[1], 2);
      case "attentionGrad" -> attention((AttentionSpec) args[0], (Tensor) args[1], 5);
      default -> {}
    }
    try {
      return method.invoke(inner.kernels(), args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void attention(AttentionSpec spec, Tensor q, int products) {
    int[] offsets = spec.offsets();
    long scores = 0;
    for (int i = 1; i < offsets.length; i++) {
      long length = (long) offsets[i] - offsets[i - 1];
      scores += length * length;
    }
    operations.addAndGet(2L * products * scores * q.dim(1) * q.dim(2));
  }

  /** Operations counted since the last call. */
  long take() {
    return operations.getAndSet(0);
  }

  @Override
  public String name() {
    return "counting " + inner.name();
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Buffer allocate(DType dtype, int size) {
    return HeapPool.allocate(this, dtype, size);
  }

  @Override
  public boolean isHost() {
    return true;
  }

  @Override
  public void synchronize() {
    inner.synchronize();
  }
}
