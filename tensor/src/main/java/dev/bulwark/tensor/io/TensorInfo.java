package dev.bulwark.tensor.io;

import dev.bulwark.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as a file describes it.
 *
 * @param name its name
 * @param storedType its type as the file names it, such as "BF16"
 * @param dtype the type it is read in, or null if it cannot be read
 * @param shape its sizes, outermost first
 * @param bytes how much room it takes in the file
 */
public record TensorInfo(
    String name, String storedType, @Nullable DType dtype, long[] shape, long bytes) {}
