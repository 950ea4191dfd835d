package peers;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/** OpenBLAS by bytedeco. */
final class OpenBlas implements Products {
  OpenBlas(int threads) {
    openblas.blas_set_num_threads(threads);
  }

  @Override
  public Runnable of(int m, int n, int k, boolean ta, boolean tb) {
    FloatPointer a = new FloatPointer(Products.random(m * k, 1));
    FloatPointer b = new FloatPointer(Products.random(n * k, 2));
    FloatPointer c = new FloatPointer((long) m * n);
    int opA = ta ? openblas.CblasTrans : openblas.CblasNoTrans;
    int opB = tb ? openblas.CblasTrans : openblas.CblasNoTrans;
    return () ->
        openblas.cblas_sgemm(
            openblas.CblasRowMajor, opA, opB, m, n, k, 1f, a, ta ? m : k, b, tb ? k : n, 0f, c, n);
  }
}
