package dev.bulwark.kernels.gpu;

/**
 * Device memory of one back end.
 *
 * @param usedBytes held by live tensors
 * @param cachedBytes free, but kept for reuse
 * @param peakBytes most that was in use at once
 * @param deviceCalls how often the driver was asked for memory
 */
public record PoolStatistics(long usedBytes, long cachedBytes, long peakBytes, long deviceCalls) {}
