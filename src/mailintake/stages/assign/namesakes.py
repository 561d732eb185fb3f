"""Two people of one name in one mail: each stands beside a passport of his own. They are never put together."""

from collections.abc import Iterator, Sequence

from mailintake.model.facts import Field
from mailintake.model.procedure import PassportRole
from mailintake.model.situation import ReadMail
from mailintake.model.traits import identity_papers, passport_pages
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.people import Names
from mailintake.stages.assign.said import Said

NAMESAKE = "namesake"  # a field of the mail: the name, and its numbers as text
_PASSPORT, _CARD = "passport_no", "card_no"
_REACH = 18  # characters between a name and its number: (sales department, passport …
_STOPS = "\n\u3002;"


def namesakes_by_papers(
    names: Names, files: Sequence[FileKind], owner: Sequence[int | None], mail: ReadMail
) -> tuple[Field, ...]:
    """A field for each applicant's name whose papers are those of two people: born on other days, with a passport
    each."""
    papers = identity_papers(mail.rules) - passport_pages(mail.rules, PassportRole.OLD)
    made = []
    for at, person in enumerate(names.people):
        born: dict[str, str] = {}
        for file, whose in zip(files, owner, strict=True):
            sure = {f.name: f.value for f in mail.reading(file.attachment).fields if f.sure}
            if whose == at and file.kind in papers and "birth_date" in sure and _PASSPORT in sure:
                born.setdefault(sure["birth_date"], sure[_PASSPORT])
        if len(set(born.values())) > 1:
            made.append(Field(NAMESAKE, person.name, " / ".join(dict.fromkeys(born.values())), "mail"))
    return tuple(made)


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
