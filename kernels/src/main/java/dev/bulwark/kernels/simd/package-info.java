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
 * <h2>What makes a vector loop fast here, as measured</h2>
 *
 * <p>On two cores of an Emerald Rapids Xeon (512 bits, 165 GFLOP/s a core) with JDK 25.0.3; the
 * machine code was read by disassembling what {@code -XX:CompileCommand=print} prints.
 *
 * <ul>
 *   <li><b>Nothing after the loop but stores.</b> A tile that added a summand to its accumulators
 *       before it stored them ran 900 cycles longer, whatever its depth: each store at a computed
 *       index has a range check of its own, and for the case that one fails the compiler kept all
 *       24 accumulators on the stack, in places that straddle cache lines. Without the addition a
 *       tile of depth 192 runs at the peak, with it at 0.7 of it. So tiles are stored plainly, a
 *       summand is added in a pass of its own, and a bias is one more step of the loop.
 *   <li><b>Aligned panels.</b> A Java array begins anywhere, so nearly every 64-byte load from one
 *       straddles two lines: a tenth of the speed. {@link dev.bulwark.kernels.simd.Panels} lie
 *       outside of the heap, read through one constant segment; segments that are handed down as
 *       arguments are called virtually unless the compiler has seen that all are of one class,
 *       which early compilation prevents.
 *   <li><b>Few registers for addresses.</b> Rows at a distance that is a constant ({@link
 *       dev.bulwark.kernels.simd.Left}) need one address for eight rows; at a distance known at run
 *       time they needed eight, and the loop fell from 174 to 145 GFLOP/s.
 *   <li><b>Small methods.</b> The compiler stops inlining at 18,000 nodes, some 60 to 90 vector
 *       operations, tail included; the first operation that is not inlined turns vectors into
 *       objects, and the loop is a hundred times slower. Helpers such as {@link
 *       dev.bulwark.kernels.simd.Lanes#load} count as well. Where passes of a kernel would be
 *       inlined into one method, they are called through a table.
 *   <li><b>No masks in loops that are long.</b> A ragged end belongs into a method of its own: the
 *       first one that is met would otherwise throw the compiled loop away.
 *   <li><b>Gathering</b> L columns at a time turns a matrix at 0.3 to 0.4 ns an element, two thirds
 *       of the time of scalar copies; networks of shuffles were no faster.
 * </ul>
 *
 * <p>The tile as such has nothing to gain: a C kernel with the same loads, compiled with
 * intrinsics, ran at 152 GFLOP/s on the core where the Java one ran at 153 (medians of 0.5 s
 * windows), and when both shared one core they got 69 and 71. The machine has two speeds of its
 * own: within an hour MKL fell from 164 to 137 GFLOP/s on one core, with no work of ours beside it.
 * A BERT-base step then went from 4.66 to 5.70 s here and from 5.03 to 6.03 s in PyTorch, so the
 * ratio hardly moves. What earlier looked like a kernel that suffers more from a busy neighbour was
 * the spilled epilogue and the straddling loads. The two virtual cores of that machine do not share
 * a physical one (multiply-adds in registers double from one to two), so a busy sibling could not
 * be produced.
 *
 * <p>Tried on two threads, and left out:
 *
 * <ul>
 *   <li>Each thread packs all panels for itself, so that none waits and no cache line travels: a
 *       right operand that is only copied gained 1 to 3 % (832 x 384 x 384 from 0.90 to 0.88 ms),
 *       one that has to be turned lost up to 3 %; without the latter a MiniLM step still took 300
 *       instead of 296 ms.
 *   <li>One product for query, key and value of 832 tokens: forward 2.82 ms, as three 0.94 ms each;
 *       input gradient 2.78 against 2.71 ms; weight gradient 2.82 against 3.12 ms. That is less
 *       than one percent of a step.
 * </ul>
 *
 * <p>Vector code is slow until the optimising compiler has seen it. Flags that help: {@code
 * -XX:+UseTransparentHugePages} (large arrays), {@code -XX:+UseSerialGC
 * -XX:PretenureSizeThreshold=128k -Xmn64m} (a collector that never copies the arrays of the pool:
 * 0.3 instead of 2.7 s of pauses in 39 s of training, and 0.4 s with G1 in regions of 1 MB), {@code
 * --enable-native-access=ALL-UNNAMED} (silences the warning about panels), and {@code
 * -XX:CompileCommand=quiet
 * -XX:CompileCommand=CompileThresholdScaling,dev.bulwark.kernels.simd.*::*,0.05} (compiles these
 * loops earlier).
 *
 * <p>Nothing is allocated through the tensor layer inside parallel loops; temporary arrays come
 * from {@link dev.bulwark.kernels.simd.Scratch}.
 */
@NullMarked
package dev.bulwark.kernels.simd;

import org.jspecify.annotations.NullMarked;
