package dev.bulwark.robust.train;

import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that changes while a run goes on: live tensors, to be copied to a snapshot or from it.
 *
 * @param parameters of the model and of what is trained beside it
 * @param method further tensors of the training method, by name
 * @param optimizer holds the moments
 */
public record RunState(
    Collection<Parameter> parameters, Map<String, Tensor> method, AdamWOptimizer optimizer) {
  /** Parameters by name and the method's tensors as "method:NAME". */
  Map<String, Tensor> values() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    parameters.forEach(p -> all.put(p.name(), p.value()));
    method.forEach((name, t) -> all.put("method:" + name, t));
    return all;
  }
}
