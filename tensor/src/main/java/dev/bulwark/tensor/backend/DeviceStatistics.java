package dev.bulwark.tensor.backend;

/**
 * What a back end did with memory of its own since it was opened; zeros where tensors live on the
 * Java heap.
 *
 * @param uploads copies from the host to the device
 * @param uploadedBytes their bytes
 * @param downloads copies from the device to the host, each of which waits for the device
 * @param downloadedBytes their bytes
 * @param launches kernels and library calls queued
 * @param usedBytes device memory held by live tensors now
 * @param cachedBytes device memory free, but kept for reuse now
 * @param peakBytes most that was in use at once
 */
public record DeviceStatistics(
    long uploads,
    long uploadedBytes,
    long downloads,
    long downloadedBytes,
    long launches,
    long usedBytes,
    long cachedBytes,
    long peakBytes) {
  /** Of a back end without memory of its own. */
  public static final DeviceStatistics NONE = new DeviceStatistics(0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * What happened between an earlier moment and this one.
   *
   * @param earlier statistics of then
   * @return counts as differences, memory as of now
   */
  public DeviceStatistics since(DeviceStatistics earlier) {
    return new DeviceStatistics(
        uploads - earlier.uploads,
        uploadedBytes - earlier.uploadedBytes,
        downloads - earlier.downloads,
        downloadedBytes - earlier.downloadedBytes,
        launches - earlier.launches,
        usedBytes,
        cachedBytes,
        peakBytes);
  }
}
