package dev.bulwark.kernels.gpu;

/**
 * Copies between host and device since the start.
 *
 * @param uploads copies to the device
 * @param uploadedBytes their bytes
 * @param downloads copies to the host, each of which waits for the device
 * @param downloadedBytes their bytes
 * @param launches kernels and library products queued
 */
public record TransferStatistics(
    long uploads, long uploadedBytes, long downloads, long downloadedBytes, long launches) {

  /**
   * What happened between an earlier moment and this one.
   *
   * @param earlier statistics of then
   * @return the differences
   */
  public TransferStatistics since(TransferStatistics earlier) {
    return new TransferStatistics(
        uploads - earlier.uploads,
        uploadedBytes - earlier.uploadedBytes,
        downloads - earlier.downloads,
        downloadedBytes - earlier.downloadedBytes,
        launches - earlier.launches);
  }
}
