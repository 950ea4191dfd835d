package dev.bulwark.robust.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.DeviceStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A training step waits for the device twice, for the loss and for the norm of the gradients. */
class TransfersTest {
  private static final int BATCH = 8;
  private static final int KEPT_TABLES = 16 * 1024; // lengths of the last batches, for attention

  @TempDir Path temp;

  @TestFactory
  Stream<DynamicTest> aPlainStep() {
    List<Backend> devices = Backends.devices();
    assumeFalse(
        devices.isEmpty(), "no GPU, and neither PoCL nor the test double of CUDA is usable here");
    Path encoder = Tiny.encoder(temp.resolve("encoder"));
    return devices.stream().map(d -> dynamicTest(d.name(), () -> check(d, encoder)));
  }

  private static void check(Backend device, Path encoder) {
    List<DeviceStatistics> afterStep = Backends.with(device, () -> train(device, encoder));
    for (int i = 2; i < afterStep.size(); i++) {
      DeviceStatistics step = afterStep.get(i).since(afterStep.get(i - 1));
      assertEquals(2, step.downloads(), "step " + (i + 1) + ": " + step);
      assertTrue(step.downloadedBytes() < 1024, step.toString());
      assertTrue(step.uploads() <= 8, step.toString());
      assertTrue(step.uploadedBytes() < BATCH * 24 * 64, "ids, masks and labels: " + step);
      long more = step.usedBytes() - afterStep.get(1).usedBytes();
      assertTrue(more <= KEPT_TABLES, more + " bytes more than after the second step stay");
    }
  }

  private static List<DeviceStatistics> train(Backend device, Path encoder) {
    List<DeviceStatistics> afterStep = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void onStep(StepReading step) {
            afterStep.add(device.statistics());
          }
        };
    var settings = new TrainSettings(1, BATCH, 1e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 64, 0, 0, 42);
    try {
      new Trainer(Tiny.classifier(encoder), Methods.recipe("standard", Map.of()), settings)
          .fit(Tiny.examples(40, 1), Tiny.examples(8, 2), RunStore.NONE, listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return afterStep;
  }
}
