"""What the style checks read of C++: sources, code without comments and strings, functions."""

import pathlib
import re

ENDINGS = (".cpp", ".hpp", ".c", ".h")
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\s]*)\(.*?\)(?P=mark)"|"(?:[^"\\\n]|\\.)*"'
                      r"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'", re.DOTALL)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", re.MULTILINE)
SCOPE = re.compile(r"^(?:template\s*<.*>\s*)?(?:inline\s+)?(?:typedef\s+)?"
                   r"(?:namespace|extern|class|struct|union|enum)\b(?!.*\)\s*(?:const|noexcept|override)?\s*$)",
                   re.DOTALL)
FUNCTION = re.compile(r"\)\s*(?:(?:const|noexcept|override|final|mutable|try|&{1,2})\s*)*"
                      r"(?:->[^;{}]*)?$|\)\s*(?:noexcept\s*)?:[^:].*[)}]\s*$", re.DOTALL)


def sources(folder, endings=ENDINGS):
    return sorted(path for path in folder.rglob("*") if path.suffix in endings and path.is_file())


def text_of(path):
    return path.read_text(encoding="utf-8")


def blanked(match):
    """As many lines, nothing on them."""
    return "\n" * match.group(0).count("\n")


def code_of(text, keep_strings=False):
    """The text without comments, preprocessor lines and, unless they are kept, strings; lines keep their numbers."""
    def without(match):
        quoted = match.group(0)[0] in "\"'R"
        if quoted:
            return match.group(0) if keep_strings else '""' + blanked(match)
        return blanked(match)
    return PREPROCESSOR.sub(blanked, NOT_CODE.sub(without, text))


def functions(text):
    """(name, first line, lines) of each function with a body; a lambda belongs to the function around it."""
    found, stack, head, first, line = [], [], "", 1, 1
    for char in code_of(text):
        inside = any(kind == "function" for kind, *_ in stack)
        if char == "{":
            header = head.strip()
            kind = "other"
            if not inside:
                kind = "scope" if SCOPE.match(header) else "function" if FUNCTION.search(header) else "other"
            stack.append((kind, header, first))
            if kind == "scope":
                head = ""
        elif char == "}" and stack:
            kind, header, begun = stack.pop()
            if kind == "function":
                found.append((name_of(header), begun, line - begun + 1))
            head = head + "{}" if kind == "other" and not inside else ""
        elif char == ";" and not inside and not (stack and stack[-1][0] == "other"):
            head = ""
        elif not inside and not (stack and stack[-1][0] == "other"):
            if not head.strip() and not char.isspace():
                first = line
            head += char
        line += char == "\n"
    return found


def name_of(header):
    """What stands before the parameters; of a test, its suite and name."""
    test = re.match(r"(?:TEST\w*|RC_GTEST\w*)\(\s*(\w+),\s*(\w+)", header)
    if test:
        return f"{test.group(1)}.{test.group(2)}"
    header = re.sub(r"^template\s*<.*?>\s*(?=\w)", "", header, flags=re.DOTALL)
    match = re.search(r"(operator\s*[^\s(]+|operator\s*\(\)|~?\w+)\s*\(", header)
    return match.group(1) if match else header[-40:]


def included(text):
    return re.findall(r'^[ \t]*#[ \t]*include[ \t]+[<"]([^">]+)[">]', text, re.MULTILINE)
