/** Tests of what GPU back ends share, on an OpenCL device. */
@NullMarked
package dev.bulwark.kernels.gpu;

import org.jspecify.annotations.NullMarked;
