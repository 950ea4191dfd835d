package dev.bulwark.kernels.cuda;

/** A call that the driver or cuBLAS answered with an error code. */
final class CudaError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is to be thought of the device afterwards. */
  enum Kind {
    /** Memory is short, all else is well. */
    MEMORY,
    /** This call was not taken, all else is well. */
    REFUSED,
    /** The context is broken, or nobody knows. */
    FATAL
  }

  private final String call;
  private final String code;
  private final int number;
  private final Kind kind;

  private CudaError(String call, String code, int number, Kind kind) {
    super(call + " answered " + code + " (" + number + ")");
    this.call = call;
    this.code = code;
    this.number = number;
    this.kind = kind;
  }

  /** Error of a driver's call. */
  static CudaError ofDriver(String call, int number, String code) {
    return new CudaError(
        call,
        code,
        number,
        switch (number) {
          case 2 -> Kind.MEMORY;
          case 1, // invalid value
              100, // no device
              200, // invalid image
              209, // no binary for this GPU
              218, // invalid PTX
              221, // JIT compiler not found
              222, // PTX too new
              400, // invalid handle
              500, // not found
              600, // not ready
              701, // out of registers or shared memory
              801, // not supported
              803 // driver and display driver do not match
              ->
              Kind.REFUSED;
          default -> Kind.FATAL;
        });
  }

  /** Error of a call of cuBLAS, which does not tell whether the device is well. */
  static CudaError ofCublas(String call, int status) {
    String name =
        switch (status) {
          case 1 -> "NOT_INITIALIZED";
          case 3 -> "ALLOC_FAILED";
          case 7 -> "INVALID_VALUE";
          case 8 -> "ARCH_MISMATCH";
          case 11 -> "MAPPING_ERROR";
          case 13 -> "EXECUTION_FAILED";
          case 14 -> "INTERNAL_ERROR";
          case 15 -> "NOT_SUPPORTED";
          default -> "UNKNOWN";
        };
    return new CudaError(
        call, "CUBLAS_STATUS_" + name, status, status == 3 ? Kind.MEMORY : Kind.REFUSED);
  }

  String call() {
    return call;
  }

  String code() {
    return code;
  }

  int number() {
    return number;
  }

  Kind kind() {
    return kind;
  }
}
