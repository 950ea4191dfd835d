package dev.bulwark.nn.checkpoint;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** Feeds damaged copies of a good file to a reader, which may refuse them only as it says. */
final class Mutations {
  private static final byte[][] NASTY = {
    {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f},
    {
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      0x01
    },
    {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x08},
    {0, 0, 0, 0},
    {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f},
    {0, 0, 0, (byte) 0x80}
  };

  private Mutations() {}

  /**
   * Runs a reader over damaged files.
   *
   * @param seed where the damage comes from
   * @param rounds how many files
   * @param good a file that reads well
   * @param reader reads a file wholly
   * @return how many files the reader refused
   */
  static int run(long seed, int rounds, byte[] good, Consumer<byte[]> reader) {
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] bad = mutate(good, random);
      try {
        reader.accept(bad);
      } catch (CheckpointException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", round " + round + ": " + e, e);
      }
    }
    return refused;
  }

  static byte[] mutate(byte[] good, Random random) {
    byte[] bad = good.clone();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(bad.length);
      switch (random.nextInt(6)) {
        case 0 -> bad[at] = (byte) random.nextInt(256);
        case 1 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> {
          byte[] nasty = NASTY[random.nextInt(NASTY.length)];
          System.arraycopy(nasty, 0, bad, at, Math.min(nasty.length, bad.length - at));
        }
        case 3 -> bad = Arrays.copyOf(bad, Math.max(1, at));
        case 4 -> { // a piece of the file where another one was
          int from = random.nextInt(bad.length);
          int length = Math.min(random.nextInt(64), bad.length - Math.max(at, from));
          System.arraycopy(bad, from, bad, at, length);
        }
        default -> { // bytes pushed in
          byte[] longer = Arrays.copyOf(bad, bad.length + 1);
          System.arraycopy(bad, at, longer, at + 1, bad.length - at);
          bad = longer;
        }
      }
    }
    return bad;
  }
}
