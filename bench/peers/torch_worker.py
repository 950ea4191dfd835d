"""PyTorch and ONNX Runtime as the peer of `./bulwark bench peers`.

usage: python torch_worker.py THREADS
Reads one request a line and answers it with one line, both JSON:
  {"row": "gemm/forward/2048x768x768", "variant": "out", "seconds": 0.3, "reps": 1, ...}
  {"ms": median, "min_ms": least, "reps": repetitions, "peak_mib": largest resident size so far}
or {"error": "what went wrong"}. A row is repeated until both `seconds` have passed and `reps` are reached. What a row
needs (operands, a model) is kept until a request for another row comes.
"""
import json
import os
import statistics
import sys
import time

THREADS = int(sys.argv[1])
# Tokenizers has a thread pool of its own, and forks nothing here.
os.environ["RAYON_NUM_THREADS"] = str(THREADS)
os.environ["TOKENIZERS_PARALLELISM"] = "true" if THREADS > 1 else "false"
os.environ["HF_HUB_OFFLINE"] = "1"

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

aten = torch.ops.aten
SIZES = {"bert-base": {}, "minilm": dict(hidden_size=384, num_hidden_layers=6, intermediate_size=1536)}


def integers(shape):
    return [int(n) for n in shape.split("x")]


def gemm(kind, shape, variant, request):
    """Products of a linear layer of N outputs and K inputs on T tokens; shape TxNxK."""
    t, n, k = integers(shape)
    x, w, dy = torch.randn(t, k), torch.randn(n, k), torch.randn(t, n)
    y, dx, dw = torch.empty(t, n), torch.empty(t, k), torch.empty(n, k)
    return {
        "forward": lambda: torch.mm(x, w.t(), out=y),
        "input-gradient": lambda: torch.mm(dy, w, out=dx),
        "weight-gradient": lambda: torch.mm(dy.t(), x, out=dw),
    }[kind]


def softmax(kind, shape, variant, request):
    x, dy = torch.randn(integers(shape)), torch.randn(integers(shape))
    y, out = torch.softmax(x, -1), torch.empty_like(x)
    return {
        ("forward", "out"): lambda: aten._softmax.out(x, -1, False, out=out),
        ("forward", "plain"): lambda: torch.softmax(x, -1),
        ("backward", "out"): lambda: aten._softmax_backward_data.out(dy, y, -1, torch.float32, grad_input=out),
        ("backward", "plain"): lambda: aten._softmax_backward_data(dy, y, -1, torch.float32),
    }[kind, variant]


def layer_norm(kind, shape, variant, request):
    r, h = integers(shape)
    x, dy, gain, bias = torch.randn(r, h), torch.randn(r, h), torch.randn(h), torch.randn(h)
    _, mean, rstd = torch.native_layer_norm(x, [h], gain, bias, 1e-12)
    out, o1, o2, o3, o4 = torch.empty(r, h), torch.empty(r, 1), torch.empty(r, 1), torch.empty(h), torch.empty(h)
    backward = aten.native_layer_norm_backward
    three = [True, True, True]
    return {
        ("forward", "out"): lambda: aten.native_layer_norm.out(x, [h], gain, bias, 1e-12, out0=out, out1=o1, out2=o2),
        ("forward", "plain"): lambda: torch.native_layer_norm(x, [h], gain, bias, 1e-12),
        ("backward", "out"): lambda: backward.out(
            dy, x, [h], mean, rstd, gain, bias, three, out0=out, out1=o3, out2=o4),
        ("backward", "plain"): lambda: backward(dy, x, [h], mean, rstd, gain, bias, three),
    }[kind, variant]


def gelu(kind, shape, variant, request):
    x, dy = torch.randn(integers(shape)), torch.randn(integers(shape))
    out = torch.empty_like(x)
    return {
        ("forward", "out"): lambda: aten.gelu.out(x, out=out),
        ("forward", "plain"): lambda: aten.gelu(x),
        ("backward", "out"): lambda: aten.gelu_backward.grad_input(dy, x, grad_input=out),
        ("backward", "plain"): lambda: aten.gelu_backward(dy, x),
    }[kind, variant]


def adamw(kind, shape, variant, request):
    weight = torch.nn.Parameter(torch.randn(integers(shape)))
    weight.grad = torch.randn(integers(shape))
    return torch.optim.AdamW([weight], lr=1e-5, weight_decay=0.01, fused=True).step


def attention(kind, shape, variant, request):
    """Forward and backward, dropout 0.1, the last keys of each sequence masked; shape BxAxSxD."""
    b, a, s, d = integers(shape)
    q, k, v = (torch.randn(b, a, s, d, requires_grad=True) for _ in range(3))
    do = torch.randn(b, a, s, d)
    lengths = torch.tensor(request["lengths"])
    real = (torch.arange(s)[None, :] < lengths[:, None])[:, None, None, :]
    bias = torch.zeros(b, 1, 1, s).masked_fill(~real, float("-inf"))

    def sdpa():
        q.grad = k.grad = v.grad = None
        F.scaled_dot_product_attention(q, k, v, attn_mask=bias, dropout_p=0.1).backward(do)

    def eager():
        q.grad = k.grad = v.grad = None
        p = F.softmax(torch.matmul(q, k.transpose(-1, -2)) * d**-0.5 + bias, -1)
        torch.matmul(F.dropout(p, 0.1), v).backward(do)

    return {"sdpa": sdpa, "eager": eager}[variant]


