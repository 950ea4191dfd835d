package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Precision;

/**
 * Attention by tiles with the forward on tensor cores, in TF32; the backward is that of {@link
 * AttentionByTiles}.
 *
 * <p>EXPERIMENTAL: this kernel compiles, but it has never run on a GPU. So it is off unless the
 * system property {@code bulwark.cuda.mma} is "true", and even then is only used where the device
 * runs it (CUDA, compute capability 8.0 and above) and the precision set is not F32.
 */
final class AttentionByTensorCores implements AttentionPath {
  private static final boolean WANTED = Boolean.getBoolean("bulwark.cuda.mma");
  private static final int BLOCK = 128;

  private final Work work;
  private final SequenceTiles tiles;
  private final AttentionPath byTiles;

  AttentionByTensorCores(Work work, SequenceTiles tiles, AttentionPath byTiles) {
    this.work = work;
    this.tiles = tiles;
    this.byTiles = byTiles;
  }

  boolean isOn() {
    return WANTED
        && work.precision() != Precision.F32
        && work.device().runs(Program.ATTENTION_MMA_64);
  }

  @Override
  public void forward(AttentionCall call, Tensor out, Tensor logSums) {
    Program program =
        call.program(Program.ATTENTION_MMA_32, Program.ATTENTION_MMA_64, Program.ATTENTION_MMA_128);
    Kernel kernel = program.kernel("bk_attention_mma");
    AttentionByTiles.launch(work, tiles.of(call), kernel, BLOCK, call, out, logSums);
  }

  @Override
  public void backward(
      AttentionCall call,
      Tensor out,
      Tensor logSums,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    byTiles.backward(call, out, logSums, dOut, dq, dk, dv);
  }
}
