package dev.bulwark.robust.method;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.nn.optim.Schedule;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batches;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.objective.Term;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The parts of several methods in one run. */
final class CombinedTuning implements Tuning {
  private final List<Recipe> recipes;
  private final List<Tuning> parts;
  private final Optional<Objective> objective;

  CombinedTuning(List<Recipe> recipes, List<Tuning> parts) {
    this.recipes = recipes;
    this.parts = parts;
    objective = only(Tuning::objective, "say how a batch becomes gradients");
    only(Tuning::order, "say which examples meet in a batch");
    List<PassTerm> terms = passTerms();
    if (!terms.isEmpty() && objective.isPresent() && !objective.get().takesTerms()) {
      throw new IllegalArgumentException(
          names(i -> parts.get(i).objective().isPresent())
              + " cannot be combined with "
              + names(i -> !parts.get(i).passTerms().isEmpty())
              + ": it has passes of its own that take no further terms; leave one out");
    }
  }

  private <T> Optional<T> only(Function<Tuning, Optional<T>> part, String what) {
    List<T> all = parts.stream().flatMap(t -> part.apply(t).stream()).toList();
    if (all.size() > 1) {
      throw new IllegalArgumentException(
          names(i -> part.apply(parts.get(i)).isPresent())
              + " cannot be combined: both "
              + what
              + "; leave one out");
    }
    return all.stream().findFirst();
  }

  /** What the parts make of a value, one after the other. */
  private <T> T inTurn(T start, BiFunction<Tuning, T, T> change) {
    T value = start;
    for (Tuning t : parts) {
      value = change.apply(t, value);
    }
    return value;
  }

  private String names(IntPredicate which) {
    return IntStream.range(0, parts.size())
        .filter(which)
        .mapToObj(i -> recipes.get(i).name())
        .collect(Collectors.joining(" and "));
  }

  @Override
  public Optional<Objective> objective() {
    return objective;
  }

  @Override
  public List<PassTerm> passTerms() {
    return parts.stream().flatMap(t -> t.passTerms().stream()).toList();
  }

  @Override
  public List<Term> terms() {
    return parts.stream().flatMap(t -> t.terms().stream()).toList();
  }

  @Override
  public Objective wrap(Objective inner) {
    return inTurn(inner, Tuning::wrap);
  }

  @Override
  public Gradients filter(Gradients gradients, Step step) {
    return inTurn(gradients, (t, g) -> t.filter(g, step));
  }

  @Override
  public List<Module> modules() {
    return parts.stream().flatMap(t -> t.modules().stream()).toList();
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> all = new TreeMap<>();
    parts.forEach(t -> all.putAll(t.state()));
    return all;
  }

  @Override
  public List<Example> examples(List<Example> train) throws IOException {
    List<Example> all = train;
    for (Tuning t : parts) {
      all = t.examples(all);
    }
    return all;
  }

  @Override
  public Optional<BatchOrder> order() {
    return only(Tuning::order, "say which examples meet in a batch");
  }

  @Override
  public AdamWOptimizer.Settings optimizer(AdamWOptimizer.Settings usual) {
    return inTurn(usual, Tuning::optimizer);
  }

  @Override
  public double maxGradNorm(double usual) {
    return inTurn(usual, Tuning::maxGradNorm);
  }

  @Override
  public Schedule schedule(Schedule usual, double learningRate) {
    return inTurn(usual, (t, s) -> t.schedule(s, learningRate));
  }

  @Override
  public double rateFactor(int epoch) {
    return parts.stream().mapToDouble(t -> t.rateFactor(epoch)).reduce(1, (a, b) -> a * b);
  }

  @Override
  public void prepare(Batches data, Rng rng) {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).prepare(data, rng.split(i));
    }
  }

  @Override
  public void startEpoch(int epoch, Rng rng) {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).startEpoch(epoch, rng.split(i));
    }
  }

  @Override
  public <T> T asUsed(Supplier<T> body) {
    Supplier<T> nested = body;
    for (Tuning t : parts) {
      Supplier<T> inner = nested;
      nested = () -> t.asUsed(inner);
    }
    return nested.get();
  }
}
