"""Checks that transformers loads a saved classifier whole and predicts the same (oracle only; not run by the build).

usage: ./bulwark predict --model RUN --input LINES.txt > PREDICTIONS.jsonl
       python saved_model.py RUN/model LINES.txt PREDICTIONS.jsonl
"""
import json, sys
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder, lines, predictions = sys.argv[1:4]
model, info = AutoModelForSequenceClassification.from_pretrained(
    folder, output_loading_info=True, attn_implementation="eager")
assert not info["missing_keys"] and not info["unexpected_keys"], info
tokenizer = AutoTokenizer.from_pretrained(folder)
model.eval()
worst = 0.0
for line, row in zip(open(lines, encoding="utf-8"), open(predictions, encoding="utf-8")):
    ours = json.loads(row)
    with torch.no_grad():
        p = model(**tokenizer(line.rstrip("\n"), return_tensors="pt")).logits.softmax(-1)[0]
    assert model.config.id2label[int(p.argmax())] == ours["label"], line
    worst = max([worst] + [abs(float(p[i]) - ours["probabilities"][n]) for i, n in model.config.id2label.items()])
print("labels equal; largest difference of a probability:", worst)
