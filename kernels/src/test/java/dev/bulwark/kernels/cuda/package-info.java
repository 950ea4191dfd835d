@NullMarked
package dev.bulwark.kernels.cuda;

import org.jspecify.annotations.NullMarked;
