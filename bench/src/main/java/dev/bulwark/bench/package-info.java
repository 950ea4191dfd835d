/**
 * JMH benches: {@code java -jar bench/target/benchmarks.jar Gemm}. Each has the reference back end
 * as its baseline ({@code -p backend=simd} leaves it out) and sizes of real models; {@code -jvmArgs
 * -Dbulwark.threads=1} sets the threads.
 */
@NullMarked
package dev.bulwark.bench;

import org.jspecify.annotations.NullMarked;
