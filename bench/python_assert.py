"""Times attest.assert_attention and a float64 reference of PyTorch with assert_close, on the same tensors.

python_assert.py [--shape 4,16,1024,128] [--dtype float32 bfloat16] [--runs 5] [--contract C]: the least time of so many
runs, taken in turns: seconds on the clock, and of all processors together, which a busy machine moves less. Needs
PyTorch.
"""

import argparse
import time

import torch
import torch.nn.functional as F

import attest


def by_attest(out, q, k, v, causal, contract):
    found = attest.assert_attention(out, q, k, v, is_causal=causal, contract=contract)
    assert found.certified == found.outputs == out.numel()


def by_torch(out, q, k, v, causal, _):
    exact = F.scaled_dot_product_attention(q.double(), k.double(), v.double(), is_causal=causal)
    torch.testing.assert_close(out, exact.to(out.dtype))


def seconds(check, *given):
    """Its time on the clock and of processors, and whether it took the outputs for right."""
    start, start_of_processors = time.perf_counter(), time.process_time()
    right = True
    try:
        check(*given)
    except AssertionError:
        right = False
    return time.perf_counter() - start, time.process_time() - start_of_processors, right


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--shape", default="4,16,1024,128")
    arguments.add_argument("--dtype", nargs="+", default=["float32", "bfloat16"])
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--contract", help="of attest.assert_attention")
    chosen = arguments.parse_args()
    shape = [int(extent) for extent in chosen.shape.split(",")]
    print(f"{shape}, {torch.get_num_threads()} threads of PyTorch, the least of {chosen.runs} runs")
    checks = {"attest": by_attest, "float64 reference": by_torch}
    for dtype in (getattr(torch, name) for name in chosen.dtype):
        for causal in (True, False):
            torch.manual_seed(1)
            q, k, v = (torch.randn(shape).to(dtype) for _ in range(3))
            out = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
            times = {name: [] for name in checks}
            for _ in range(chosen.runs):
                for name, check in checks.items():
                    times[name].append(seconds(check, out, q, k, v, causal, chosen.contract))
            least = "; ".join(
                f"{name} {min(run[0] for run in measured):.2f} s, {min(run[1] for run in measured):.2f} s of"
                f" processors{'' if measured[0][2] else ' (fails)'}"
                for name, measured in times.items()
            )
            print(f"{str(dtype).removeprefix('torch.')}{' causal' if causal else ''}: {least}", flush=True)


if __name__ == "__main__":
    main()
