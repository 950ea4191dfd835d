/**
 * The contract of every back end, as code: {@link dev.bulwark.tensor.check.KernelContract} runs
 * each kernel on a back end and on the reference, over odd sizes, strided and broadcast views,
 * results in place, NaN, infinities and tensors without elements, and compares all operands
 * afterwards.
 *
 * <p>Needs no test framework: a broken promise is an {@link AssertionError}.
 */
@NullMarked
package dev.bulwark.tensor.check;

import org.jspecify.annotations.NullMarked;
