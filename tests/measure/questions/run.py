"""Two hundred questions as people ask them: is each answered, and with what it asks for?

`python -m tests.measure.questions.run` prints the share and every one that was answered otherwise.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.support.databases import scenario_shells
from tests.support.scenarios import deliver

from mailintake.app.demo.mails import build_mail, parse_script, when
from mailintake.app.replay import Clock
from mailintake.config import load
from mailintake.model.letter import LetterKind
from mailintake.model.value import value
from mailintake.worker.intake.process import Processed
from mailintake.worker.shells import Shells

ASKED = Path(__file__).parent / "asked.yaml"
BY_STAFF = frozenset({"complaint", "other_service", "progress", "unknown"})
# Kinds that have a sentence of their own since the list was written, and what they were asked as.
_FINER = {
    **dict.fromkeys(("left", "damaged", "add_economies", "early", "again", "certificate", "company_papers"), "papers"),
    **dict.fromkeys(("passport", "form", "profile", "tolerance", "route"), "papers"),
    **dict.fromkeys(("mail_to", "contact"), "where"),
    "slip": "fee",
    "insurance": "who",
    "meanwhile": "new_passport",
}
_START = "2026-11-02 09:30"


@value
class Question:
    """One mail of one stranger, and what its answer must speak of."""

    text: str
    kinds: frozenset[str]
    about: str = ""  # ProcedureKey value; empty: any, or none
    letter: str = LetterKind.PROCEDURE_SHEET.value


@value
class Answered:
    """What came of it."""

    question: Question
    letter: str
    kinds: frozenset[str]
    about: str
    text: str
    faults: tuple[str, ...]

    @property
    def right(self) -> bool:
        """The letter that is due, about the procedure that is meant, and every question in it: those that the guide
        answers as they were asked, of the others that a person answers."""
        asked, told = self.question, self.kinds
        same = _alike(told - BY_STAFF, asked.kinds - BY_STAFF) and bool(told & BY_STAFF) == bool(asked.kinds & BY_STAFF)
        fits = not asked.about or asked.about == self.about
        return self.letter == asked.letter and not self.faults and (same or asked.letter != "procedure_sheet") and fits


def _alike(told: frozenset[str], asked: frozenset[str]) -> bool:
    """Everything that was asked is told, as it was asked or by a finer kind, and nothing else."""
    finer = {kind for kind in told - asked if _FINER.get(kind) in asked}
    return told - finer <= asked <= told | {_FINER[kind] for kind in finer}


def questions(path: Path = ASKED) -> tuple[Question, ...]:
    """Every question of the list."""
    groups = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return tuple(_question(text, group) for group in groups for text in group["asks"])


def _question(text: str, group: Mapping[str, Any]) -> Question:
    letter = group.get("letter", LetterKind.PROCEDURE_SHEET.value)
    return Question(text, frozenset(group["kinds"]), group.get("about", ""), letter)


def answers(asked: tuple[Question, ...]) -> Iterator[Answered]:
    """Each as a mail of its own, by a sender of its own, through the whole pipeline."""
    configuration = load(None)
    configuration = replace(configuration, settings=replace(configuration.settings, ocr=False))
    mails = [
        {"id": f"q{n}", "at": _START, "from": f"<asks{n}@mail{n}.example>", "subject": "咨询", "text": one.text}
        for n, one in enumerate(asked)
    ]
    script = parse_script({"people": {}, "mails": mails})
    clock = Clock(when(script.mails[0]))
    with (
        tempfile.TemporaryDirectory() as folder,
        scenario_shells(configuration, Path(folder), clock) as shells,
    ):
        for spec, one in zip(script.mails, asked, strict=True):
            yield _answered(one, deliver(shells, build_mail(spec, script, shells.rules, None)), shells)
            clock.now += timedelta(minutes=20)


def _answered(question: Question, done: Processed, shells: Shells) -> Answered:
    if done.decision is None or not done.letters or done.decision.understanding is None:
        return Answered(question, "none", frozenset(), "", done.failure, ())
    order, letter = done.letters[0].order, done.letters[0].letter
    kinds = done.decision.understanding.classification.questions
    about = order.procedures[0].value if order.procedures else ""
    assert letter.view is not None
    text = shells.renderer.letter(letter.view).text
    return Answered(question, order.letter.value, frozenset(map(str, kinds)), about, text, letter.faults)


def report(asked: tuple[Question, ...]) -> Iterator[str]:
    """Every question that was answered otherwise, then the figures."""
    seen, right = Counter[str](), Counter[str]()
    for one in answers(asked):
        key = next(iter(one.question.kinds)) if len(one.question.kinds) == 1 else "several"
        seen[key] += 1
        right[key] += one.right
        if not one.right:
            wanted = one.question
            yield f"{wanted.text!r}\n   asked {sorted(wanted.kinds)} {wanted.about} {wanted.letter}"
            yield f"   told  {sorted(one.kinds)} {one.about} {one.letter} {one.faults}"
    yield from (f"{key}: {right[key]} of {count}" for key, count in seen.items())
    yield f"{right.total()} of {seen.total()} = {100 * right.total() / seen.total():.1f} %"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in report(questions(*map(Path, sys.argv[1:]))))
