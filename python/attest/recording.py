"""attest.capture: records calls of a function as files for `attest check`."""

from __future__ import annotations

import functools
import os

from attest import _observed


def capture(fn, folder, *, signature="sdpa", limit=100):
    """The function itself, which writes each of its first `limit` calls to a file in `folder`:

        attention = attest.capture(attention, "calls")
        ...                                       # then: attest check calls/*.safetensors

    signature: "sdpa" or "flash-attn", how it is called. Calls with dropout, and what a capture does not hold, are
    not written; .written and .left_out count them. The calls themselves and what they return stay as they are.
    """
    _observed.known(signature)
    os.makedirs(folder, exist_ok=True)

    @functools.wraps(fn)
    def recorded(*args, **kwargs):
        call = None
        if recorded.written < limit:
            try:
                call = _observed.asked(signature, args, kwargs)
            except (_observed.Unjudgeable, KeyError):
                recorded.left_out += 1
        result = fn(*args, **kwargs)
        if call is not None:
            path = os.path.join(folder, f"{_observed.name_of(fn)}-{recorded.written + 1:04}.safetensors")
            try:
                _observed.write_capture(path, call, _observed.first(result))
                recorded.written += 1
            except _observed.Unjudgeable:
                recorded.left_out += 1
        return result

    recorded.written = recorded.left_out = 0
    return recorded
