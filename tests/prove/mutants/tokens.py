"""Reads C++ as clang-format writes it: tokens, brackets, and the expressions that brackets and commas mark off."""

import re

TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<directive>^#[^\n]*$)|(?P<string>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
    r"|(?P<number>\d[\w.]*(?:(?<=e)-\d+)?)|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<sign>->|::|\+\+|--|&&|\|\||==|!=|<=|>=|\+=|-=|\*=|\.\.\.|.)|(?P<space>\s+)", re.S | re.M)
OPEN = {"(": ")", "[": "]", "{": "}"}
ASSIGN = {"=", "+=", "-=", "*="}
NO_EXPRESSION = ("template", "using", "static_assert", "concept", "friend")


class Token:
    def __init__(self, kind, text, start):
        self.kind, self.text, self.start, self.end = kind, text, start, start + len(text)
        self.match = None  # of a bracket: the index of its partner
        self.template = False  # an angle bracket, not a comparison

    def __repr__(self):
        return self.text


def tokens_of(text):
    """The tokens without comments, directives and spaces; brackets know their partners."""
    tokens = [Token(m.lastgroup, m.group(), m.start()) for m in TOKEN.finditer(text)
              if m.lastgroup not in ("comment", "directive", "space") and not m.group().isspace()]
    stack = []
    for i, token in enumerate(tokens):
        before = text[token.start - 1:token.start]
        after = text[token.end:token.end + 1]
        if token.text == "<" and not before.isspace() and not after.isspace():
            token.template = True
            stack.append(i)
        elif token.text == "<" and i > 0 and tokens[i - 1].text == "template":
            token.template = True
            stack.append(i)
        elif token.text == ">" and stack and tokens[stack[-1]].template:
            token.template = True
            token.match = stack.pop()
            tokens[token.match].match = i
        elif token.text in OPEN:
            stack.append(i)
        elif token.text in OPEN.values():
            while tokens[stack[-1]].template:
                tokens[stack.pop()].template = False
            token.match = stack.pop()
            tokens[token.match].match = i
    return tokens


def is_block(text, tokens, i):
    """Whether the brace at i opens statements or members, not a list of initial values."""
    if i == 0:
        return True
    before = tokens[i - 1].text
    return text[tokens[i].start - 1].isspace() and before not in ("return", "=", ",", "(", "{", "?", ":", "<")


class Slot:
    """An expression, tokens[first:last]: a place where another one of its type can stand."""

    def __init__(self, first, last, in_braces, statement):
        self.first, self.last, self.in_braces = first, last, in_braces
        self.statement = statement  # a whole one, which may be a declaration
        self.children = []
        self.mutants = []


class Reader:
    """Finds the slots of a text, as a tree."""

    def __init__(self, text):
        self.text = text
        self.tokens = tokens_of(text)
        self.root = Slot(0, len(self.tokens), False, False)
        self.blocks(0, len(self.tokens), self.root)

    def blocks(self, first, last, parent):
        """Statements or members first..last-1."""
        i = begin = first
        while i < last:
            token = self.tokens[i]
            if token.text == "{" and is_block(self.text, self.tokens, i):
                self.blocks(i + 1, token.match, parent)
                i = begin = token.match + 1
            elif token.text == ";":
                self.statement(begin, i, parent)
                i = begin = i + 1
            elif token.text in ("for", "if", "while") and self.tokens[i + 1].text == "(":
                self.group(i + 1, parent)
                i = begin = self.tokens[i + 1].match + 1
            elif token.text in ("else", "constexpr") and i == begin:
                i = begin = i + 1
            elif token.text == "if" and self.tokens[i + 1].text == "constexpr":
                i = begin = self.tokens[i + 2].match + 1
            elif token.text in ("case", "default", "public", "private") and i == begin:
                while self.tokens[i].text != ":":
                    i += 1
                i = begin = i + 1
            elif token.match is not None and token.match > i:
                i = token.match + (0 if token.text == "{" else 1)
                if token.text == "{":
                    i += 1
            else:
                i += 1

    def statement(self, first, last, parent):
        words = [token.text for token in self.tokens[first:first + 2]]
        if first == last or words == ["[", "["] or words[0] in NO_EXPRESSION:
            return
        whole = Slot(first, last, False, True)
        parent.children.append(whole)
        self.pieces(first, last, whole, False, False)

    def group(self, opening, parent):
        """What stands between a bracket and its partner."""
        bracket = self.tokens[opening]
        of_loop = opening > 0 and self.tokens[opening - 1].text == "for"
        self.pieces(opening + 1, bracket.match, parent, bracket.text == "{", of_loop)

    def pieces(self, first, last, parent, in_braces, of_loop):
        """Cuts at commas, semicolons, assignments and `return`, at this depth; at the colon of a loop too."""
        begin, i = first, first
        while i <= last:
            text = self.tokens[i].text if i < last else ","
            if text in (",", ";", "return") or text in ASSIGN or of_loop and text == ":":
                if i > begin:
                    self.slot(begin, i, parent, in_braces)
                begin = i + 1
                i += 1
            elif self.tokens[i].match is not None and self.tokens[i].match > i:
                i = self.tokens[i].match + 1
            else:
                i += 1

    def slot(self, first, last, parent, in_braces):
        slot = Slot(first, last, in_braces, False)
        parent.children.append(slot)
        i = first
        while i < last:
            token = self.tokens[i]
            if token.match is not None and token.match > i:
                if token.text == "{" and is_block(self.text, self.tokens, i):
                    self.blocks(i + 1, token.match, slot)
                elif not token.template and not (i and self.tokens[i - 1].text == "decltype"):
                    self.group(i, slot)
                i = token.match + 1
            else:
                i += 1
