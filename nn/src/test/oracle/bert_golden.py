"""Writes the golden files of the encoder tests (torch + transformers; see GOLDEN.txt for versions).

usage: python bert_golden.py MAVEN_REPOSITORY OUT_FOLDER
"""
import json, os, sys
import torch, transformers
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification
from tokenizers import Tokenizer
import weights

torch.set_num_threads(2)
repository, out = sys.argv[1:3]
os.makedirs(out, exist_ok=True)
meta = {"torch": torch.__version__, "transformers": transformers.__version__}


def write(name, tensors):
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, f"{out}/{name}.safetensors", meta)


def tiny(cls, seed, **more):
    torch.manual_seed(seed)
    c = BertConfig(vocab_size=61, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=36,
                   max_position_embeddings=20, type_vocab_size=2, initializer_range=0.3, hidden_dropout_prob=0.0,
                   attention_probs_dropout_prob=0.0, attn_implementation="eager", **more)
    m = cls(c)
    with torch.no_grad():
        for n, p in m.named_parameters():
            if n.endswith("bias"):
                p.normal_(0, 0.1)
            if n.endswith("LayerNorm.weight"):
                p.add_(0.1 * torch.randn_like(p))
    return m.float(), c


def batch(seed, b, s, lengths):
    g = torch.Generator().manual_seed(seed)
    ids = torch.randint(1, 61, (b, s), generator=g)
    types = torch.randint(0, 2, (b, s), generator=g)
    mask = torch.zeros(b, s, dtype=torch.long)
    for i, n in enumerate(lengths):
        mask[i, :n] = 1
    return ids * mask, types * mask, mask


# 1. tiny classifier: every hidden state, pooled output, logits and every parameter gradient, in F64
m, c = tiny(BertForSequenceClassification, 7, num_labels=3)
write("tiny-cls-weights", dict(m.state_dict()))
m = m.double().eval()
ids, types, mask = batch(1, 5, 13, [13, 7, 1, 12, 4])
labels = torch.tensor([2, 0, 1, 1, 0])
o = m(input_ids=ids, token_type_ids=types, attention_mask=mask, output_hidden_states=True)
loss = torch.nn.functional.cross_entropy(o.logits, labels)
loss.backward()
pooled = m.bert.pooler(o.hidden_states[-1])
write("tiny-cls", {"ids": ids.int(), "types": types.int(), "mask": mask.int(), "labels": labels.int(),
                   "loss": loss, "logits": o.logits, "pooled": pooled,
                   **{f"hidden.{i}": h for i, h in enumerate(o.hidden_states)}})
write("tiny-cls-gradients", {n: p.grad for n, p in m.named_parameters()})

# 2. tiny masked language model
m, c = tiny(BertForMaskedLM, 8)
write("tiny-mlm-weights", {k: v for k, v in m.state_dict().items() if "decoder" not in k})
m = m.double().eval()
o = m(input_ids=ids, token_type_ids=types, attention_mask=mask)
write("tiny-mlm", {"ids": ids.int(), "types": types.int(), "mask": mask.int(), "logits": o.logits})


def groups(m, decay):
    no = lambda n: n.endswith(".bias") or "LayerNorm" in n
    return [{"params": [p for n, p in m.named_parameters() if not no(n)], "weight_decay": decay},
            {"params": [p for n, p in m.named_parameters() if no(n)], "weight_decay": 0.0}]


def trajectory(m, batches, lr, decay, warmup):
    m.train()
    opt = torch.optim.AdamW(groups(m, decay), lr=lr)
    sched = transformers.get_linear_schedule_with_warmup(opt, warmup, len(batches))
    losses, norms = [], []
    for ids, types, mask, labels in batches:
        logits = m(input_ids=ids, token_type_ids=types, attention_mask=mask).logits
        loss = torch.nn.functional.cross_entropy(logits, labels)
        opt.zero_grad()
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(m.parameters(), 1.0)))
        opt.step()
        sched.step()
        losses.append(float(loss))
    return {"learning_rate": lr, "weight_decay": decay, "warmup": warmup, "max_norm": 1.0, "losses": losses,
            "norms": norms}


