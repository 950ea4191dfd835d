/* Test double of cuBLAS: matrix products, column-major as there, sums in float. Operands are rounded to
 * what the compute type says (TF32, bfloat16, half), so that tolerances are put to the test. Leading
 * dimensions, and whether operands lie in device memory, are checked before anything is computed. */
#include <cmath>
#include <set>

#include "driver.h"

using namespace bkdouble;

namespace {

enum Status { FINE = 0, BLAS_NOT_INITIALIZED = 1, BLAS_INVALID = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum Type { R_32F = 0, R_16F = 2, R_16BF = 14 };
enum Compute { C_32F = 68, C_32F_PEDANTIC = 69, C_FAST_16F = 74, C_FAST_16BF = 75, C_FAST_TF32 = 77 };
constexpr int TF32_MODE = 3; /* cublasSetMathMode */

std::map<uintptr_t, Blas>& handles() { return driver().blas; }

/* Column-major matrices, one after another at a distance. */
struct Matrices {
  const void* data;
  int type;
  int leading;
  long long distance;
  bool transposed;

  size_t width() const { return type == R_32F ? 4 : 2; }

  /* Place of an element of the operand, after transposition. */
  size_t at(int matrix, int row, int column) const {
    return matrix * distance + (transposed ? (size_t)row * leading + column : (size_t)column * leading + row);
  }
};

float fromBfloat(uint16_t bits) { return bitCast<float>((uint32_t)bits << 16); }

/* To nearest, ties to even; keeps so many low bits of the fraction out. */
float withoutBits(float f, int bits) {
  if (!std::isfinite(f)) return f;
  uint32_t u = bitCast<uint32_t>(f);
  u += (1u << (bits - 1)) - 1 + ((u >> bits) & 1);
  return bitCast<float>(u >> bits << bits);
}

float rounded(float f, int compute) {
  switch (compute) {
    case C_FAST_TF32: return withoutBits(f, 13);
    case C_FAST_16BF: return withoutBits(f, 16);
    case C_FAST_16F: return (float)(_Float16)f;
    default: return f;
  }
}

float load(const Matrices& m, size_t at) {
  switch (m.type) {
    case R_16F: return (float)((const _Float16*)m.data)[at];
    case R_16BF: return fromBfloat(((const uint16_t*)m.data)[at]);
    default: return ((const float*)m.data)[at];
  }
}

void store(const Matrices& m, size_t at, float f) {
  switch (m.type) {
    case R_16F: ((_Float16*)m.data)[at] = (_Float16)f; break;
    case R_16BF: ((uint16_t*)m.data)[at] = (uint16_t)(bitCast<uint32_t>(withoutBits(f, 16)) >> 16); break;
    default: ((float*)m.data)[at] = f;
  }
}

/* c = alpha a b + beta c, count times. a is m by k. */
struct Gemm {
  int m, n, k, count, compute;
  float alpha, beta;
  Matrices a, b, c;

  void run() const {
    std::vector<float> left((size_t)m * k), right((size_t)k * n);
    for (int x = 0; x < count; x++) {
      for (int i = 0; i < m; i++) {
        for (int p = 0; p < k; p++) left[(size_t)i * k + p] = rounded(load(a, a.at(x, i, p)), compute);
      }
      for (int j = 0; j < n; j++) {
        for (int p = 0; p < k; p++) right[(size_t)j * k + p] = rounded(load(b, b.at(x, p, j)), compute);
      }
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
          float sum = 0;
          for (int p = 0; p < k; p++) sum += left[(size_t)i * k + p] * right[(size_t)j * k + p];
          size_t at = c.at(x, i, j);
          store(c, at, alpha * sum + (beta == 0 ? 0 : beta * load(c, at)));
        }
      }
    }
  }
};

/* Whether matrices of rows by columns (before transposition) fit their leading dimension and memory. */
bool fits(const char* name, const Matrices& m, int rows, int columns, int count) {
  if (m.leading < rows || m.leading < 1) {
    misuse(BLAS_INVALID, std::string("leading dimension of ") + name + " is too small");
    return false;
  }
  if (rows == 0 || columns == 0) return true;
  size_t elements = (count - 1) * m.distance + (size_t)(columns - 1) * m.leading + rows;
  if (m.distance < 0 || !isDevice(m.data, elements * m.width())) {
    misuse(BLAS_INVALID, std::string("operand ") + name + " leaves device memory");
    return false;
  }
  return true;
}

