/* Test double of CUDA: the host branch of the kernel dialect (see dialect.h), portable code only. */
#ifndef BK_DIALECT_HOST_H
#define BK_DIALECT_HOST_H
#include "device_code.h"

#define BK_KERNEL(name, args) static void name args
#define BK_GLOBAL
#define BK_LOCAL
#define BK_FN static inline __attribute__((unused))
#define BK_SHARED(T, name, n) BKDOUBLE_SHARED T name[n]
typedef uint32_t bk_u32;
typedef uint64_t bk_u64;
typedef int64_t bk_i64;
typedef uint16_t bk_u16;
typedef uint8_t bk_u8;
#define BK_THREAD ((int)bkdouble::threadIdx.x)
#define BK_BLOCK ((int)bkdouble::blockDim.x)
#define BK_X ((int)bkdouble::blockIdx.x)
#define BK_Y ((int)bkdouble::blockIdx.y)
#define BK_GRID_X ((int)bkdouble::gridDim.x)
#define BK_SYNC() bkdouble::syncBlock(__LINE__)
#define BK_SYNC_GLOBAL() bkdouble::syncBlock(__LINE__)
#define BK_F(name) name##f
#define bk_mulhi(a, b) ((bk_u32)(((bk_u64)(bk_u32)(a) * (bk_u32)(b)) >> 32))
#define bk_as_u32(f) bkdouble::bitCast<bk_u32>((float)(f))
#define bk_as_f32(u) bkdouble::bitCast<float>((bk_u32)(u))
#define BK_INF ((float)INFINITY)
#define BK_NAN ((float)NAN)
#endif
