/** Tests of the Vector API back end; {@link dev.bulwark.kernels.simd.SimdContractTest} first. */
@NullMarked
package dev.bulwark.kernels.simd;

import org.jspecify.annotations.NullMarked;
