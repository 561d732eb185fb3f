"""Ways in which people ask what the guide answers: is each answered with the words that it asks for?

`python -m tests.measure.questions.ways [FILE ...]` prints every one that was answered otherwise, and the share. Without
files: `ways.yaml` and `ways_more.yaml`. A group of a list says what it is `about`, what its answers must say (one of a
nested list), what must not stand there (`not`), and `letter: staff` or `complaint` where a person is to answer.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.measure.questions.run import Answered, Question, answers
from tests.unseen.score import stands

_HERE = Path(__file__).parent
LISTS = (_HERE / "ways.yaml", _HERE / "ways_more.yaml")
_KINDS = {"staff": {"to_staff", "received", "complaint"}, "complaint": {"complaint"}}
_ANSWERS = {"procedure_sheet"}


def report(paths: tuple[Path, ...] = LISTS) -> Iterator[str]:
    """Every way that was answered otherwise, then the share."""
    groups = [group for path in paths for group in YAML(typ="safe").load(path.read_text(encoding="utf-8"))]
    ways = [(group, Question(text, frozenset())) for group in groups for text in group["asks"]]
    right = 0
    for (group, _), answered in zip(ways, answers(tuple(way for _, way in ways)), strict=True):
        wrong = faults(group, answered)
        right += not wrong
        if wrong:
            yield f"{group['about']}: {answered.question.text!r}\n   {'; '.join(wrong)}; told {sorted(answered.kinds)}"
    yield f"{right} of {len(ways)} = {100 * right / len(ways):.1f} %"


def faults(group: Mapping[str, Any], answered: Answered) -> list[str]:
    """What is not as the group wants it, in words."""
    if answered.letter not in _KINDS.get(group.get("letter", ""), _ANSWERS):
        return [f"letter {answered.letter}"]
    if group.get("letter") == "staff":
        return []
    lacks = [f"does not say {one}" for one in group.get("says", ()) if not stands(one, answered.text)]
    return lacks + [f"says {one}" for one in group.get("not", ()) if stands(one, answered.text)]


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in report(tuple(map(Path, sys.argv[1:])) or LISTS))
