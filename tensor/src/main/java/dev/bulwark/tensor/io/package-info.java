/**
 * Files of tensors: safetensors (start at {@link dev.bulwark.tensor.io.Safetensors}), NumPy arrays
 * ({@link dev.bulwark.tensor.io.Npy}), the JSON inside them ({@link dev.bulwark.tensor.io.Json}),
 * and the way every file is written ({@link dev.bulwark.tensor.io.AtomicFile}: all of it or none).
 *
 * <p>Readers trust nothing: every length, offset and count is checked against the file before it is
 * used, and what is wrong is a {@link dev.bulwark.tensor.io.TensorFileException} that names file,
 * tensor and rule.
 */
@NullMarked
package dev.bulwark.tensor.io;

import org.jspecify.annotations.NullMarked;
