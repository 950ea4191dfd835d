"""The SST-2 run of README in PyTorch + transformers: same model, data order rule, hyperparameters.

usage: python torch_train.py MAVEN_REPOSITORY TRAIN.tsv DEV.tsv [--seed 42] [--epochs 2] [--batch 32] [--lr 5e-5]
Prints one line of JSON: dev accuracy per epoch, seconds of training and of everything, peak memory.
"""
import argparse, json, os, random, resource, sys, time
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification, get_linear_schedule_with_warmup

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../nn/src/test/oracle"))
import weights

p = argparse.ArgumentParser()
p.add_argument("repository"), p.add_argument("train"), p.add_argument("dev")
p.add_argument("--seed", type=int, default=42)
p.add_argument("--epochs", type=int, default=2)
p.add_argument("--batch", type=int, default=32)
p.add_argument("--lr", type=float, default=5e-5)
p.add_argument("--threads", type=int, default=os.cpu_count())
a = p.parse_args()
torch.set_num_threads(a.threads)
torch.manual_seed(a.seed)
random.seed(a.seed)
start = time.time()
bert, tokenizer = weights.minilm(a.repository)
tok = Tokenizer.from_str(tokenizer)
tok.no_padding()
tok.enable_truncation(128)


def read(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")][1:]
    return [(tok.encode(text).ids, int(label)) for label, text in rows]


def collate(rows):
    n = max(len(r[0]) for r in rows)
    ids = torch.tensor([r[0] + [0] * (n - len(r[0])) for r in rows])
    return ids, (ids != 0).long(), torch.tensor([r[1] for r in rows])


train, dev = read(a.train), read(a.dev)
config = BertConfig(**{**bert.config.to_dict(), "num_labels": 2, "attn_implementation": "sdpa"})
model = BertForSequenceClassification._from_config(config, attn_implementation="sdpa")
model.bert.load_state_dict(bert.state_dict())
del bert
no = lambda n: n.endswith(".bias") or "LayerNorm" in n
groups = [{"params": [q for n, q in model.named_parameters() if not no(n)], "weight_decay": 0.01},
          {"params": [q for n, q in model.named_parameters() if no(n)], "weight_decay": 0.0}]
opt = torch.optim.AdamW(groups, lr=a.lr, fused=True)
steps = a.epochs * ((len(train) + a.batch - 1) // a.batch)
sched = get_linear_schedule_with_warmup(opt, -(-steps // 10), steps)
accuracies, fit = [], 0.0
for _ in range(a.epochs):
    t = time.time()
    order = random.sample(range(len(train)), len(train))
    window = 50 * a.batch
    batches = []
    for w in range(0, len(order), window):
        part = sorted(order[w:w + window], key=lambda i: -len(train[i][0]))
        batches += [part[b:b + a.batch] for b in range(0, len(part), a.batch)]
    random.shuffle(batches)
    model.train()
    for b in batches:
        ids, mask, labels = collate([train[i] for i in b])
        loss = torch.nn.functional.cross_entropy(model(input_ids=ids, attention_mask=mask).logits, labels)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        sched.step()
    fit += time.time() - t
    model.eval()
    right = 0
    with torch.no_grad():
        for b in range(0, len(dev), 64):
            ids, mask, labels = collate(dev[b:b + 64])
            right += int((model(input_ids=ids, attention_mask=mask).logits.argmax(1) == labels).sum())
    accuracies.append(right / len(dev))
print(json.dumps({"peer": "torch " + torch.__version__, "seed": a.seed, "dev_accuracy": accuracies, "best": max(accuracies),
                  "fit_seconds": round(fit, 1), "all_seconds": round(time.time() - start, 1),
                  "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
