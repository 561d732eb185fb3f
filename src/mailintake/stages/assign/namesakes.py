"""Two people of one name in one mail: each stands beside a number of his own. They are never put together.

Where the mail itself speaks of two (its words, two rows of one table, papers of two births) they are told apart by
those numbers (`apart`). Where it does not, or where a file fits either of them, a person looks at these two.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from mailintake.model.case import Applicant
from mailintake.model.facts import Field
from mailintake.model.identity import Answer, same_person
from mailintake.model.procedure import PassportRole
from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.model.traits import identity_papers, passport_pages
from mailintake.model.value import value
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.owner import Owner
from mailintake.stages.assign.people import Names, Person
from mailintake.stages.assign.said import Part, Said
from mailintake.stages.words.fold import fold

NAMESAKE = "namesake"  # a field of the mail: the name, and its numbers as text
EITHER = "owner.namesakes"  # why a file is nobody's: it fits two people of one name
_PASSPORT, _CARD = "passport_no", "card_no"
_REACH = 18  # characters between a name and its number: (sales department, passport …
_SENTENCE = "\n\u3002"
_STOPS = f"{_SENTENCE};"


@value
class Alike:
    """A name that several people of the mail may bear, with the number of each. `two`: the mail says that they are."""

    name: str
    numbers: tuple[str, ...]
    two: bool = True


def alike_by_papers(
    people: Sequence[Person], files: Sequence[FileKind], owner: Sequence[Owner], mail: ReadMail
) -> tuple[Alike, ...]:
    """Each applicant's name whose papers are those of two people: born on other days, with a passport each."""
    papers = identity_papers(mail.rules) - passport_pages(mail.rules, PassportRole.OLD)
    made = []
    for at, person in enumerate(people):
        born: dict[str, str] = {}
        for file, whose in zip(files, owner, strict=True):
            sure = {f.name: f.value for f in mail.reading(file.attachment).fields if f.sure}
            if whose.person == at and file.kind in papers and "birth_date" in sure and _PASSPORT in sure:
                born.setdefault(sure["birth_date"], sure[_PASSPORT])
        if len(numbers := dict.fromkeys(born.values())) > 1 and not person.number:
            made.append(Alike(person.name, tuple(numbers)))
    return tuple(made)


def alike_in(texts: Sequence[Said], names: Names, rules: RuleSet) -> tuple[Alike, ...]:
    """Each applicant's name that stands beside two passports, or two cards, that both count today."""
    made = []
    for person in names.people:
        for number in (_PASSPORT, _CARD):
            found: dict[str, None] = {}
            two = _are_two(texts, rules)
            for said in texts:
                rows = dict.fromkeys(_rows(said, person.name, number))
                beside = dict.fromkeys(_beside(said, person.name, number))
                two = two or len(rows) > 1 or _in_one_sentence(said, tuple(beside))
                found |= {**rows, **beside}
            if len(found) > 1:
                made.append(Alike(person.name, tuple(found), two))
                break
    return tuple(made)


def to_be_looked_at(
    found: Sequence[Applicant], shared: Sequence[Alike], owner: Sequence[Owner], people: Sequence[Person]
) -> Iterator[Field]:
    """A field for each name of which nobody could say whose what is: two numbers and no word of two people, a file that
    fits either, or two who may be one."""
    for alike in shared:
        named = [applicant for applicant in found if applicant.name == alike.name]
        same = any(same_person(a, b).answer is Answer.YES for a, b in combinations(named, 2))
        either = any(why.rule == EITHER and why.text == alike.name for own in owner for why in own.why)
        if not alike.two or same or either or not any(p.number for p in people if p.name == alike.name):
            yield Field(NAMESAKE, alike.name, " / ".join(alike.numbers), "mail")


def _are_two(texts: Sequence[Said], rules: RuleSet) -> bool:
    """Does the mail say that two people bear one name?"""
    words = rules.vocabulary.words("namesake_words")
    return any(word in fold(said.text) for said in texts if said.part is Part.BODY for word in words)


def _in_one_sentence(said: Said, numbers: Sequence[str]) -> bool:
    places = {fact.value: fact.start for fact in said.facts if fact.value in numbers}
    if len(places) < 2:
        return False
    between = said.text[min(places.values()) : max(places.values())]
    return not any(stop in between for stop in _SENTENCE)


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
