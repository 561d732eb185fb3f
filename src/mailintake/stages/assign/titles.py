"""By which job the mail's texts call whom: 董事长谢景行, 王砚秋(总经理). A file called by it alone is that one's."""

import re
from collections.abc import Iterator, Mapping, Sequence

from mailintake.model.rules import RuleSet
from mailintake.stages.assign.said import Said, everybody
from mailintake.stages.words.names import NameWords, name_words

_FRONT, _BEHIND = 12, 10  # characters around a name
_OPENS = re.compile(r"\s*[(,]?\s*")


def titles_of(texts: Sequence[Said], rules: RuleSet) -> Mapping[str, tuple[str, ...]]:
    """Name → jobs, of which nobody else of the mail has one."""
    words, jobs = name_words(rules.vocabulary), frozenset(rules.vocabulary.words("job_titles"))
    held: dict[str, set[str]] = {}
    for said, mention in everybody(texts):
        front = said.text[max(0, mention.start - _FRONT) : mention.start]
        for title in _beside(front, said.text[mention.end : mention.end + _BEHIND], words):
            if title in jobs:
                held.setdefault(title, set()).add(mention.name)
    found: dict[str, tuple[str, ...]] = {}
    for title, names in held.items():
        if len(names) == 1:
            name = next(iter(names))
            found[name] = (*found.get(name, ()), title)
    return found


def _beside(front: str, behind: str, words: NameWords) -> Iterator[str]:
    """The job in front of a name, and the one behind it."""
    before = words.title_before.search(front)
    after = words.title_behind.match(behind, _opened(behind))
    yield from (found.group() for found in (before, after) if found is not None)


def _opened(behind: str) -> int:
    """Where what stands behind a name begins, past a bracket or a comma."""
    found = _OPENS.match(behind)
    return found.end() if found is not None else 0
