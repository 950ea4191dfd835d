/**
 * The CPU back end on the Vector API: F32 on heap arrays, every core.
 *
 * <p>Start with {@link dev.bulwark.kernels.simd.SimdKernels}: it looks at types and strides and
 * hands each call to the file that knows it ({@link dev.bulwark.kernels.simd.Gemm}, {@link
 * dev.bulwark.kernels.simd.Attention}, {@link dev.bulwark.kernels.simd.LayerNorms}, ...); what no
 * fast file takes goes to the reference back end. {@link dev.bulwark.kernels.simd.Parallel} shares
 * work among threads, {@link dev.bulwark.kernels.simd.Lanes} fixes the vector width once.
 *
 * <p>Two promises hold everywhere. Bits do not depend on the thread count: work is cut into pieces
 * that no thread count changes, and partial sums are joined in the order of the pieces. Bits do not
 * depend on the compiler tier: lane sums are written out as a tree, and no library function with
 * several implementations is called.
 *
 * <p>Vector code is slow until the optimising compiler has seen it. Flags that help: {@code
 * -XX:+UseTransparentHugePages} (large arrays), and {@code -XX:CompileCommand=quiet
 * -XX:CompileCommand=CompileThresholdScaling,dev.bulwark.kernels.simd.*::*,0.05} (compiles these
 * loops earlier).
 *
 * <p>Nothing is allocated through the tensor layer inside parallel loops; temporary arrays come
 * from {@link dev.bulwark.kernels.simd.Scratch}.
 */
@NullMarked
package dev.bulwark.kernels.simd;

import org.jspecify.annotations.NullMarked;
