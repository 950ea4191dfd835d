package peers;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;

/** Intel MKL by bytedeco. */
final class Mkl implements Products {
  Mkl(int threads) {
    mkl_rt.MKL_Set_Num_Threads(threads);
  }

  @Override
  public Runnable of(int m, int n, int k, boolean ta, boolean tb) {
    FloatPointer a = new FloatPointer(Products.random(m * k, 1));
    FloatPointer b = new FloatPointer(Products.random(n * k, 2));
    FloatPointer c = new FloatPointer((long) m * n);
    int opA = ta ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans;
    int opB = tb ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans;
    return () ->
        mkl_rt.cblas_sgemm(
            mkl_rt.CblasRowMajor, opA, opB, m, n, k, 1f, a, ta ? m : k, b, tb ? k : n, 0f, c, n);
  }
}
