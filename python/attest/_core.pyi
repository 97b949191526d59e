from typing import Any

__version__: str

class Array:
    @staticmethod
    def at(address: int, dtype: str, shape: list[int], strides: list[int], owner: Any) -> Array: ...
    @staticmethod
    def of(object: Any) -> Array: ...
    def as_float32(self) -> Array: ...
    @property
    def dtype(self) -> str: ...
    @property
    def shape(self) -> list[int]: ...
    @property
    def strides(self) -> list[int]: ...
    @property
    def address(self) -> int: ...

class Report:
    @property
    def verdict(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def json(self) -> str: ...

def judge(
    inputs: dict[str, Array],
    numbers: dict[str, float],
    causal: str,
    out: Array,
    lse: Array | None,
    contract: str,
    rows: int | None,
    seed: int,
    threads: int,
) -> Report: ...
def certify(
    inputs: dict[str, Array], numbers: dict[str, float], causal: str, contract: str, sharp: bool, threads: int
) -> dict[str, Any]: ...
