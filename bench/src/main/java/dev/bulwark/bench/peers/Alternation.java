package dev.bulwark.bench.peers;

import dev.bulwark.bench.peers.Row.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the two sides of a row take turns, so that both see the machine in the same minutes.
 *
 * <p>The first turn of each side is not counted. Ways of the peer that are clearly slower there are
 * not tried again; of those that stay, the one with the least median counts. Who begins a round
 * changes from round to round.
 */
final class Alternation {
  /** A way of the peer that takes so many times the best one's time is not tried again. */
  private static final double HOPELESS = 1.3;

  private final Sides sides;
  private final int threads;
  private final int rounds;

  Alternation(Sides sides, int threads, int rounds) {
    this.sides = sides;
    this.threads = threads;
    this.rounds = rounds;
  }

  /** Measures a row. What goes wrong is part of the result. */
  Result run(Row row) {
    try {
      warmUp(row, new Peer(Sides.OURS, ""));
      List<Peer> peers = promising(row);
      List<Double> ours = new ArrayList<>();
      Map<Peer, List<Double>> theirs = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        if (round % 2 == 0) {
          ours.add(turn(row, new Peer(Sides.OURS, "")));
        }
        for (Peer peer : peers) {
          theirs.computeIfAbsent(peer, p -> new ArrayList<>()).add(turn(row, peer));
        }
        if (round % 2 != 0) {
          ours.add(turn(row, new Peer(Sides.OURS, "")));
        }
      }
      return result(row, ours, theirs);
    } catch (WorkerException e) {
      return Result.failed(row, threads, String.valueOf(e.getMessage()));
    }
  }

  private Result result(Row row, List<Double> ours, Map<Peer, List<Double>> theirs) {
    Peer best = fastest(theirs);
    List<Double> times = Objects.requireNonNull(theirs.get(best));
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(times.get(i) / ours.get(i));
    }
    return new Result(
        row.id(),
        threads,
        row.measure().unit,
        Result.median(ours),
        best.toString(),
        Result.median(times),
        ratios,
        row.work(),
        row.goal(),
        "");
  }

  /** The peer with the least median. */
  static Peer fastest(Map<Peer, List<Double>> times) {
    return times.entrySet().stream()
        .min((a, b) -> Double.compare(Result.median(a.getValue()), Result.median(b.getValue())))
        .orElseThrow()
        .getKey();
  }

  /** Ways of the peer that work and are not clearly slower than the best. */
  private List<Peer> promising(Row row) throws WorkerException {
    Map<Peer, Double> times = new LinkedHashMap<>();
    WorkerException failure = new WorkerException("no peer");
    for (Peer peer : row.peers()) {
      try {
        times.put(peer, warmUp(row, peer));
      } catch (WorkerException e) {
        failure = e;
      }
    }
    double best = times.values().stream().mapToDouble(t -> t).min().orElseThrow(failureOf(failure));
    return times.entrySet().stream()
        .filter(e -> e.getValue() <= HOPELESS * best)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Supplier<WorkerException> failureOf(WorkerException e) {
    return () -> e;
  }

  /** Least milliseconds of the turn that is not counted. */
  private double warmUp(Row row, Peer side) throws WorkerException {
    Map<String, Object> request = request(row, side);
    request.putAll(row.trial());
    request.put("seconds", row.turn().warmSeconds());
    request.put("reps", row.turn().warmReps());
    return positive(sides.ask(side.side(), request), "min_ms");
  }

  private double turn(Row row, Peer side) throws WorkerException {
    Map<String, Object> request = request(row, side);
    request.put("seconds", row.turn().seconds());
    request.put("reps", 1);
    return positive(sides.ask(side.side(), request), "ms");
  }

  private static Map<String, Object> request(Row row, Peer side) {
    Map<String, Object> request = new HashMap<>(row.arguments());
    request.put("row", row.job());
    request.put("variant", side.variant());
    return request;
  }

  static double positive(Map<String, @Nullable Object> answer, String field)
      throws WorkerException {
    if (answer.get(field) instanceof Number n && n.doubleValue() > 0) {
      return n.doubleValue();
    }
    throw new WorkerException("an answer without \"" + field + "\": " + answer);
  }
}
