"""Attention by its definition in float64, from a capture with four axes. Only says which vectors can show a mistake."""

import numpy as np


def visible(capture):
    """[batch, q_heads, q_len, kv_len]: whether the row sees the key."""
    batch, q_heads, q_len, _ = capture["q"].shape
    kv_len = capture["k"].shape[2]
    n = np.asarray(capture.get("kv_lens", np.full(batch, kv_len))).astype(np.int64).reshape(-1, 1, 1, 1)
    causal = capture["causal"]
    if "q_start" in capture:
        start = np.full((1, 1, 1, 1), int(capture["q_start"]))
    else:
        start = np.zeros((1, 1, 1, 1), int) if causal == "top-left" else n - q_len
    position = start + np.arange(q_len).reshape(1, 1, -1, 1)
    key = np.arange(kv_len).reshape(1, 1, 1, -1)
    seen = key < n
    if causal in ("top-left", "bottom-right") or causal is True:
        seen = seen & (key <= position)
    if capture.get("window_left", -1) >= 0:
        seen = seen & (position - key <= capture["window_left"])
    if capture.get("window_right", -1) >= 0:
        seen = seen & (key - position <= capture["window_right"])
    if "mask" in capture:
        seen = seen & (np.asarray(capture["mask"]) != 0)
    if "bias" in capture:
        seen = seen & (np.asarray(capture["bias"]).astype(float) != -np.inf)
    return np.broadcast_to(seen, (batch, q_heads, q_len, kv_len))


def scores(capture):
    """[batch, q_heads, q_len, kv_len], without regard to what a row sees."""
    q, k = (np.asarray(capture[name]).astype(float) for name in ("q", "k"))
    s = float(capture["scale"]) * q @ np.repeat(k, q.shape[1] // k.shape[1], axis=1).swapaxes(-1, -2)
    if capture.get("softcap", 0) > 0:
        s = capture["softcap"] * np.tanh(s / capture["softcap"])
    if "bias" in capture:
        bias = np.asarray(capture["bias"]).astype(float)
        s = s + np.where(bias == -np.inf, 0, bias)
    if "alibi_slopes" in capture:
        start = int(capture.get("q_start", k.shape[2] - q.shape[2]))
        distance = np.abs(start + np.arange(q.shape[2])[:, None] - np.arange(k.shape[2]))
        s = s - np.asarray(capture["alibi_slopes"]).reshape(-1, 1, 1) * distance
    return s


def attention(capture):
    """out [batch, q_heads, q_len, v_dim]; 0 for a row that sees no key."""
    seen, s = visible(capture), scores(capture)
    v = np.asarray(capture["v"]).astype(float)
    v = np.repeat(v, s.shape[1] // v.shape[1], axis=1)
    s = np.where(seen, s, -np.inf)
    sink = capture.get("sink")
    top = s.max(axis=-1, keepdims=True)
    if sink is not None:
        sink = np.asarray(sink).astype(float).reshape(1, -1, 1, 1)
        top = np.maximum(top, sink)
    top = np.where(top == -np.inf, 0, top)
    weights = np.exp(s - top)
    total = weights.sum(axis=-1, keepdims=True)
    if sink is not None:
        total = total + np.exp(sink - top)
    return weights / np.where(total == 0, 1, total) @ v
