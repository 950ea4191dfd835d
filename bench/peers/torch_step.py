"""Fine-tuning steps of a randomly weighted BERT in PyTorch: forward, backward, clipping, fused AdamW.

usage: python torch_step.py [--size base|minilm] [--batch 16] [--length 128] [--reps 3] [--threads 2]
Prints one line of JSON a step.
"""
import argparse, json, os, resource, time
import torch
from transformers import BertConfig, BertForSequenceClassification

p = argparse.ArgumentParser()
p.add_argument("--size", default="base")
p.add_argument("--batch", type=int, default=16)
p.add_argument("--length", type=int, default=128)
p.add_argument("--reps", type=int, default=3)
p.add_argument("--threads", type=int, default=os.cpu_count())
a = p.parse_args()
torch.set_num_threads(a.threads)
torch.manual_seed(0)
sizes = {"base": {}, "minilm": dict(hidden_size=384, num_hidden_layers=6, intermediate_size=1536)}
config = BertConfig(num_labels=2, **sizes[a.size])
model = BertForSequenceClassification._from_config(config, attn_implementation="sdpa").train()
opt = torch.optim.AdamW(model.parameters(), lr=2e-5, weight_decay=0.01, fused=True)
ids = torch.randint(1, 30522, (a.batch, a.length))
labels = torch.randint(0, 2, (a.batch,))
for k in range(a.reps + 1):
    t = time.time()
    loss = torch.nn.functional.cross_entropy(model(input_ids=ids).logits, labels)
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if k:
        print(json.dumps({"peer": "torch", "ms": round(1000 * (time.time() - t)),
                          "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), flush=True)
