"""How many of the sentences of said*.yaml are seen, and how many look-alikes are left alone.

    python -m tests.measure.flags.run [--batch said-2] [--faults] [--apart]

Each sentence is a mail of its own about one applicant, held against the words of a mail; no mail is read or stored.
`--apart`: the sentences of the batch are no examples (`config/words/stated.yaml`) while it is measured.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.support.judgement import HE, RULES, case_of

from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.stages.assess.likely import EXAMPLES
from mailintake.stages.assess.prohibitions import text_flags

FOLDER = Path(__file__).parent
_NAME = "〇"
_LINE = "⏎"


class Heading:
    """One flag of a batch with what was seen of it."""

    def __init__(self, entry: dict[str, Any], rules: RuleSet = RULES) -> None:
        wanted = entry["flag"]
        self.flags: frozenset[str] = frozenset(wanted if isinstance(wanted, list) else [wanted])
        self.title = f"{'/'.join(sorted(self.flags))} {entry['title']}"
        self.procedure = ProcedureKey(entry["of"])
        self.missed = [text for text in entry["said"] if not self.flags & raised(text, self.procedure, rules)]
        self.false = [(text, found) for text in entry["other"] if (found := raised(text, self.procedure, rules))]
        self.said, self.other = len(entry["said"]), len(entry["other"])


def raised(text: str, procedure: ProcedureKey, rules: RuleSet = RULES) -> set[str]:
    """The flags of a mail of these words, without the head of their code."""
    mail = text.replace(_NAME, HE.name).replace(_LINE, "\n")
    found = text_flags(mail, case_of(procedure), rules)
    return {flag.code.removeprefix("prohibited.").removeprefix("profile.") for flag in found}


def headings(path: Path, *, apart: bool = False) -> Iterator[Heading]:
    """Every entry of a batch, measured; `apart`: without its sentences among the examples."""
    entries = YAML(typ="safe").load(path.read_text("utf-8"))
    rules = (
        _without({_example(text) for entry in entries for text in (*entry["said"], *entry["other"])})
        if apart
        else RULES
    )
    for entry in entries:
        yield Heading(entry, rules)


def _without(texts: set[str]) -> RuleSet:
    lists = dict(RULES.vocabulary.lists)
    lists[EXAMPLES] = tuple(line for line in lists[EXAMPLES] if line.partition(": ")[2] not in texts)
    return replace(RULES, vocabulary=Vocabulary(lists))


def _example(text: str) -> str:
    """The sentence as it stands among the examples."""
    return text.replace(_NAME, "{name}").replace(_LINE, "，")


def main(arguments: Sequence[str]) -> int:
    """Print the table and, if asked, what failed; 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", default="said", help="said or said-2")
    parser.add_argument("--faults", action="store_true", help="print what was missed and what was flagged wrongly")
    parser.add_argument("--apart", action="store_true", help="its sentences are no examples")
    asked = parser.parse_args(arguments)
    found = tuple(headings(FOLDER / f"{asked.batch}.yaml", apart=asked.apart))
    for one in found:
        _say(f"| {one.title} | {one.said - len(one.missed)} of {one.said} | {len(one.false)} of {one.other} |")
        for text in one.missed if asked.faults else ():
            _say(f"    missed: {text}")
        for text, flags in one.false if asked.faults else ():
            _say(f"    wrongly {', '.join(sorted(flags))}: {text}")
    said, missed = sum(one.said for one in found), sum(len(one.missed) for one in found)
    other, false = sum(one.other for one in found), sum(len(one.false) for one in found)
    _say(f"| all | {said - missed} of {said} ({100 * (said - missed) / said:.1f} %) | {false} of {other} |")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