# 3. fifty AdamW steps of the tiny classifier, dropout off
def tiny_batches():
    for k in range(50):
        ids, types, mask = batch(100 + k, 4, 11, [11, 3 + k % 8, 5, 8])
        yield ids, types, mask, ids.sum(1) % 3


m, c = tiny(BertForSequenceClassification, 7, num_labels=3)
bs = list(tiny_batches())
write("tiny-trajectory-batches", {"ids": torch.stack([b[0] for b in bs]).int(),
                                  "types": torch.stack([b[1] for b in bs]).int(),
                                  "mask": torch.stack([b[2] for b in bs]).int(),
                                  "labels": torch.stack([b[3] for b in bs]).int()})
json.dump({**meta, **trajectory(m.double(), bs, 1e-3, 0.01, 5)}, open(f"{out}/tiny-trajectory.json", "w"))

# 4. MiniLM: states and pooled output of two sentences; fifty AdamW steps with a new classifier
sentences = ["A man inspects the uniform of a figure in some East Asian country.",
             "The man is sleeping."]
bert, tokenizer = weights.minilm(repository)
tok = Tokenizer.from_str(tokenizer)
tok.no_padding()
tok.no_truncation()


def encode(texts):
    e = [tok.encode(t) for t in texts]
    s = max(len(x.ids) for x in e)
    pad = lambda v: torch.tensor([list(x) + [0] * (s - len(x)) for x in v])
    return pad([x.ids for x in e]), pad([x.type_ids for x in e]), pad([[1] * len(x.ids) for x in e])


ids, types, mask = encode(sentences)
with torch.no_grad():
    o = bert(input_ids=ids, token_type_ids=types, attention_mask=mask, output_hidden_states=True)
write("minilm", {"ids": ids.int(), "types": types.int(), "mask": mask.int(), "pooled": o.pooler_output,
                 **{f"hidden.{i}": h[:, :5] for i, h in enumerate(o.hidden_states)}, "last": o.hidden_states[-1]})
words = ("good bad fine poor great awful nice dull bright grim".split())
torch.manual_seed(3)
cls = BertForSequenceClassification(BertConfig(**{**bert.config.to_dict(), "num_labels": 2,
                                    "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}))
cls.config._attn_implementation = "eager"
cls.bert.load_state_dict(bert.state_dict())
with torch.no_grad():  # a classifier that Java makes alike: sin of the element number
    n = cls.classifier.weight.numel()
    cls.classifier.weight.copy_((0.02 * torch.sin(torch.arange(n, dtype=torch.float64))).reshape(2, -1).float())
    cls.classifier.bias.zero_()
texts, bs = [], []
for k in range(50):
    row = [f"the film number {k} was {words[(k + j) % 10]} and {words[(3 * k + 7 * j + 2) % 10]}" for j in range(4)]
    labels = torch.tensor([((k + j) % 10) % 2 for j in range(4)])
    texts.append(row)
    bs.append((*encode(row), labels))
json.dump({**meta, "texts": texts, "labels": [b[3].tolist() for b in bs], **trajectory(cls, bs, 5e-5, 0.01, 5)},
          open(f"{out}/minilm-trajectory.json", "w"))

# 5. BERT-base: last hidden state and masked-LM scores
mlm, pooler = weights.bert_base(repository)
ids = torch.tensor([[101, 1996, 3007, 1997, 2605, 2003, 103, 1012, 102], [101, 7592, 2088, 102, 0, 0, 0, 0, 0]])
mask = (ids != 0).long()
with torch.no_grad():
    h = mlm.bert(input_ids=ids, attention_mask=mask).last_hidden_state
    logits = mlm.cls(h)
pooled = torch.tanh(h[:, 0] @ pooler["bert.pooler.dense.weight"].T + pooler["bert.pooler.dense.bias"])
write("bert-base", {"pooled": pooled, "ids": ids.int(), "mask": mask.int(), "last": h[0], "logits": logits[0, 6, ::3].clone(),
                    "logits2": logits[1, 1, ::7].clone()})
print("top", [(i, round(float(v), 3)) for v, i in zip(*logits[0, 6].softmax(-1).topk(3))])
open(f"{out}/GOLDEN.txt", "w").write(
    f"Written by nn/src/test/oracle/bert_golden.py with torch {torch.__version__}, transformers {transformers.__version__}.\n")
