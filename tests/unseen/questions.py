"""The two hundred unseen questions (questions.yaml), each a mail of a stranger of its own: answered as it should be?

`python -m tests.unseen.questions [questions_2.yaml]` prints every one that was answered otherwise, and the figures by
kind. Right is a letter of an expected kind that says everything that it should and nothing that it must not.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.support.databases import scenario_shells
from tests.support.scenarios import deliver
from tests.unseen.build import build_question
from tests.unseen.score import accepted, stands

from mailintake.app.replay import Clock
from mailintake.config import load

ASKED = "questions.yaml"
_NOW = datetime.fromisoformat("2026-11-18T10:14:00+08:00")
_BY_A_PERSON = {"to_staff", "received", "unreadable"}  # such a letter need not say what an answer says


def letter_of(question: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and words (subject and text) of the letter; "none" without one."""
    configuration = load(None)
    configuration = replace(configuration, settings=replace(configuration.settings, ocr=False))
    with (
        tempfile.TemporaryDirectory() as folder,
        scenario_shells(configuration, Path(folder), Clock(_NOW)) as shells,
    ):
        done = deliver(shells, build_question(question))
        if done.decision is None or not done.letters:
            return "none", done.failure
        order, letter = done.letters[0].order, done.letters[0].letter
        assert letter.view is not None
        return order.letter.value, f"{letter.subject}\n{shells.renderer.letter(letter.view).text}"


def faults(question: Mapping[str, Any]) -> list[str]:
    """What is not as it should be, in words."""
    kind, text = letter_of(question)
    wanted = accepted(question["letter"])
    if kind not in wanted:
        return [f"letter {kind}, not {question['letter']}"]
    if kind in _BY_A_PERSON and len(wanted - _BY_A_PERSON) > 0:
        return []
    lacks = [f"does not say {one}" for one in question.get("says", []) if not stands(one, text)]
    return lacks + [f"says {one}" for one in question.get("says_not", []) if stands(one, text)]


def report(asked: str = ASKED) -> Iterator[str]:
    """Every question that was answered otherwise, then the figures."""
    seen, right = Counter[str](), Counter[str]()
    for question in YAML(typ="safe").load((Path(__file__).parent / asked).read_text(encoding="utf-8")):
        key = (question.get("kind") or [str(question["clause"])])[0]
        found = faults(question)
        seen[key] += 1
        right[key] += not found
        if found:
            yield f"{question['id']} {question['text']!r} {key}\n   " + "; ".join(found)
    yield from (f"{key}: {right[key]} of {count}" for key, count in seen.items())
    yield f"{right.total()} of {seen.total()} = {100 * right.total() / seen.total():.1f} %"


if __name__ == "__main__":
    for line in report(*sys.argv[1:2]):
        sys.stdout.write(f"{line}\n")