def bert(size, implementation):
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(num_labels=2, **SIZES[size])
    return BertForSequenceClassification._from_config(config, attn_implementation=implementation)


def step_of(model, optimizer, ids, mask, labels):
    loss = F.cross_entropy(model(input_ids=ids, attention_mask=mask).logits, labels)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def fused(model):
    return torch.optim.AdamW(model.parameters(), lr=2e-5, weight_decay=0.01, fused=True)


def step(size, shape, variant, request):
    """A fine-tuning step with dropout 0.1 and no padding; shape BxS."""
    model = bert(size, variant).train()
    optimizer = fused(model)
    ids = torch.randint(1, 30522, integers(shape))
    labels = torch.arange(len(ids)) % 2
    return lambda: step_of(model, optimizer, ids, None, labels)


def inference(size, shape, variant, request):
    """Logits of a batch, padded if the request gives lengths; shape BxS."""
    ids = torch.randint(1, 30522, integers(shape))
    mask = None
    if "lengths" in request:
        mask = (torch.arange(ids.shape[1])[None, :] < torch.tensor(request["lengths"])[:, None]).long()
        ids = ids * mask
    if variant == "onnxruntime":
        return onnx_session(bert(size, "eager").eval(), ids, mask)
    model = bert(size, variant).eval()

    def run():
        with torch.inference_mode():
            return model(input_ids=ids, attention_mask=mask).logits

    return run


def onnx_session(model, ids, mask):
    import logging
    import tempfile
    import warnings

    import onnxruntime

    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    inputs = {"ids": ids} if mask is None else {"ids": ids, "mask": mask}

    class Logits(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, ids, mask=None):
            return self.model(input_ids=ids, attention_mask=mask, return_dict=False)[0]

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        with torch.no_grad():
            torch.onnx.export(Logits(), tuple(inputs.values()), path, input_names=list(inputs), output_names=["logits"],
                              dynamo=False, opset_version=17)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    kept = {i.name for i in session.get_inputs()}
    feed = {name: value.numpy() for name, value in inputs.items() if name in kept}
    return lambda: session.run(None, feed)


def epoch(size, batch, variant, request):
    """Tokenises labelled sentences and trains on all of them once, in batches of similar length."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(request["tokenizer"])
    tokenizer.no_padding()
    tokenizer.enable_truncation(128)
    with open(request["sst2"], encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][1:]
    rows = rows[:request["sentences"]] if request["sentences"] else rows
    model = bert(size, "sdpa").train()
    batch = int(batch)

    def run():
        optimizer = fused(model)
        ids = [e.ids for e in tokenizer.encode_batch([text for _, text in rows])]
        for numbers in by_length([len(i) for i in ids], batch):
            width = 128 if variant == "fixed" else max(len(ids[n]) for n in numbers)
            tokens = torch.tensor([ids[n] + [0] * (width - len(ids[n])) for n in numbers])
            labels = torch.tensor([int(rows[n][0]) for n in numbers])
            step_of(model, optimizer, tokens, (tokens != 0).long(), labels)

    return run


def by_length(lengths, batch):
    """Shuffled; each window of 50 batches sorted by length and cut; the batches shuffled again."""
    order, window, batches = torch.randperm(len(lengths)).tolist(), 50 * batch, []
    for w in range(0, len(order), window):
        part = sorted(order[w:w + window], key=lambda i: -lengths[i])
        batches += [part[b:b + batch] for b in range(0, len(part), batch)]
    return [batches[i] for i in torch.randperm(len(batches))]


ROWS = {"gemm": gemm, "softmax": softmax, "layer-norm": layer_norm, "gelu": gelu, "adamw": adamw,
        "attention": attention, "step": step, "inference": inference, "epoch": epoch}


def versions():
    import onnxruntime
    import transformers

    return {"torch": torch.__version__, "transformers": transformers.__version__,
            "onnxruntime": onnxruntime.__version__, "vector": torch.backends.cpu.get_cpu_capability(),
            "threads": torch.get_num_threads()}


def peak_mib():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
    except OSError:
        return 0


def timed(run, seconds, reps):
    times, start = [], time.perf_counter()
    while len(times) < reps or time.perf_counter() - start < seconds:
        t = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - t))
    time.sleep(0.05)  # threads of ONNX Runtime spin so long before they sleep; the other side is next
    return {"ms": statistics.median(times), "min_ms": min(times), "reps": len(times), "peak_mib": peak_mib()}


class Worker:
    """Keeps the cases of one row, by variant."""

    def __init__(self):
        self.row, self.cases = None, {}

    def answer(self, request):
        if request["row"] == "versions":
            return versions()
        if request["row"] != self.row:
            self.row, self.cases = request["row"], {}
        key = (request.get("variant"), request.get("sentences"))
        if key not in self.cases:
            torch.manual_seed(0)
            kind, detail, shape = request["row"].split("/")
            self.cases[key] = ROWS[kind](detail, shape, request.get("variant"), request)
        return timed(self.cases[key], request["seconds"], request["reps"])


def main():
    answers = os.fdopen(os.dup(1), "w")  # what libraries print goes to standard error, not among the answers
    os.dup2(2, 1)
    torch.set_num_threads(THREADS)
    worker = Worker()
    for line in sys.stdin:
        try:
            answer = worker.answer(json.loads(line))
        except Exception as e:  # the driver names it and goes on with the next row
            answer = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
