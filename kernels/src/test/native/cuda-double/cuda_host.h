/* Test double of CUDA: enough of CUDA C, included before a program, to compile its CUDA branch (what
 * nvcc sees, shuffles included) as host C++. */
#ifndef BKDOUBLE_CUDA_HOST_H
#define BKDOUBLE_CUDA_HOST_H
#include "device_code.h"

#define __CUDACC__ 1
#define __global__
#define __device__ __attribute__((unused))
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __shared__ BKDOUBLE_SHARED

struct alignas(16) float4 {
  float x, y, z, w;
};

using bkdouble::blockDim;
using bkdouble::blockIdx;
using bkdouble::gridDim;
using bkdouble::threadIdx;

#define __syncthreads() bkdouble::syncBlock(__LINE__)
#define __syncwarp(...) bkdouble::syncWarp(__LINE__)
#define __shfl_sync(mask, v, lane) bkdouble::shuffle(v, lane, __LINE__)
#define __shfl_xor_sync(mask, v, o) bkdouble::shuffle(v, (threadIdx.x & 31u) ^ (o), __LINE__)
#define __shfl_down_sync(mask, v, o) bkdouble::shuffle(v, bkdouble::below(o), __LINE__)
#define __umulhi(a, b) ((unsigned)(((uint64_t)(unsigned)(a) * (unsigned)(b)) >> 32))
#define __float_as_uint(f) bkdouble::bitCast<unsigned>((float)(f))
#define __uint_as_float(u) bkdouble::bitCast<float>((unsigned)(u))
#define __int_as_float(i) bkdouble::bitCast<float>((int)(i))
#define __double_as_longlong(d) bkdouble::bitCast<long long>((double)(d))
#define rsqrtf(x) (1.0f / sqrtf(x))

namespace bkdouble {
/* Lane that __shfl_down_sync reads: one's own where there is none so far up. */
inline unsigned below(unsigned offset) {
  unsigned lane = ::threadIdx.x & 31u;
  return lane + offset < 32u ? lane + offset : lane;
}
}  // namespace bkdouble
#endif
