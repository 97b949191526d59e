"""What is changed, one place at a time: the operators of the mutation run."""

import re

SIGNS = {"<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
         "+": ["-"], "-": ["+"], "*": ["+"], "/": ["*"], "%": ["/"]}
NAMES = {"q_heads": "kv_heads", "kv_heads": "q_heads", "q_dim": "kv_dim", "kv_dim": "q_dim", "begin": "end",
         "end": "begin", "first": "last", "last": "first", "cosine": "sine", "gate": "up", "up": "gate",
         "rescale": "rescale_from", "rescale_into": "rescale_from", "hidden": "mlp_hidden", "mlp_hidden": "hidden",
         "zero": "one", "masked": "origin", "origin": "masked", "push_back": "clear",
         "keys": "values", "values": "keys", "key": "value", "value": "key", "query": "key", "into": "from",
         "update": "reset", "reset": "candidate", "normed": "mlp"}
SWAPPED = {"sub", "div", "subspan", "segments_of", "product_cost", "plus", "trees", "tiled_range", "tree_range", "Zeros"}


def changed_numbers(text):
    """Another value, or two, for a number."""
    if re.fullmatch(r"\d+", text):
        return {"0": ["1"], "1": ["0", "2"]}.get(text, [str(int(text) + 1)])
    return [f"({text} + 1)"] if re.fullmatch(r"[\d.]+(e-?\d+)?", text) else []


def arguments_of(reader, opening):
    """The spans of a call's arguments."""
    spans, begin, i = [], opening + 1, opening + 1
    close = reader.tokens[opening].match
    while i <= close:
        token = reader.tokens[i]
        if i == close or token.text == ",":
            if i > begin:
                spans.append((reader.tokens[begin].start, reader.tokens[i - 1].end))
            begin = i = i + 1
        else:
            i = token.match + 1 if token.match is not None and token.match > i else i + 1
    return spans


def calls(reader, i):
    """Changes of the call of a member, or of std::min or std::max, whose name is token i."""
    tokens, text = reader.tokens, reader.text
    if tokens[i + 1].text != "(" or i < 2 or tokens[i - 1].text not in (".", "::", "->"):
        return []
    spans = arguments_of(reader, i + 1)
    start, end = tokens[i - 2].start, tokens[tokens[i + 1].match].end
    argument = [text[a:b] for a, b in spans]
    owner = tokens[i - 2].text
    name = tokens[i].text
    changes = []
    if owner in ("k", "k_") and name in ("max", "add", "mul", "sub", "div") and len(spans) == 2:
        changes += [(start, end, argument[0]), (start, end, argument[1])]
    if owner in ("k", "k_") and name == "exp":
        changes.append((start, end, f"{owner}.one()"))
    if owner in ("k", "k_") and name in ("probability", "sqrt"):
        changes.append((start, end, argument[0]))
    if name == "select" and len(spans) == 3:
        changes += [(start, end, f"{owner}.select({argument[0]}, {argument[2]}, {argument[1]})"),
                    (start, end, argument[1]), (start, end, argument[2])]
    if owner == "std" and name in ("min", "max"):
        changes.append((tokens[i].start, tokens[i].end, "max" if name == "min" else "min"))
    return changes


def swaps(reader, i):
    """Neighbouring arguments of a call exchanged."""
    tokens, text = reader.tokens, reader.text
    opening = i + 1
    if tokens[opening].template:
        opening = tokens[opening].match + 1
    if tokens[opening].text != "(" or tokens[i].text not in SWAPPED:
        return []
    spans = arguments_of(reader, opening)
    return [(a, d, f"{text[c:d]}{text[b:c]}{text[a:b]}") for (a, b), (c, d) in zip(spans, spans[1:])
            if text[a:b] != text[c:d] and text[a:b] not in ("k", "k_", "world")]


def signs(reader, i):
    tokens = reader.tokens
    token = tokens[i]
    before, after = reader.text[token.start - 1], reader.text[token.end:token.end + 1]
    if token.text == "!" or token.text == "-" and after.isdigit():
        return [(token.start, token.end, "")]
    if token.text == "++" and tokens[i + 1].kind == "word" and tokens[i + 2].text == ")":
        return [(token.start, tokens[i + 1].end, f"{tokens[i + 1].text} += 2")]
    if token.template or not before.isspace() or not after.isspace():
        return []
    return [(token.start, token.end, other) for other in SIGNS.get(token.text, [])]


def changes_at(reader, i):
    """Every change of token i, or of the call that it names: (start, end, replacement)."""
    token = reader.tokens[i]
    if token.kind == "number":
        return [(token.start, token.end, other) for other in changed_numbers(token.text)]
    if token.kind == "sign":
        return signs(reader, i)
    if token.kind != "word":
        return []
    changes = calls(reader, i) + swaps(reader, i)
    is_member = reader.tokens[i - 1].text in (".", "->") or token.text in ("rescale", "rescale_into", "cosine", "into")
    if is_member and token.text in NAMES:
        changes.append((token.start, token.end, NAMES[token.text]))
    return changes


def of_slot(reader, slot):
    """Changes of a whole expression: another index, a condition that is constant."""
    tokens = reader.tokens
    start, end = tokens[slot.first].start, tokens[slot.last - 1].end
    text = reader.text[start:end]
    before = tokens[slot.first - 1].text if slot.first else ""
    changes = []
    if before == "[" and re.fullmatch(r"[\w.]+(\(\))?|.* [-+*/] .*", text) and "&" not in text:
        changes.append((start, end, f"{text} + 1"))
        if not re.fullmatch(r"\d+", text):
            changes.append((start, end, "0"))
    return changes


KEYWORDS = {"return", "const", "auto", "typename", "using", "struct", "class", "enum", "static", "inline", "delete",
            "break", "continue", "explicit", "constexpr", "operator", "new", "throw", "default"}


def is_expression(reader, first, last):
    """Whether tokens first..last-1 are an expression, not what a declaration begins with: two words side by side."""
    if reader.tokens[first].text in KEYWORDS:
        return False
    before, i = None, first
    while i < last:
        token = reader.tokens[i]
        names = token.kind == "word" and before is not None
        if names and (before.kind == "word" or before.template or before.text == "&" and
                      not reader.text[before.start - 1].isspace()):
            return False
        if token.match is not None and token.match > i:
            i = token.match
        before = reader.tokens[i]
        i += 1
    return True


def is_action(reader, first, last):
    """Whether a statement may be left out: an assignment or a call, no declaration."""
    words = {token.text for token in reader.tokens[first:last]}
    return is_expression(reader, first, last) and bool(words & {"(", "=", "+=", "++"})
