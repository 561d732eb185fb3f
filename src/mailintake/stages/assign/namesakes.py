"""Two people of one name in one mail: each stands beside a passport of his own. They are never put together."""

from collections.abc import Iterator, Sequence

from mailintake.model.facts import Field
from mailintake.stages.assign.people import Names
from mailintake.stages.assign.said import Said

NAMESAKE = "namesake"  # a field of the mail: the name, and its numbers as text
_PASSPORT, _CARD = "passport_no", "card_no"
_REACH = 18  # characters between a name and its number: (sales department, passport …
_STOPS = "\n\u3002;"


def namesakes(texts: Sequence[Said], names: Names) -> tuple[Field, ...]:
    """A field for each applicant's name that stands beside two passports, or two cards, that both count today."""
    made = []
    for person in names.people:
        for number in (_PASSPORT, _CARD):
            found: dict[str, None] = {}
            for said in texts:
                found |= dict.fromkeys((*_rows(said, person.name, number), *_beside(said, person.name, number)))
            if len(found) > 1:
                made.append(Field(NAMESAKE, person.name, " / ".join(found), "mail"))
                break
    return tuple(made)


def _rows(said: Said, name: str, number: str) -> Iterator[str]:
    for row in said.rows:
        if row.name == name:
            yield from (text for field, text in row.fields if field == number)


def _beside(said: Said, name: str, number: str) -> Iterator[str]:
    """The numbers that stand right behind a mention of the name, and before anybody else's."""
    starts = sorted(mention.start for mention in said.mentions)
    for mention in said.mentions:
        if mention.name != name:
            continue
        last = min((start for start in starts if start >= mention.end), default=len(said.text))
        near = [f for f in said.facts if mention.end <= f.start < last and f.name == number]
        if near and near[0].start - mention.end <= _REACH:
            between = said.text[mention.end : near[0].start]
            if not any(stop in between for stop in _STOPS):
                yield near[0].value
