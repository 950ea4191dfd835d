package dev.bulwark.tensor.backend;

/**
 * One step of AdamW with decoupled weight decay (Loshchilov and Hutter 2019), as in PyTorch: p -=
 * lr * decay * p; then p -= lr / correction1 * m / (sqrt(v / correction2) + epsilon).
 *
 * @param learningRate step size
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added outside the square root
 * @param weightDecay decoupled decay
 * @param step number of this step, from 1; corrections are 1 - beta^step
 * @param gradientScale factor applied to the gradient first (clipping)
 */
public record AdamW(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    int step,
    double gradientScale) {}
