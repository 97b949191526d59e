"""Wrong declarations of a capture with four axes: what a person who writes captures may get wrong, one at a time.

Each takes a capture and returns another, or None where the mistake does not apply to it.
"""

import numpy as np


def _changed(capture, **changes):
    return {name: value for name, value in (capture | changes).items() if value is not None}


def _lengths(capture):
    return capture["q"].shape[2], capture["k"].shape[2]


def _is_causal(capture):
    return capture["causal"] is True or capture["causal"] in ("top-left", "bottom-right")


def other_alignment(c):
    q_len, kv_len = _lengths(c)
    if not _is_causal(c):
        return None
    position = c.get("q_start", kv_len - q_len)
    return _changed(c, q_start=None, causal="bottom-right" if position == 0 else "top-left")


def rows_one_key_later(c):
    return _changed(c, q_start=c["q_start"] + 1) if "q_start" in c else None


def rows_one_key_earlier(c):
    return _changed(c, q_start=c["q_start"] - 1) if "q_start" in c else None


def causality_dropped(c):
    return _changed(c, causal=False if "q_start" in c else "none") if _is_causal(c) else None


def causality_added(c):
    return None if _is_causal(c) else _changed(c, causal=True if "q_start" in c else "bottom-right")


def heads_tiled(c):
    """Query head h reads key head h mod kv_heads."""
    q_heads, kv_heads = c["q"].shape[1], c["k"].shape[1]
    if q_heads == kv_heads or kv_heads == 1:
        return None
    repeat = (1, q_heads // kv_heads, 1, 1)
    return _changed(c, k=np.tile(c["k"], repeat), v=np.tile(c["v"], repeat))


def kv_heads_rolled(c):
    return _changed(c, k=np.roll(c["k"], 1, axis=1), v=np.roll(c["v"], 1, axis=1))


def value_heads_rolled(c):
    return _changed(c, v=np.roll(c["v"], 1, axis=1))


def batches_rolled(c):
    return _changed(c, k=np.roll(c["k"], 1, axis=0), v=np.roll(c["v"], 1, axis=0))


def scale_left_out(c):
    return _changed(c, scale=1.0)


def scale_not_rooted(c):
    return _changed(c, scale=1.0 / c["q"].shape[3])


def scale_of_value_dim(c):
    return _changed(c, scale=1.0 / np.sqrt(c["v"].shape[3]))


def scale_squared(c):
    return _changed(c, scale=float(c["scale"]) ** 2)


def softcap_dropped(c):
    return _changed(c, softcap=None) if "softcap" in c else None


def softcap_added(c):
    return None if "softcap" in c else _changed(c, softcap=1.0)


def softcap_without_its_factor(c):
    """tanh(s / softcap) alone."""
    if "softcap" not in c or "bias" in c:
        return None
    return _changed(c, softcap=1.0, scale=float(c["scale"]) / c["softcap"])


def softcap_after_bias(c):
    """The order of onnx up to 1.21: the bias is capped with the score. As a score that is given key by key."""
    if "softcap" not in c or "bias" not in c:
        return None
    group = c["q"].shape[1] // c["k"].shape[1]
    raw = float(c["scale"]) * c["q"].astype(float) @ np.repeat(c["k"], group, axis=1).astype(float).swapaxes(-1, -2)
    biased = c["softcap"] * np.tanh((raw + np.asarray(c["bias"]).astype(float)) / c["softcap"])
    return _changed(c, softcap=None, scale=0.0, bias=biased.astype(np.float32))


def read_as_bthd(c):
    """q, k, v and out as [batch, length, heads, dim], though they are [batch, heads, length, dim]."""
    if c["q"].shape[2] % c["k"].shape[2] != 0 or c["q"].shape[1] != c["k"].shape[1] or "mask" in c or "bias" in c:
        return None
    return _changed(c, layout="bthd")


def heads_of_a_flat_array(c):
    """[batch, length, heads * dim] reshaped to [batch, heads, length, dim] without a transposition."""
    def reshaped(x):
        return np.ascontiguousarray(x.transpose(0, 2, 1, 3)).reshape(x.shape)
    return _changed(c, **{name: reshaped(c[name]) for name in ("q", "k", "v", "out")})


def dims_interleaved(c):
    """The channels of a head as [dim / 2, 2] for [2, dim / 2], in q only."""
    q = c["q"]
    if q.shape[3] % 2:
        return None
    halves = q.reshape(*q.shape[:3], 2, -1).swapaxes(-1, -2).reshape(q.shape)
    return _changed(c, q=np.ascontiguousarray(halves))


def mask_inverted(c):
    return _changed(c, mask=np.asarray(c["mask"]) == 0) if "mask" in c else None


def mask_dropped(c):
    return _changed(c, mask=None) if "mask" in c else None


def mask_one_key_off(c):
    return _changed(c, mask=np.roll(c["mask"], 1, axis=-1)) if "mask" in c else None


def bias_negated(c):
    if "bias" not in c:
        return None
    bias = np.asarray(c["bias"]).astype(np.float32)
    return _changed(c, bias=np.where(np.isinf(bias), bias, -bias))


def bias_dropped(c):
    return _changed(c, bias=None) if "bias" in c else None


def bias_one_key_off(c):
    return _changed(c, bias=np.roll(c["bias"], 1, axis=-1)) if "bias" in c else None


def bias_one_row_off(c):
    return _changed(c, bias=np.roll(c["bias"], 1, axis=-2)) if "bias" in c and np.ndim(c["bias"]) > 1 else None


def bias_of_another_head(c):
    return _changed(c, bias=np.roll(c["bias"], 1, axis=-3)) if "bias" in c and np.ndim(c["bias"]) > 2 else None


def bias_scaled(c):
    """The bias is added before the scale."""
    if "bias" not in c:
        return None
    return _changed(c, bias=(np.asarray(c["bias"]).astype(np.float32) * np.float32(c["scale"])))


def bias_taken_as_a_mask(c):
    return _changed(c, bias=None, mask=np.asarray(c["bias"]).astype(float) != 0) if "bias" in c else None


def mask_taken_as_a_bias(c):
    return _changed(c, mask=None, bias=np.asarray(c["mask"]).astype(np.float32)) if "mask" in c else None


def window_one_key_wider(c):
    return _changed(c, window_left=c["window_left"] + 1) if c.get("window_left", -1) >= 0 else None


def window_one_key_narrower(c):
    return _changed(c, window_left=c["window_left"] - 1) if c.get("window_left", -1) >= 1 else None


def window_added(c):
    return _changed(c, window_left=1) if c.get("window_left", -1) < 0 else None


def windows_exchanged(c):
    left, right = c.get("window_left", -1), c.get("window_right", -1)
    return _changed(c, window_left=right, window_right=left) if left != right else None


def keys_and_values_exchanged(c):
    return _changed(c, k=c["v"], v=c["k"]) if c["k"].shape == c["v"].shape else None


def queries_and_keys_exchanged(c):
    return _changed(c, q=c["k"], k=c["q"]) if c["q"].shape == c["k"].shape else None


def lengths_one_too_long(c):
    if "kv_lens" not in c:
        return None
    return _changed(c, kv_lens=np.minimum(np.asarray(c["kv_lens"]) + 1, c["k"].shape[2]))


def lengths_dropped(c):
    return _changed(c, kv_lens=None) if "kv_lens" in c else None


def first_key_lost(c):
    if c["k"].shape[2] < 2 or "mask" in c or "bias" in c or "kv_lens" in c:
        return None
    return _changed(c, k=c["k"][:, :, 1:], v=c["v"][:, :, 1:])


def keys_rolled(c):
    """The past behind the new keys, or a ring buffer read from the wrong place."""
    return _changed(c, k=np.roll(c["k"], 1, axis=2), v=np.roll(c["v"], 1, axis=2))


def values_rolled(c):
    return _changed(c, v=np.roll(c["v"], 1, axis=2))


def rows_reversed(c):
    return _changed(c, q=np.ascontiguousarray(c["q"][:, :, ::-1]))


def one_more_in_the_denominator(c):
    """A softmax with a sink of 0, "off by one"."""
    return _changed(c, sink=np.zeros(c["q"].shape[1], np.float32))


def alibi_added(c):
    if "kv_lens" in c:
        return None
    return _changed(c, alibi_slopes=np.full(c["q"].shape[1], 0.5, np.float32))


KINDS = {
    name: kind for name, kind in list(globals().items())
    if callable(kind) and not name.startswith("_") and kind.__module__ == __name__
}
