"""attest.bitwise: laws that compare two runs, as demands for equal bits."""

from __future__ import annotations

from attest.campaign import check

QUESTIONS = ("batch", "decode", "chunk", "threads", "run")


class Bits:
    """The answer: one of True (equal bits in every case), False, or None (no case could show it), a question. True where
    all are True. report: the campaign's."""

    def __init__(self, questions, report):
        self.report = report
        self._found = dict(zip(questions, report.json["required_bits"], strict=True))
        self.answers = {name: found["equal"] for name, found in self._found.items()}

    def __bool__(self):
        return all(answer is True for answer in self.answers.values())

    def __repr__(self):
        words = {True: "equal bits", False: "other bits", None: "not shown"}
        return "\n".join(
            f"{name:<8} {words[found['equal']]}   {found['why']}".rstrip() for name, found in self._found.items()
        )


def bitwise(fn, *questions, signature="sdpa", **options):
    """Whether a function's results keep their bits: "batch" (the rows, heads and batches computed with a row do not
    matter), "decode" (one row at a time against a cache), "chunk" (pages, tiles, splits and packing do not matter),
    "threads" (their number does not), "run" (call after call). All five without names. Other arguments as of
    attest.check. ValueError for an unknown question.
    """
    questions = questions or QUESTIONS
    unknown = [name for name in questions if name not in QUESTIONS]
    if unknown:
        raise ValueError(f"no question {', '.join(unknown)}; there are: {', '.join(QUESTIONS)}")
    return Bits(questions, check(fn, signature, require_bitwise=",".join(questions), **options))
