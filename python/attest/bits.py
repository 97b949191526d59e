"""attest.bitwise: laws that compare two runs, as demands for equal bits."""

from __future__ import annotations

from attest.campaign import check

LAWS = {
    "batch": "batch invariance",
    "decode": "decode = prefill",
    "chunk": "blocks",
    "threads": "thread invariance",
    "run": "repeat",
}


class Bits:
    """The answer: one of True (equal bits in every case), False, or None (no case could show it), a question. True where
    all are True. report: the campaign's."""

    def __init__(self, answers, report):
        self.answers = answers
        self.report = report

    def __bool__(self):
        return all(answer is True for answer in self.answers.values())

    def __repr__(self):
        words = {True: "equal bits", False: "other bits", None: "not shown"}
        return "\n".join(f"{name:<8} {words[answer]}   {self._detail(name)}".rstrip() for name, answer in self.answers.items())

    def _detail(self, name):
        law = self.report.laws[LAWS[name]]
        return law.get("why", f"{law['cases']} cases")


def bitwise(fn, *questions, signature="sdpa", **options):
    """Whether a function's results keep their bits: "batch" (the rows, heads and batches computed with a row do not
    matter), "decode" (one row at a time against a cache), "chunk" (pages, tiles, splits and packing do not matter),
    "threads" (their number does not), "run" (call after call). All five without names. Other arguments as of
    attest.check. ValueError for an unknown question.
    """
    questions = questions or tuple(LAWS)
    unknown = [name for name in questions if name not in LAWS]
    if unknown:
        raise ValueError(f"no question {', '.join(unknown)}; there are: {', '.join(LAWS)}")
    report = check(fn, signature, **options)
    answers = {}
    for name in questions:
        law = report.laws[LAWS[name]]
        answers[name] = False if law["status"] == "broken" else law["bitwise"] if law["cases"] else None
    return Bits(answers, report)
