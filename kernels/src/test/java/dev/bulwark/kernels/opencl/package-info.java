@NullMarked
package dev.bulwark.kernels.opencl;

import org.jspecify.annotations.NullMarked;
