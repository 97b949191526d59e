"""The installed manual pages and completions say what --help says."""

import re
import subprocess
import unittest

from installed import ATTEST, PREFIX, main, run

MANUAL = PREFIX / "share" / "man" / "man1"


def commands():
    return re.findall(r"^  (\w+) ", run(ATTEST, "--help").stdout.split("Subcommands:")[1], re.MULTILINE)


def words(text):
    return re.findall(r"\S+", text)


def rendered(page):
    """The page as a reader sees it, in lines that are long enough for every sentence."""
    text = run("mandoc", "-T", "utf8", "-O", "width=1000", page)
    return re.sub(".\b", "", text.stdout)


def completed(*line):
    """What the bash completion offers for the last word of a command line."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _attest; printf "%s\\n" "${COMPREPLY[@]}"')
    file = PREFIX / "share" / "bash-completion" / "completions" / "attest"
    return set(subprocess.run(["bash", "-c", script, "bash", str(file), *line], capture_output=True, text=True,
                              check=True).stdout.split())


class Manual(unittest.TestCase):
    def test_has_a_page_for_the_program_and_for_each_command(self):
        self.assertEqual({page.stem for page in MANUAL.iterdir()},
                         {"attest", *(f"attest-{name}" for name in commands())})
        self.assertIn("check", commands())

    def test_is_valid(self):
        lint = run("mandoc", "-T", "lint", "-W", "warning", *MANUAL.iterdir())
        self.assertEqual([line for line in lint.stdout.splitlines() if "missing date" not in line], [])

    def test_says_every_word_of_the_help_in_its_order(self):
        for name in commands():
            page = iter(words(rendered(MANUAL / f"attest-{name}.1").split("DESCRIPTION")[1]))
            help_words = words(run(ATTEST, name, "--help").stdout)
            for skipped in ("Usage:", "Positionals:", "Options:"):
                help_words = [word for word in help_words if word != skipped]
            usage = words(run(ATTEST, name, "--help").stdout.split("Usage: ")[1].splitlines()[0])
            at = next(i for i in range(len(help_words)) if help_words[i:i + len(usage)] == usage)
            help_words[at:at + len(usage)] = []
            missing = [word for word in help_words if word not in page]
            self.assertEqual(missing, [], name)

    def test_words_that_are_missing_would_be_seen(self):
        page = iter(words("a b d"))
        self.assertEqual([word for word in ("a", "b", "c", "d") if word not in page], ["c", "d"])


class Completion(unittest.TestCase):
    def test_offers_every_command(self):
        self.assertLessEqual(set(commands()), completed("attest", ""))

    def test_offers_every_option_of_a_command(self):
        for name in commands():
            options = set(re.findall(r"(?<!\S)--?[\w-]+", re.sub(
                r"^ {34}.*", "", re.sub(r"(?<=^.{34}).*", "", run(ATTEST, name, "--help").stdout.split(
                    "Options:")[1].split("\n\n")[0], flags=re.MULTILINE), flags=re.MULTILINE).replace(",", " ")))
            self.assertIn("--json", options)
            self.assertLessEqual(options, completed("attest", name, "-"), name)

    def test_offers_values(self):
        self.assertEqual(completed("attest", "check", "--effort", ""), {"quick", "ci", "deep"})
        self.assertIn("laws", completed("attest", "list", ""))


if __name__ == "__main__":
    main()
