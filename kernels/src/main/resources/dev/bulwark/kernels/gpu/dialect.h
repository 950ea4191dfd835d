/* One kernel language, three compilers: CUDA C (nvcc, NVRTC), OpenCL C 1.2, and host C++ for the
 * CUDA test double (which brings dialect_host.h).
 *
 * Rules that all three accept:
 *   - C99 without double pointers, templates, overloads or default arguments;
 *   - a pointer that is not private carries BK_GLOBAL or BK_LOCAL;
 *   - work-group memory is declared by BK_SHARED at the top level of a kernel's body;
 *   - BK_SYNC() is reached by every thread of the block: never inside a condition that differs
 *     between threads;
 *   - BK_SYNC() orders work-group memory only; where threads of a block read and write the same
 *     global memory, BK_SYNC_GLOBAL() stands between;
 *   - blocks are one-dimensional, of BK_BLOCK threads (a power of two) unless a kernel says so;
 *   - no atomics: sums have a fixed order;
 *   - arithmetic is in float; double only where a kernel says why.
 */
#ifndef BK_DIALECT_H
#define BK_DIALECT_H

#if defined(__OPENCL_VERSION__) /* ------------------------------------------------ OpenCL C */
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT ON
#define BK_KERNEL(name, args) __kernel void name args
#define BK_GLOBAL __global
#define BK_LOCAL __local
#define BK_FN static inline
#define BK_SHARED(T, name, n) __local T name[n]
typedef uint bk_u32;
typedef ulong bk_u64;
typedef long bk_i64;
typedef ushort bk_u16;
typedef uchar bk_u8;
#define BK_THREAD ((int)get_local_id(0))
#define BK_BLOCK ((int)get_local_size(0))
#define BK_X ((int)get_group_id(0))
#define BK_Y ((int)get_group_id(1))
#define BK_GRID_X ((int)get_num_groups(0))
#define BK_SYNC() barrier(CLK_LOCAL_MEM_FENCE)
#define BK_SYNC_GLOBAL() barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define BK_F(name) name
#define bk_mulhi(a, b) mul_hi((uint)(a), (uint)(b))
#define bk_as_u32(f) as_uint((float)(f))
#define bk_as_f32(u) as_float((uint)(u))
#define BK_INF INFINITY
#define BK_NAN NAN

#elif defined(__CUDACC__) || defined(__CUDACC_RTC__) /* --------------------------- CUDA C */
#define BK_KERNEL(name, args) extern "C" __global__ void name args
#define BK_GLOBAL
#define BK_LOCAL
#define BK_FN static __device__ __forceinline__
#define BK_SHARED(T, name, n) __shared__ T name[n]
typedef unsigned int bk_u32;
typedef unsigned long long bk_u64;
typedef long long bk_i64;
typedef unsigned short bk_u16;
typedef unsigned char bk_u8;
#define BK_THREAD ((int)threadIdx.x)
#define BK_BLOCK ((int)blockDim.x)
#define BK_X ((int)blockIdx.x)
#define BK_Y ((int)blockIdx.y)
#define BK_GRID_X ((int)gridDim.x)
#define BK_SYNC() __syncthreads()
#define BK_SYNC_GLOBAL() __syncthreads()
#define BK_F(name) name##f
#define bk_mulhi(a, b) __umulhi(a, b)
#define bk_as_u32(f) __float_as_uint(f)
#define bk_as_f32(u) __uint_as_float(u)
#define BK_INF (__int_as_float(0x7f800000))
#define BK_NAN (__int_as_float(0x7fffffff))

#else /* ------------------------------------------------------------------------- host C++ */
#include "dialect_host.h"
#endif

/* Functions of one float. BK_F(exp)(x) is exp in OpenCL, expf elsewhere. */
#define bk_exp(x) BK_F(exp)((float)(x))
#define bk_log(x) BK_F(log)((float)(x))
#define bk_log1p(x) BK_F(log1p)((float)(x))
#define bk_sqrt(x) BK_F(sqrt)((float)(x))
#define bk_tanh(x) BK_F(tanh)((float)(x))
#define bk_erf(x) BK_F(erf)((float)(x))
#define bk_sin(x) BK_F(sin)((float)(x))
#define bk_cos(x) BK_F(cos)((float)(x))
#define bk_pow(x, y) BK_F(pow)((float)(x), (float)(y))
#define bk_fabs(x) BK_F(fabs)((float)(x))
#define bk_fma(a, b, c) BK_F(fma)((float)(a), (float)(b), (float)(c))
#define bk_is_nan(x) ((x) != (x))

/* The larger or smaller of two; NaN if either is NaN, unlike fmax. */
BK_FN float bk_max(float a, float b) { return a > b || bk_is_nan(a) ? a : b; }
BK_FN float bk_min(float a, float b) { return a < b || bk_is_nan(a) ? a : b; }

