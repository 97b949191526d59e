#!/usr/bin/python3
"""Trains the character-level language model that `attest space --generate` decodes.

The architecture is that of src/attention/transformer/model.hpp: Llama's (RMSNorm, rotary positions on pairs
(2i, 2i + 1), grouped-query attention, SwiGLU, an output matrix of its own), 3 layers of 64. The text is the
King James Bible (public domain), read from the Debian packages bible-kjv and bible-kjv-text. Gradients are by
hand, in numpy; `--self-test` holds them against finite differences in double precision.

    models/train.py                          train, write models/kjv.safetensors
    models/train.py --self-test              gradients against finite differences
    models/train.py --logits "And God"       the model's logits after that text, in double precision

A function of its options: the seed draws weights and batches, and BLAS runs in one thread. (Another BLAS or
processor may round otherwise.)
"""
import argparse
import json
import math
import os
import struct
import subprocess
import sys
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
import numpy as np  # noqa: E402  (after the number of threads is fixed)
from language_model import Model, initial, loss_of  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPE = dict(layers=3, hidden=64, q_heads=4, kv_heads=2, head_dim=16, mlp_hidden=176)
HELD_OUT = 0.05  # the end of the text: Colossians 1 to Revelation


# ---- text ----------------------------------------------------------------------------------------------------

def read_text():
    """The whole text, a verse a line, without the verses' numbers."""
    try:
        printed = subprocess.run(["bible", "-f", "Gen1:1-Rev22:21"], check=True, stdin=subprocess.DEVNULL,
                                 capture_output=True, text=True).stdout
    except FileNotFoundError:
        sys.exit("the command `bible` is missing: install the Debian packages bible-kjv and bible-kjv-text")
    return "".join(line.split(" ", 1)[1].strip() + "\n" for line in printed.splitlines() if " " in line)


def encode(text, characters):
    number = {character: i for i, character in enumerate(characters)}
    return np.array([number[character] for character in text], dtype=np.int64)


# ---- training ------------------------------------------------------------------------------------------------

class AdamW:
    """Loshchilov and Hutter 2019; matrices decay, norms and embedding do not. Clips the gradient's norm to 1."""

    def __init__(self, weights, decay=0.05, beta1=0.9, beta2=0.98, epsilon=1e-9):
        self.m = {name: np.zeros_like(weight) for name, weight in weights.items()}
        self.v = {name: np.zeros_like(weight) for name, weight in weights.items()}
        self.decay, self.beta1, self.beta2, self.epsilon, self.t = decay, beta1, beta2, epsilon, 0

    def step(self, weights, grad, rate):
        self.t += 1
        size = math.sqrt(sum(float(np.vdot(g, g)) for g in grad.values()))
        clip = min(1.0, 1.0 / (size + 1e-12))
        for name, weight in weights.items():
            g, m, v = grad[name] * weight.dtype.type(clip), self.m[name], self.v[name]
            m += (1 - self.beta1) * (g - m)
            v += (1 - self.beta2) * (g * g - v)
            unit = m / (1 - self.beta1 ** self.t) / (np.sqrt(v / (1 - self.beta2 ** self.t)) + self.epsilon)
            if weight.ndim == 2 and name != "embed.weight":
                unit += self.decay * weight
            weight -= weight.dtype.type(rate) * unit.astype(weight.dtype)


def rate_at(step, steps, peak):
    """Linear to the peak in 100 steps, then a cosine to a twentieth of it."""
    if step < 100:
        return peak * (step + 1) / 100
    return peak * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (step - 100) / max(1, steps - 100))))


def windows(tokens, starts, length):
    both = tokens[starts[:, None] + np.arange(length + 1)]
    return both[:, :-1], both[:, 1:]


def held_out_loss(model, tokens, length, batch=32):
    """Mean loss in nats a character over all the windows of a text, each read from its beginning."""
    starts = np.arange(0, tokens.size - length - 1, length)
    total = 0.0
    for first in range(0, starts.size, batch):
        part = starts[first:first + batch]
        inputs, targets = windows(tokens, part, length)
        total += loss_of(model.forward(inputs)[0], targets)[0] * part.size
    return total / starts.size


