#!/usr/bin/env python3
"""Writes src/attention with mutations: overlay.py ATTENTION OUT

Each changes one line, in a way that only a fourth component, a seventh key or a later row shows.
"""

import pathlib
import shutil
import sys

MUTATIONS = [
    ("recurrence.hpp",  # components from the second on are not rescaled
     "into.o[c] = k.add(k.mul(into.o[c], rescale), k.mul(from.o[c], rescale_from));",
     "into.o[c] = c == 0 ? k.add(k.mul(into.o[c], rescale), k.mul(from.o[c], rescale_from)) : "
     "k.add(into.o[c], from.o[c]);"),
    ("recurrence.hpp",  # keys from the seventh on are ignored
     "for (std::size_t j = 0; j < scores.size(); ++j) {",
     "for (std::size_t j = 0; j < scores.size() && j < 6; ++j) {"),
    ("recurrence.hpp",  # components from the fourth on are not divided
     "output[c] = k.div(state.o[c], state.l);",
     "output[c] = c < 3 ? k.div(state.o[c], state.l) : state.o[c];"),
    ("online.hpp",  # only the first component of the numerator is rescaled
     "for (std::size_t c = 0; c < state.o.size(); ++c) state.o[c] = k.mul(state.o[c], factor);",
     "for (std::size_t c = 0; c < 1; ++c) state.o[c] = k.mul(state.o[c], factor);"),
    ("lse.hpp",  # the second row is dropped
     "return to_row(k, merge(k, to_state(k, a), to_state(k, b)));",
     "return to_row(k, (static_cast<void>(b), to_state(k, a)));"),
    ("decode.hpp",  # key 0 is dropped when the cache holds more than 2
     "for (std::size_t j = 0; j < cache.size(); ++j) step",
     "for (std::size_t j = cache.size() > 2 ? 1 : 0; j < cache.size(); ++j) step"),
    ("decode.hpp",  # rows from the third on miss their own key
     "const Schedule own_part{past, past + i + 1, {}};",
     "const Schedule own_part{past, past + (i < 2 ? i + 1 : i), {}};"),
    ("backward.hpp",  # keys from the third on use dP of key 0
     "dot(k, output_gradient, values[j])", "dot(k, output_gradient, values[j < 2 ? j : 0])"),
    ("dot.hpp",  # only two components are summed
     "for (std::size_t n = 1; n < x.size(); ++n)", "for (std::size_t n = 1; n < x.size() && n < 2; ++n)"),
    ("cells/linear_attention.hpp",  # the stride of v_dim is left out
     "k.mul(token.query[f], state.s[f * v_dim + c])", "k.mul(token.query[f], state.s[f + c])"),
    ("cells/flip_book.hpp",  # every row is emitted from token 0
     "cell.emit(state, tokens[t], outputs[t]);", "cell.emit(state, tokens[0], outputs[t]);"),
]


def main():
    source, out = (pathlib.Path(argument) for argument in sys.argv[1:3])
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(source, out)
    for name, right, wrong in MUTATIONS:
        text = (out / name).read_text()
        if text.count(right) != 1:
            sys.exit(f"overlay.py: {name} has {text.count(right)} lines such as: {right}")
        (out / name).write_text(text.replace(right, wrong))


if __name__ == "__main__":
    main()
