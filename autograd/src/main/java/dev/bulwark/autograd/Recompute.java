package dev.bulwark.autograd;

import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Trades time for memory (activation checkpointing): a block's inner values are thrown away after
 * the forward pass and computed again when the backward pass needs them.
 *
 * <p>Gradients have the same bits as without it: random draws are counter-based, and what the
 * replay finds is added up in the same order. The block must be a pure function of its inputs, of
 * leaves and of earlier variables; what it stores aside is gone when it returns.
 */
public final class Recompute {
  private Recompute() {}

  /**
   * Computes a block, keeping only its result.
   *
   * @param block the computation, such as one encoder layer; called twice
   * @param inputs its arguments
   * @return the block's result
   */
  public static Variable of(Function<List<Variable>, Variable> block, List<Variable> inputs) {
    if (NoGrad.active()) {
      return block.apply(inputs);
    }
    NoGrad.Recorder recorder = new NoGrad.Recorder();
    @Nullable Scope outside = Scope.current();
    Tensor y =
        Scope.call(
            "recompute",
            () -> handOut(NoGrad.recorded(recorder, () -> block.apply(inputs)), outside));
    boolean wanted = recorder.suppressed() || inputs.stream().anyMatch(Variable::needsGradient);
    return wanted
        ? Node.make(
            "recompute",
            y,
            inputs,
            List.of(),
            new Replay(block, List.copyOf(inputs), ModulePath.current()))
        : Variable.constant(y);
  }

  private static Tensor handOut(Variable result, @Nullable Scope outside) {
    Tensor y = result.value();
    if (y.buffer().owner() == Scope.current()) { // not if the block passes an input through
      y.buffer().moveTo(outside);
    }
    return y;
  }

  /** The backward half: compute again, this time with nodes, and walk those. */
  record Replay(Function<List<Variable>, Variable> block, List<Variable> inputs, String path)
      implements Backward {
    @Override
    public void apply(Tensor dy, Sink to) {
      Map<Variable, Variable> standIns = new LinkedHashMap<>();
      List<Variable> arguments = new ArrayList<>(inputs.size());
      for (Variable input : inputs) {
        if (input.needsGradient()) {
          Variable standIn = Variable.leaf("recomputed " + input.name(), input.value());
          standIns.put(standIn, input);
          arguments.add(standIn);
        } else {
          arguments.add(input);
        }
      }
      Variable y = NoGrad.undone(() -> ModulePath.at(path, () -> block.apply(arguments)));
      switch (to) {
        case Walk.NodeSink sink -> sink.replay(y, standIns);
      }
    }
  }
}
