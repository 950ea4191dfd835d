package dev.bulwark.robust.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One line of JSON a step and an epoch, appended to a file. Holds no clock times: runs compare. */
final class MetricsLog implements TrainListener, AutoCloseable {
  private final Path path;
  private final FileChannel file;
  private final JsonMapper json = JsonMapper.builder().build();

  /** Opens the file and locks it, so that no two processes work on one run. */
  MetricsLog(Path path) throws IOException {
    this.path = path;
    file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
    if (!locked(file)) {
      file.close();
      throw new IllegalArgumentException(
          path + ": a run that is still going writes there; wait for it, or choose another --out");
    }
    file.position(file.size());
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  long bytes() throws IOException {
    file.force(true);
    return file.size();
  }

  /** Forgets what a resumed run will say again. */
  void cutTo(long bytes) throws IOException {
    file.truncate(bytes);
    file.position(Math.min(bytes, file.size()));
  }

  @Override
  public void onStep(StepReading s) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", s.step());
    line.put("epoch", s.epoch());
    line.put("loss", s.loss());
    line.put("learning_rate", s.rate());
    line.put("gradient_norm", s.gradientNorm());
    line.put("examples", s.examples());
    line.putAll(s.readings());
    append(line);
  }

  @Override
  public void onEpoch(EpochReading e) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("epoch", e.epoch());
    line.put("train_loss", e.trainLoss());
    line.put("dev_accuracy", e.devAccuracy());
    line.put("dev_loss", e.devLoss());
    line.put("best", e.best());
    append(line);
  }

  private void append(Map<String, Object> line) {
    byte[] bytes = (json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException(path + ": cannot be written (" + e.getMessage() + ")", e));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
