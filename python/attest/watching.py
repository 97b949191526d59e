"""attest.watch: judges calls of attention in a running program."""

from __future__ import annotations

import logging
import os
import queue
import threading

from attest import _observed

_LOG = logging.getLogger("attest")
# Calls that wait for the judge, each a copy of its tensors.
_WAITING = 4


class watch:
    """While the block runs, every `every`-th call of owner.name is copied and judged in a thread of its own:

        with attest.watch(torch.nn.functional, "scaled_dot_product_attention", every=100, rows=64) as seen:
            train()
        print(seen)

    rows: how many query rows of a call are judged. A finding is logged (logger "attest"), kept in .findings as a
    Judgement, and its call is written to `folder` for `attest check`. What the judge has no time for is dropped and
    counted; calls are never delayed but for the copy, and never fail because of it. ValueError for an unknown
    signature, AttributeError where owner has no such name.
    """

    def __init__(self, owner, name, *, every=100, rows=64, signature="sdpa", contract=None, folder="findings"):
        self._owner, self._name = owner, name
        self._function = getattr(owner, name)
        self._every, self._signature, self._folder = max(1, every), _observed.known(signature), folder
        self._options = {"rows": rows, "contract": contract}
        self._queue = queue.Queue(_WAITING)
        self.calls = self.judged = self.dropped = self.left_out = 0
        self.findings = []
        self.files = []

    def __enter__(self):
        self._thread = threading.Thread(target=self._work, name="attest-watch", daemon=True)
        self._thread.start()
        setattr(self._owner, self._name, self._watched)
        return self

    def __exit__(self, *_):
        setattr(self._owner, self._name, self._function)
        self._queue.put(None)
        self._thread.join()

    def _watched(self, *args, **kwargs):
        self.calls += 1
        call = self._copy(args, kwargs) if (self.calls - 1) % self._every == 0 else None
        result = self._function(*args, **kwargs)
        if call is not None:
            try:
                self._queue.put_nowait((call, _observed.copied(_observed.first(result))))
            except queue.Full:
                self.dropped += 1
        return result

    def _copy(self, args, kwargs):
        if self._queue.full():
            self.dropped += 1
            return None
        try:
            return _observed.asked(self._signature, args, kwargs)
        except Exception:  # whatever is wrong with the call, it is for the function to say
            self.left_out += 1
            return None

    def _work(self):
        import attest

        while (item := self._queue.get()) is not None:
            call, out = item
            try:
                judgement = attest.judge(out, **call, **self._options)
                self.judged += 1
                if judgement.verdict == "defective":
                    self._keep(call, out, judgement)
            except Exception as error:
                self.left_out += 1
                _LOG.warning("watch: a call is not judged: %s", error)
            finally:
                self._queue.task_done()

    def _keep(self, call, out, judgement):
        self.findings.append(judgement)
        _LOG.error("watch: %s: %s", self._name, judgement.findings[0]["summary"] if judgement.findings else judgement)
        os.makedirs(self._folder, exist_ok=True)
        path = os.path.join(self._folder, f"watch-{self._name}-{len(self.findings)}.safetensors")
        _observed.write_capture(path, call, out)
        self.files.append(path)

    @property
    def idle(self):
        """Whether every call that was copied has been judged."""
        return self._queue.unfinished_tasks == 0

    def __repr__(self):
        return (
            f"{self._name}: {self.calls} calls, {self.judged} judged, {len(self.findings)} defective, "
            f"{self.dropped} dropped, {self.left_out} not judged"
        )