int multiply(uintptr_t handle, int transposeA, int transposeB, const void* alpha, const void* beta, Gemm g) {
  BK_LOCK;
  auto found = handles().find(handle);
  if (found == handles().end() || found->second.context != current()) {
    misuse(BLAS_NOT_INITIALIZED, "a cuBLAS handle that does not exist, or of another context");
    return BLAS_NOT_INITIALIZED;
  }
  if (enter(Kind::BLAS)) return EXECUTION_FAILED;
  if (g.m < 0 || g.n < 0 || g.k < 0 || g.count < 0) return BLAS_INVALID;
  if (g.m == 0 || g.n == 0 || g.count == 0) return FINE;
  if (g.compute == C_32F && found->second.mathMode == TF32_MODE) g.compute = C_FAST_TF32;
  static const std::set<int> known = {C_32F, C_32F_PEDANTIC, C_FAST_16F, C_FAST_16BF, C_FAST_TF32};
  if (!known.count(g.compute)) return NOT_SUPPORTED;
  g.a.transposed = transposeA != 0;
  g.b.transposed = transposeB != 0;
  bool fine = fits("A", g.a, transposeA ? g.k : g.m, transposeA ? g.m : g.k, g.count)
      && fits("B", g.b, transposeB ? g.n : g.k, transposeB ? g.k : g.n, g.count)
      && fits("C", g.c, g.m, g.n, g.count);
  if (!fine) return BLAS_INVALID;
  if (g.count > 1 && g.c.distance == 0) {
    misuse(BLAS_INVALID, "results of a batch lie on one another");
    return BLAS_INVALID;
  }
  g.alpha = *(const float*)alpha; /* read at the call: pointer mode host */
  g.beta = *(const float*)beta;
  int code = enqueue(found->second.stream, [g] {
    g.run();
    std::string broken = brokenCanary(g.c.data);
    return broken.empty() ? 0 : misuse(ILLEGAL_ADDRESS, "cuBLAS: " + broken);
  });
  return code ? EXECUTION_FAILED : FINE;
}

}  // namespace

BK_API int cublasCreate_v2(uintptr_t* out) {
  BK_LOCK;
  if (enter(Kind::CREATE)) return BLAS_NOT_INITIALIZED;
  *out = newHandle();
  handles()[*out] = {current(), 0, 0};
  return FINE;
}

BK_API int cublasDestroy_v2(uintptr_t handle) {
  BK_LOCK;
  if (!handles().erase(handle)) return BLAS_NOT_INITIALIZED;
  return FINE;
}

BK_API int cublasGetVersion_v2(uintptr_t, int* version) {
  *version = 120600;
  return FINE;
}

BK_API int cublasSetStream_v2(uintptr_t handle, CUstream stream) {
  BK_LOCK;
  if (!handles().count(handle)) return BLAS_NOT_INITIALIZED;
  handles()[handle].stream = stream;
  return FINE;
}

BK_API int cublasSetMathMode(uintptr_t handle, int mode) {
  BK_LOCK;
  if (!handles().count(handle)) return BLAS_NOT_INITIALIZED;
  handles()[handle].mathMode = mode;
  return FINE;
}

/* Only scalars on the host are known here. */
BK_API int cublasSetPointerMode_v2(uintptr_t, int mode) { return mode == 0 ? FINE : NOT_SUPPORTED; }

BK_API int cublasSetWorkspace_v2(uintptr_t handle, void* memory, size_t bytes) {
  BK_LOCK;
  if (!handles().count(handle)) return BLAS_NOT_INITIALIZED;
  if (bytes == 0 || isDevice(memory, bytes)) return FINE;
  misuse(BLAS_INVALID, "the workspace of cuBLAS is no device memory");
  return BLAS_INVALID;
}

BK_API const char* cublasGetStatusString(int) { return "status of the cuBLAS test double"; }

BK_API const char* cublasGetStatusName(int) { return "STATUS_OF_CUBLAS_TEST_DOUBLE"; }

BK_API int cublasGemmEx(uintptr_t handle, int transposeA, int transposeB, int m, int n, int k,
                        const void* alpha, const void* a, int aType, int lda, const void* b, int bType,
                        int ldb, const void* beta, void* c, int cType, int ldc, int compute, int) {
  return multiply(handle, transposeA, transposeB, alpha, beta,
                  {m, n, k, 1, compute, 0, 0, {a, aType, lda, 0, false}, {b, bType, ldb, 0, false},
                   {c, cType, ldc, 0, false}});
}

BK_API int cublasGemmStridedBatchedEx(uintptr_t handle, int transposeA, int transposeB, int m, int n,
                                      int k, const void* alpha, const void* a, int aType, int lda,
                                      long long strideA, const void* b, int bType, int ldb,
                                      long long strideB, const void* beta, void* c, int cType, int ldc,
                                      long long strideC, int count, int compute, int) {
  return multiply(handle, transposeA, transposeB, alpha, beta,
                  {m, n, k, count, compute, 0, 0, {a, aType, lda, strideA, false},
                   {b, bType, ldb, strideB, false}, {c, cType, ldc, strideC, false}});
}

BK_API int cublasSgemm_v2(uintptr_t handle, int transposeA, int transposeB, int m, int n, int k,
                          const float* alpha, const float* a, int lda, const float* b, int ldb,
                          const float* beta, float* c, int ldc) {
  return cublasGemmEx(handle, transposeA, transposeB, m, n, k, alpha, a, R_32F, lda, b, R_32F, ldb, beta,
                      c, R_32F, ldc, C_32F, 0);
}

BK_API int cublasSgemmStridedBatched(uintptr_t handle, int transposeA, int transposeB, int m, int n, int k,
                                     const float* alpha, const float* a, int lda, long long strideA,
                                     const float* b, int ldb, long long strideB, const float* beta,
                                     float* c, int ldc, long long strideC, int count) {
  return cublasGemmStridedBatchedEx(handle, transposeA, transposeB, m, n, k, alpha, a, R_32F, lda, strideA,
                                    b, R_32F, ldb, strideB, beta, c, R_32F, ldc, strideC, count, C_32F, 0);
}
