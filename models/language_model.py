"""The model that models/train.py trains: its forward pass and gradients by hand, in numpy.

The architecture is that of src/attention/transformer/model.hpp.
"""
import math

import numpy as np

NORM_EPSILON, ROPE_BASE = 1e-5, 10000.0


def tensor_shapes(shape, vocabulary):
    d, q, kv = shape["hidden"], shape["q_heads"] * shape["head_dim"], shape["kv_heads"] * shape["head_dim"]
    tensors = {"embed.weight": (vocabulary, d)}
    for n in range(shape["layers"]):
        of = f"layers.{n}."
        tensors.update({of + "attention_norm.weight": (d,), of + "q.weight": (q, d), of + "k.weight": (kv, d),
                        of + "v.weight": (kv, d), of + "o.weight": (d, q), of + "mlp_norm.weight": (d,),
                        of + "gate.weight": (shape["mlp_hidden"], d), of + "up.weight": (shape["mlp_hidden"], d),
                        of + "down.weight": (d, shape["mlp_hidden"])})
    tensors.update({"norm.weight": (d,), "output.weight": (vocabulary, d)})
    return tensors


def initial(shape, vocabulary, random, dtype):
    weights = {}
    for name, size in tensor_shapes(shape, vocabulary).items():
        if len(size) == 1:
            weights[name] = np.ones(size, dtype)
            continue
        deviation = 0.5 if name == "embed.weight" else 1 / math.sqrt(size[1])
        if name.endswith(("o.weight", "down.weight")):  # residual branches start small
            deviation /= math.sqrt(2 * shape["layers"])
        weights[name] = (deviation * random.standard_normal(size)).astype(dtype)
    return weights


def norm(x, weight):
    factor = 1 / np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / x.shape[1] + x.dtype.type(NORM_EPSILON))
    unit = x * factor
    return unit * weight, (unit, factor, weight)


def norm_back(dy, saved):
    unit, factor, weight = saved
    dunit = dy * weight
    along = np.einsum("ij,ij->i", dunit, unit)[:, None] / unit.shape[1]
    return factor * (dunit - unit * along), np.einsum("ij,ij->j", dy, unit)


