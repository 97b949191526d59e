"""The reference that peers trust: causal attention of heads in fp64 by numpy over OpenBLAS.

Usage: numpy_attention.py FORM QUERIES KEYS HEAD_DIM REPEATS, or numpy_attention.py check
FORM full: the score matrix as a whole, masked, as references are written. FORM blocked: 64 or 128 query rows at a
time, only the keys they see, every operation in place (what a careful author would write; fewer and more rows at a time
are slower). Prints one line of JSON: the processor seconds and the elapsed seconds of the fastest repeat, for o alone, and
which BLAS ran with which kernel. `check` compares the forms with plain loops.
"""

import ctypes
import json
import sys
import time

import numpy as np


def softmax_product(scores, values):
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    out = scores @ values
    out /= scores.sum(axis=1, keepdims=True)
    return out


def full(q, k, v, scale, mask):
    scores = (q * scale) @ k.T
    scores += mask
    return softmax_product(scores, v)


def rows_at_a_time(keys):
    return 64 if keys <= 4096 else 128


def blocked(q, k, v, scale, mask):
    rows = rows_at_a_time(len(k))
    out = np.empty((len(q), v.shape[1]))
    past = len(k) - len(q)
    for begin in range(0, len(q), rows):
        end = min(begin + rows, len(q))
        scores = (q[begin:end] * scale) @ k[: past + end].T
        scores[:, past + begin :] += mask[: end - begin, : end - begin]
        out[begin:end] = softmax_product(scores, v[: past + end])
    return out


FORMS = {"full": full, "blocked": blocked}


def mask_of(form, queries, keys):
    if form == "full":
        return np.triu(np.full((queries, keys), -np.inf), 1 + keys - queries)
    return np.triu(np.full((min(queries, rows_at_a_time(keys)),) * 2, -np.inf), 1)


def blas():
    """The BLAS that numpy has loaded, as Linux tells it, and the kernel that it has chosen."""
    np.ones((2, 2)) @ np.ones((2, 2))
    for line in open("/proc/self/maps"):
        path = line.split()[-1]
        if "blas" not in path or ".so" not in path:
            continue
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_get_corename"):
            library.openblas_get_corename.restype = ctypes.c_char_p
            return path, library.openblas_get_corename().decode()
    return "not OpenBLAS", "unknown"


def random_head(queries, keys, head_dim):
    rng = np.random.default_rng(1)
    return [rng.standard_normal((n, head_dim)).astype(np.float32) for n in (queries, keys, keys)]


def measure(form, queries, keys, head_dim, repeats):
    q, k, v = random_head(queries, keys, head_dim)
    mask = mask_of(form, queries, keys)
    processor = elapsed = float("inf")
    for _ in range(repeats):
        began, began_elapsed = time.process_time(), time.perf_counter()
        FORMS[form](q.astype(np.float64), k.astype(np.float64), v.astype(np.float64), head_dim**-0.5, mask)
        processor = min(processor, time.process_time() - began)
        elapsed = min(elapsed, time.perf_counter() - began_elapsed)
    path, core = blas()
    print(json.dumps({"processor": processor, "elapsed": elapsed, "numpy": np.__version__, "blas": path, "core": core}))


def check():
    for queries, keys in ((1, 1), (5, 5), (300, 300), (3, 200)):
        q, k, v = (x.astype(np.float64) for x in random_head(queries, keys, 8))
        expected = np.empty((queries, 8))
        for i in range(queries):
            seen = keys - queries + i + 1
            weights = np.exp(k[:seen] @ q[i] * 8**-0.5)
            expected[i] = weights @ v[:seen] / weights.sum()
        for form, run in FORMS.items():
            got = run(q, k, v, 8**-0.5, mask_of(form, queries, keys))
            assert np.allclose(got, expected, rtol=1e-12, atol=1e-13), (form, queries, keys)
    print("checked")


if sys.argv[1] == "check":
    check()
else:
    measure(sys.argv[1], *map(int, sys.argv[2:]))