def train(options):
    text = read_text()
    characters = "".join(sorted(set(text)))
    tokens = encode(text, characters)
    cut = int(tokens.size * (1 - HELD_OUT))
    random = np.random.Generator(np.random.PCG64(options.seed))
    model = Model(SHAPE, initial(SHAPE, len(characters), random, np.float32))
    optimizer, begin, smooth = AdamW(model.w), time.time(), None
    texts = dict(characters=characters, **{name: str(size) for name, size in SHAPE.items() if "heads" in name},
                 training_text="King James Version, from Debian's bible-kjv-text; public domain",
                 seed=str(options.seed), steps=str(options.steps), batch=str(options.batch),
                 length=str(options.length))
    for step in range(options.steps):
        starts = random.integers(0, cut - options.length - 1, options.batch)
        inputs, targets = windows(tokens[:cut], starts, options.length)
        logits, memory = model.forward(inputs)
        loss, dlogits = loss_of(logits, targets)
        optimizer.step(model.w, model.backward(dlogits, memory), rate_at(step, options.steps, options.rate))
        smooth = loss if smooth is None else 0.98 * smooth + 0.02 * loss
        if (step + 1) % 100 == 0:
            print(f"step {step + 1}/{options.steps}  loss {smooth:.4f} nats a character  "
                  f"{time.time() - begin:.0f} s", flush=True)
        if (step + 1) % 1000 == 0 or step + 1 == options.steps:
            held_out = held_out_loss(model, tokens[cut:], options.length)
            texts["trained_steps"] = str(step + 1)
            texts["held_out_perplexity"] = f"{math.exp(held_out):.4f}"
            write_safetensors(options.output, model.w, texts)
            print(f"held out: {held_out:.4f} nats, perplexity {math.exp(held_out):.4f} a character "
                  f"({tokens.size - cut} characters)", flush=True)


# ---- files ---------------------------------------------------------------------------------------------------

def write_safetensors(path, weights, texts):
    header, offset = {"__metadata__": texts}, 0
    for name, weight in weights.items():
        header[name] = {"dtype": "F32", "shape": list(weight.shape), "data_offsets": [offset, offset + 4 * weight.size]}
        offset += 4 * weight.size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for weight in weights.values():
            file.write(weight.astype("<f4").tobytes())
    os.replace(path + ".part", path)


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    texts = header.pop("__metadata__")
    return {name: np.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
            for name, entry in header.items()}, texts


def print_logits(options):
    weights, texts = read_safetensors(options.output)
    model = Model(SHAPE, {name: weight.astype(np.float64) for name, weight in weights.items()})
    logits, _ = model.forward(encode(options.logits, texts["characters"])[None, :])
    print("\n".join(f"{logit:.7f}" for logit in logits[-1]))


# ---- self-test -----------------------------------------------------------------------------------------------

def self_test():
    """Gradients of a small model in double precision against central differences."""
    shape = dict(layers=2, hidden=6, q_heads=4, kv_heads=2, head_dim=4, mlp_hidden=5)
    random = np.random.Generator(np.random.PCG64(7))
    model = Model(shape, initial(shape, 9, random, np.float64))
    for weight in model.w.values():
        weight += 0.1 * random.standard_normal(weight.shape)
    inputs, targets = random.integers(0, 9, (3, 7)), random.integers(0, 9, (3, 7))
    logits, memory = model.forward(inputs)
    grad = model.backward(loss_of(logits, targets)[1], memory)
    worst = 0.0
    for name, weight in model.w.items():
        for at in random.choice(weight.size, min(weight.size, 8), replace=False):
            here, value = np.unravel_index(at, weight.shape), weight.flat[at]
            losses = []
            for side in (1e-5, -1e-5):
                weight[here] = value + side
                losses.append(loss_of(model.forward(inputs)[0], targets)[0])
            weight[here] = value
            # A central difference of a loss near 2: truncation 1e-10, rounding 2e-16 / 1e-5, and some room.
            error = abs((losses[0] - losses[1]) / 2e-5 - grad[name][here])
            worst = max(worst, error)
            if not error < 1e-8:
                sys.exit(f"{name}{list(here)}: gradient {grad[name][here]}, off by {error}")
    print(f"{len(model.w)} tensors: gradients agree with finite differences, largest difference {worst:.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", default=os.path.join(HERE, "kjv.safetensors"), metavar="FILE")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--logits", metavar="TEXT")
    options = parser.parse_args()
    if options.self_test:
        self_test()
    elif options.logits:
        print_logits(options)
    else:
        train(options)


if __name__ == "__main__":
    main()