def rope_table(length, head_dim, dtype):
    angle = np.outer(np.arange(length), ROPE_BASE ** (-2.0 * np.arange(head_dim // 2) / head_dim))
    return np.cos(angle).astype(dtype), np.sin(angle).astype(dtype)


def rotate(x, cosine, sine):
    """x [..., length, head_dim]; the inverse is that of -sine."""
    y = np.empty_like(x)
    a, b = x[..., 0::2], x[..., 1::2]
    y[..., 0::2] = a * cosine - b * sine
    y[..., 1::2] = a * sine + b * cosine
    return y


class Model:
    def __init__(self, shape, weights):
        self.shape, self.w = shape, weights
        self.dtype = weights["norm.weight"].dtype

    # [B T, heads d_h] -> [B, heads, T, d_h], and back.
    def split(self, x, batch, heads):
        return np.ascontiguousarray(x.reshape(batch, -1, heads, self.shape["head_dim"]).transpose(0, 2, 1, 3))

    @staticmethod
    def join(x):
        batch, heads, length, head_dim = x.shape
        return np.ascontiguousarray(x.transpose(0, 2, 1, 3)).reshape(batch * length, heads * head_dim)

    def attention(self, q, k, v):
        """Causal; the query heads of a group lie one under another, so that a group is one product."""
        batch, heads, length, head_dim = q.shape
        groups = k.shape[1]
        stacked = q.reshape(batch, groups, heads // groups * length, head_dim)
        p = stacked @ k.transpose(0, 1, 3, 2)
        p *= self.dtype.type(1 / math.sqrt(head_dim))
        rows = p.reshape(batch, groups, heads // groups, length, length)
        rows += np.triu(np.full((length, length), -1e30, self.dtype), 1)
        p -= p.max(axis=-1, keepdims=True)
        np.exp(p, out=p)
        p /= p.sum(axis=-1, keepdims=True)
        return (p @ v).reshape(q.shape), (stacked, k, v, p)

    def attention_back(self, do, saved):
        stacked, k, v, p = saved
        scale = self.dtype.type(1 / math.sqrt(k.shape[-1]))
        do_stacked = do.reshape(stacked.shape)
        dv = p.transpose(0, 1, 3, 2) @ do_stacked
        ds = do_stacked @ v.transpose(0, 1, 3, 2)
        ds -= np.einsum("bgij,bgij->bgi", ds, p)[..., None]
        ds *= p
        ds *= scale
        return (ds @ k).reshape(do.shape), ds.transpose(0, 1, 3, 2) @ stacked, dv

    def forward(self, tokens):
        """Logits [B T, vocabulary] of tokens [B, T], and what the gradient needs."""
        s, w = self.shape, self.w
        batch, length = tokens.shape
        cosine, sine = rope_table(length, s["head_dim"], self.dtype)
        x = w["embed.weight"][tokens.reshape(-1)]
        saved = []
        for n in range(s["layers"]):
            of = f"layers.{n}."
            h, norm1 = norm(x, w[of + "attention_norm.weight"])
            q = rotate(self.split(h @ w[of + "q.weight"].T, batch, s["q_heads"]), cosine, sine)
            k = rotate(self.split(h @ w[of + "k.weight"].T, batch, s["kv_heads"]), cosine, sine)
            v = self.split(h @ w[of + "v.weight"].T, batch, s["kv_heads"])
            o, attention = self.attention(q, k, v)
            o = self.join(o)
            x = x + o @ w[of + "o.weight"].T
            g, norm2 = norm(x, w[of + "mlp_norm.weight"])
            gate, up = g @ w[of + "gate.weight"].T, g @ w[of + "up.weight"].T
            sigmoid = 1 / (1 + np.exp(-gate))
            m = gate * sigmoid * up
            x = x + m @ w[of + "down.weight"].T
            saved.append((h, norm1, attention, o, g, norm2, gate, up, sigmoid, m))
        y, last = norm(x, w["norm.weight"])
        return y @ w["output.weight"].T, (tokens, cosine, sine, saved, y, last)

    def backward(self, dlogits, memory):
        s, w, grad = self.shape, self.w, {}
        tokens, cosine, sine, saved, y, last = memory
        batch = tokens.shape[0]
        grad["output.weight"] = dlogits.T @ y
        dx, grad["norm.weight"] = norm_back(dlogits @ w["output.weight"], last)
        for n in reversed(range(s["layers"])):
            of = f"layers.{n}."
            h, norm1, attention, o, g, norm2, gate, up, sigmoid, m = saved[n]
            grad[of + "down.weight"] = dx.T @ m
            dm = dx @ w[of + "down.weight"]
            dup = dm * gate * sigmoid
            dgate = dm * up * sigmoid * (1 + gate * (1 - sigmoid))
            grad[of + "gate.weight"], grad[of + "up.weight"] = dgate.T @ g, dup.T @ g
            dg, grad[of + "mlp_norm.weight"] = norm_back(
                dgate @ w[of + "gate.weight"] + dup @ w[of + "up.weight"], norm2)
            dx = dx + dg
            grad[of + "o.weight"] = dx.T @ o
            dq, dk, dv = self.attention_back(self.split(dx @ w[of + "o.weight"], batch, s["q_heads"]), attention)
            dq, dk, dv = self.join(rotate(dq, cosine, -sine)), self.join(rotate(dk, cosine, -sine)), self.join(dv)
            grad[of + "q.weight"], grad[of + "k.weight"], grad[of + "v.weight"] = dq.T @ h, dk.T @ h, dv.T @ h
            dh, grad[of + "attention_norm.weight"] = norm_back(
                dq @ w[of + "q.weight"] + dk @ w[of + "k.weight"] + dv @ w[of + "v.weight"], norm1)
            dx = dx + dh
        grad["embed.weight"] = np.zeros_like(w["embed.weight"])
        np.add.at(grad["embed.weight"], tokens.reshape(-1), dx)
        return grad


def loss_of(logits, targets):
    """Mean cross entropy in nats, and its gradient by the logits."""
    targets = targets.reshape(-1)
    p = logits - logits.max(axis=1, keepdims=True)
    np.exp(p, out=p)
    total = p.sum(axis=1, keepdims=True)
    p /= total
    rows = np.arange(targets.size)
    loss = -np.mean(np.log(p[rows, targets], dtype=np.float64))
    p[rows, targets] -= 1
    p /= targets.size
    return loss, p
