/**
 * What a back end must provide: memory ({@link dev.bulwark.tensor.backend.Buffer}) and kernels
 * ({@link dev.bulwark.tensor.backend.Kernels}). {@link dev.bulwark.tensor.backend.Backends} finds
 * them with {@link java.util.ServiceLoader} and says why one is not usable. Fast back ends live in
 * the {@code kernels} module; the plain-Java oracle lives next door in {@code reference}.
 */
@NullMarked
package dev.bulwark.tensor.backend;

import org.jspecify.annotations.NullMarked;
