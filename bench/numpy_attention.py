"""The reference that peers trust: causal attention of one head in fp64 by numpy over OpenBLAS.

Usage: numpy_attention.py FORM LENGTH HEAD_DIM REPEATS
FORM full: the score matrix as a whole, masked, as references are written; blocked: 256 query rows at a time, only
the keys they see (what a careful author would write). Prints the processor seconds of the fastest repeat, for o alone:
other work on the machine hardly moves them.
"""

import sys
import time

import numpy as np


def softmax_product(scores, values):
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    return (scores @ values) / scores.sum(axis=1, keepdims=True)


def full(q, k, v, scale, mask):
    scores = q @ k.T
    scores *= scale
    scores += mask
    return softmax_product(scores, v)


def blocked(q, k, v, scale, mask, rows=256):
    out = np.empty((len(q), v.shape[1]))
    for begin in range(0, len(q), rows):
        end = min(begin + rows, len(q))
        scores = q[begin:end] @ k[:end].T
        scores *= scale
        scores[:, begin:end] += mask[: end - begin, : end - begin]
        out[begin:end] = softmax_product(scores, v[:end])
    return out


def main():
    form, length, head_dim, repeats = sys.argv[1], *map(int, sys.argv[2:])
    rng = np.random.default_rng(1)
    q, k, v = (rng.standard_normal((length, head_dim)).astype(np.float32) for _ in range(3))
    run = {"full": full, "blocked": blocked}[form]
    extent = length if form == "full" else min(length, 256)
    mask = np.triu(np.full((extent, extent), -np.inf), 1)
    fastest = float("inf")
    for _ in range(repeats):
        begin = time.process_time()
        run(q.astype(np.float64), k.astype(np.float64), v.astype(np.float64), head_dim**-0.5, mask)
        fastest = min(fastest, time.process_time() - begin)
    print(fastest)


main()