/* Four floats that lie together: declare shared memory as bk_f4 where it is read so. */
#if defined(__OPENCL_VERSION__) || defined(__CUDACC__) || defined(__CUDACC_RTC__)
typedef float4 bk_f4;
#else
typedef struct { float x, y, z, w; } bk_f4;
#endif

/* Walks elements 0 to size - 1 by all threads of the grid. int can count on from the last element:
 * GpuBackend makes no buffer so large that it could not. */
#define BK_EACH(i, size) \
  for (int i = BK_X * BK_BLOCK + BK_THREAD; i < (size); i += BK_GRID_X * BK_BLOCK)

/* Walks rows by all blocks of the grid, and the columns of a row by all threads of a block. */
#define BK_ROWS(r, rows) for (int r = BK_X; r < (rows); r += BK_GRID_X)
#define BK_COLUMNS(c, columns) for (int c = BK_THREAD; c < (columns); c += BK_BLOCK)

/* ---- views: at most four axes, the last one innermost */

typedef struct { int offset, s0, s1, s2, s3; } bk_view; /* strides in elements; 0 repeats */
typedef struct { int n0, n1, n2, n3; } bk_dims;

/* Place in the buffer of row-major element i of a view. */
BK_FN int bk_at(bk_view v, bk_dims n, int i) {
  if (n.n2 == 1 && n.n1 == 1 && n.n0 == 1) return v.offset + i * v.s3;
  int i3 = i % n.n3;
  int r = i / n.n3;
  int i2 = r % n.n2;
  r = r / n.n2;
  int i1 = r % n.n1;
  return v.offset + (r / n.n1) * v.s0 + i1 * v.s1 + i2 * v.s2 + i3 * v.s3;
}

/* ---- block reductions: every thread of the block calls, every thread gets the result.
 * red: at least BK_BLOCK places; BK_BLOCK is a power of two. On CUDA lanes are folded by shuffles:
 * another order of the same sum. */

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
#define BK_BLOCK_FOLD(name, T, expression)                                        \
  BK_FN T name(T v, T* red) {                                                     \
    for (int o = 16; o > 0; o >>= 1) {                                            \
      T w = __shfl_xor_sync(0xffffffffu, v, o);                                   \
      v = expression(v, w);                                                       \
    }                                                                             \
    __syncthreads();                                                              \
    if ((threadIdx.x & 31) == 0) red[threadIdx.x >> 5] = v;                       \
    __syncthreads();                                                              \
    v = red[0];                                                                   \
    for (int i = 1; i < (int)blockDim.x / 32; i++) v = expression(v, red[i]);     \
    return v;                                                                     \
  }
#else
#define BK_BLOCK_FOLD(name, T, expression)                                        \
  BK_FN T name(T v, BK_LOCAL T* red) {                                            \
    int t = BK_THREAD;                                                            \
    BK_SYNC();                                                                    \
    red[t] = v;                                                                   \
    BK_SYNC();                                                                    \
    for (int s = BK_BLOCK >> 1; s > 0; s >>= 1) {                                 \
      if (t < s) red[t] = expression(red[t], red[t + s]);                         \
      BK_SYNC();                                                                  \
    }                                                                             \
    return red[0];                                                                \
  }
#endif
#define BK_PLUS(a, b) ((a) + (b))
BK_BLOCK_FOLD(bk_block_sum, float, BK_PLUS)
BK_BLOCK_FOLD(bk_block_sum64, double, BK_PLUS)
BK_BLOCK_FOLD(bk_block_max, float, bk_max)

/* ---- Philox 4x32, 10 rounds, keyed as dev.bulwark.tensor.Rng: integers only, the same bits
 * everywhere. Element i of a stream is word i % 4 of block i / 4. */

typedef struct { bk_u32 w0, w1, w2, w3; } bk_words;

BK_FN bk_words bk_philox(bk_u64 block, bk_u64 key) {
  bk_u32 c0 = (bk_u32)block, c1 = (bk_u32)(block >> 32), c2 = 0u, c3 = 0u;
  bk_u32 k0 = (bk_u32)key, k1 = (bk_u32)(key >> 32);
  for (int r = 0; r < 10; r++) {
    bk_u32 h0 = bk_mulhi(0xD2511F53u, c0), l0 = 0xD2511F53u * c0;
    bk_u32 h1 = bk_mulhi(0xCD9E8D57u, c2), l1 = 0xCD9E8D57u * c2;
    bk_u32 n0 = h1 ^ c1 ^ k0, n2 = h0 ^ c3 ^ k1;
    c0 = n0;
    c1 = l1;
    c2 = n2;
    c3 = l0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  bk_words w = {c0, c1, c2, c3};
  return w;
}

BK_FN bk_u32 bk_word(bk_words w, int lane) {
  return lane == 0 ? w.w0 : lane == 1 ? w.w1 : lane == 2 ? w.w2 : w.w3;
}

#endif
