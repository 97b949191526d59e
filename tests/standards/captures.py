"""Captures (docs/formats.md) of ONNX's Attention, by what the standard says of its attributes and inputs."""

import numpy as np

import contracts
from dense import visible


def _joined(call, name, past):
    """Keys or values of the whole cache, and whether they are [batch, length, heads * dim]."""
    new = call.inputs[name]
    if past not in call.inputs:
        return new
    old = call.inputs[past]
    if new.ndim == 4:
        return np.concatenate((old, new), axis=2)
    batch, heads, length, dim = old.shape
    return np.concatenate((old.transpose(0, 2, 1, 3).reshape(batch, length, heads * dim), new), axis=1)


def _mask(call, kv_len):
    """attn_mask, padded where it is shorter than the keys: "the last dimension can be less than"."""
    mask = call.inputs["attn_mask"]
    missing = kv_len - mask.shape[-1]
    if missing > 0:
        rest = np.full((*mask.shape[:-1], missing), False if mask.dtype == bool else -np.inf, mask.dtype)
        mask = np.concatenate((mask, rest), axis=-1)
    return mask


def capture_of(call):
    """Names to arrays and scalars, as np.savez takes them."""
    q, k, v = call.inputs["Q"], _joined(call, "K", "past_key"), _joined(call, "V", "past_value")
    flat = q.ndim == 3
    made = {"q": q, "k": k, "v": v, "out": call.outputs["Y"]}
    if flat:
        made |= {"layout": "bthd", "q_heads": call.attributes["q_num_heads"]}
        made["kv_heads"] = call.attributes["kv_num_heads"]
    dim = q.shape[-1] // (made["q_heads"] if flat else 1)
    made["scale"] = contracts.scale_of(call, dim)
    kv_len = k.shape[1] if flat else k.shape[2]
    if "attn_mask" in call.inputs:
        mask = _mask(call, kv_len)
        made["mask" if mask.dtype == bool else "bias"] = mask
    if call.attributes.get("softcap", 0) > 0:
        made["softcap"] = call.attributes["softcap"]
    if "nonpad_kv_seqlen" in call.inputs:
        made["kv_lens"] = call.inputs["nonpad_kv_seqlen"]
        made["causal"] = "bottom-right" if call.attributes.get("is_causal") else "none"
    else:  # a past moves the rows; without one row 0 stands at key 0
        made["q_start"] = call.inputs["past_key"].shape[2] if "past_key" in call.inputs else 0
        made["causal"] = bool(call.attributes.get("is_causal"))
    for side in ("left", "right"):
        made[f"window_{side}"] = call.attributes.get(f"{side}_window_size", -1)
    made["contract"] = contracts.contract_of(call, plain(made))
    return made


def _heads_apart(x, heads):
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads).transpose(0, 2, 1, 3)


def plain(capture):
    """The same capture with q, k, v and out of four axes [batch, heads, length, dim]."""
    if "layout" not in capture:
        return dict(capture)
    made = {name: value for name, value in capture.items() if name not in ("layout", "q_heads", "kv_heads")}
    for name in ("q", "k", "v", "out"):
        made[name] = _heads_apart(made[name], capture["kv_heads" if name in "kv" else "q_heads"])
    return made


def score_capture(call, capture):
    """The output qk_matmul_output, as a capture of its own.

    Mode 3, the softmax: attention whose values are the unit vectors returns it. The other modes are scores: lse of a
    row that sees one key is the score of that key, so each key becomes a batch of its own.
    """
    scores, mode = call.outputs["qk_matmul_output"], call.attributes.get("qk_matmul_output_mode", 0)
    made = plain(capture)
    kv_heads, kv_len = made["k"].shape[1:3]
    if mode == 3:
        unit = np.broadcast_to(np.eye(kv_len), (made["k"].shape[0], kv_heads, kv_len, kv_len))
        return made | {"v": unit.astype(made["k"].dtype), "out": scores}
    return _one_key_each(made, scores, mode)


def _one_key_each(made, scores, mode):
    batch, q_heads, q_len, kv_len = scores.shape
    kv_heads, dim = made["k"].shape[1], made["k"].shape[3]

    def by_key(x):  # [batch, heads, rows, keys] as [batch * keys, heads, rows, 1]
        x = np.broadcast_to(x, scores.shape)
        return np.ascontiguousarray(x.transpose(0, 3, 1, 2)).reshape(batch * kv_len, q_heads, q_len, 1)

    seen = by_key(visible(made) if mode == 2 else True)
    wide = made["q"].dtype == np.float64
    changed = {
        "q": np.repeat(made["q"], kv_len, axis=0),
        "k": np.ascontiguousarray(made["k"].transpose(0, 2, 1, 3)).reshape(batch * kv_len, kv_heads, 1, dim),
        "v": np.ones((batch * kv_len, kv_heads, 1, 1), made["v"].dtype),
        "out": seen.astype(made["q"].dtype),
        "lse": by_key(scores)[..., 0].astype(np.float64 if wide else np.float32),
        "scale": made["scale"],
        "causal": "none",
        "contract": made["contract"],
    }
    if mode > 0 and "softcap" in made:
        changed["softcap"] = made["softcap"]
    if mode == 2:
        changed["mask"] = seen
    if mode == 2 and "bias" in made:
        changed["bias"] = by_key(made["bias"])
    return changed
