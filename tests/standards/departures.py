"""Where onnx 1.23.2's reference does not do what the standard says of Attention. attest finds these outputs wrong."""

import numpy as np


def _q_len(call):
    q = call.inputs["Q"]
    return q.shape[1] if q.ndim == 3 else q.shape[2]


def every_row_is_row_0(call):
    """is_causal with an attn_mask of one row, which broadcasts: every row gets the causal limit of row 0.

    _apply_causal takes the number of rows from the mask. With a window the mask is widened before.
    """
    mask = call.inputs.get("attn_mask")
    windows = [call.attributes.get(f"{side}_window_size", -1) for side in ("left", "right")]
    return (bool(call.attributes.get("is_causal")) and mask is not None and mask.ndim >= 2 and mask.shape[-2] == 1
            and _q_len(call) > 1 and max(windows) < 0)


def mode_0_is_capped(call):
    """qk_matmul_output_mode 0 is "the output of qk matmul", but softcap has been applied to it."""
    return call.attributes.get("qk_matmul_output_mode", 0) == 0 and call.attributes.get("softcap", 0) > 0


def wrong_output(call):
    return every_row_is_row_0(call)


def wrong_scores(call):
    mode = call.attributes.get("qk_matmul_output_mode", 0)
    return mode_0_is_capped(call) or (mode >= 2 and every_row_is_row_0(call))


def presents_are_joined(call):
    """present_key and present_value are the past with the new keys and values behind it, bit for bit."""
    for name, past, present in (("K", "past_key", "present_key"), ("V", "past_value", "present_value")):
        if present not in call.outputs:
            continue
        old, new = call.inputs[past], call.inputs[name]
        if new.ndim == 3:
            new = new.reshape(*new.shape[:2], old.shape[1], -1).transpose(0, 2, 1, 3)
        joined = np.concatenate((old, new), axis=2)
        if joined.shape != call.outputs[present].shape or joined.tobytes() != call.outputs[present].tobytes():
            return False
    return True
