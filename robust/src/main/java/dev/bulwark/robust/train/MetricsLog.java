package dev.bulwark.robust.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One line of JSON a step and an epoch, appended to a file. Holds no clock times: runs compare. */
final class MetricsLog implements TrainListener, AutoCloseable {
  private final FileChannel file;
  private final JsonMapper json = JsonMapper.builder().build();

  MetricsLog(Path path) throws IOException {
    file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
    file.position(file.size());
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
      throw new UncheckedIOException("metrics.jsonl cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
