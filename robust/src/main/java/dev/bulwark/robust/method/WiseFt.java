package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * WiSE-FT (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022): the model is used
 * with weights between the pre-trained and the trained ones; training itself is unchanged. The
 * head, which no pre-training gave, stays as it was trained. Holds a copy of the encoder, and a
 * second one while the model is used.
 */
final class WiseFt implements Tuning {
  static final Method METHOD =
      new Method(
          "wise-ft",
          "Averages the trained encoder with the pre-trained one.",
          "Wortsman et al., CVPR 2022",
          List.of(
              Option.number(
                  "alpha", 0.5, "weight of the trained encoder, in [0, 1]; 1 leaves it alone")),
          s -> {
            double alpha = s.share("alpha");
            return Recipe.tuned(setup -> new WiseFt(setup.classifier().model(), alpha));
          });

  private final double alpha;
  private final Map<Parameter, Tensor> pretrained = new LinkedHashMap<>();

  private WiseFt(ClassifierModel model, double alpha) {
    this.alpha = alpha;
    encoder(model).forEach(p -> pretrained.put(p, p.value().copy().retain()));
  }

  private static Collection<Parameter> encoder(ClassifierModel model) {
    if (model.encoder() instanceof Module m) {
      return m.parameters().values();
    }
    throw new IllegalArgumentException("wise-ft needs an encoder with parameters of its own");
  }

  @Override
  public <T> T asUsed(Supplier<T> body) {
    if (alpha == 1) {
      return body.get();
    }
    Map<Parameter, Tensor> trained = new LinkedHashMap<>();
    pretrained.keySet().forEach(p -> trained.put(p, p.value().copy().retain()));
    try {
      pretrained.forEach((p, start) -> Scope.run("average", () -> average(p, start)));
      return body.get();
    } finally {
      trained.forEach(WiseFt::write);
    }
  }

  private void average(Parameter p, Tensor start) {
    write(p, p.value().times(alpha).plus(start.times(1 - alpha)));
  }

  private static void write(Parameter p, Tensor value) {
    value.kernels().copy(value, p.value());
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(METHOD);
    }
  }
}
