package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.Tensor;

/**
 * An optimiser step of one parameter; the four tensors are contiguous and of one shape.
 *
 * @param step the step's numbers
 * @param parameter what moves, changed in place
 * @param gradient its gradient
 * @param moment1 running mean of gradients, changed in place
 * @param moment2 running mean of squared gradients, changed in place
 */
public record AdamWUpdate(
    AdamW step, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2) {}
