package dev.bulwark.kernels.gpu;

/**
 * What a device is.
 *
 * @param model as its driver names it
 * @param driver version of driver or platform, for reports
 * @param isCpu whether it is only the CPU behind another interface
 * @param memoryBytes all of its memory
 * @param largestBlock most threads in a block
 */
public record DeviceInfo(
    String model, String driver, boolean isCpu, long memoryBytes, int largestBlock) {}
