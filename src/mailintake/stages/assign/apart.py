"""People of one name told apart: each by his number, and each of their files by what stands in it or in its name.

A file goes to whoever's number it bears: in its content, in the names of file and folder, by the last figures alone.
What bears none goes with the files that are marked like it: one folder, one department in brackets, one figure behind
the name. A paper that one of them alone still lacks is that one's. Anything else fits either, and is nobody's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailintake.model.claim import Ground, Source
from mailintake.model.document import Evidence
from mailintake.model.facts import Field
from mailintake.model.procedure import Scope
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.namesakes import EITHER, Alike
from mailintake.stages.assign.owner import Owner, owners
from mailintake.stages.assign.people import Names, Person
from mailintake.stages.assign.said import Said
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import left_over, stem
from mailintake.stages.words.text_facts import TextFact

_NUMBERS = ("passport_no", "old_passport_no", "card_no")
_TAIL = 3  # last figures of a number that tell it from another
_FIGURES = re.compile(r"\d+")
_SIGNS = re.compile(r"[\W_|]+")
_REACH = 24  # characters between a department's name and the number of its man


def each_apart(names: Names, shared: Sequence[Alike], texts: Sequence[Said]) -> Names:
    """With one person a number, where the mail speaks of several of a name."""
    made: list[Person] = []
    for person in names.people:
        alike = next((a for a in shared if a.name == person.name and a.two), None)
        if alike is None or person.number:
            made.append(person)
            continue
        for number in alike.numbers:
            ground = Ground(Source.NUMBER, number)
            rows = tuple(_row_of(number, person.name, texts))
            made.append(replace(person, number=number, grounds=(*person.grounds, ground), fields=rows))
    return replace(names, people=tuple(made))


def _row_of(number: str, name: str, texts: Sequence[Said]) -> Iterator[Field]:
    """The cells of the row that holds the number."""
    for said in texts:
        for row in said.rows:
            if row.name == name and number in (text for _, text in row.fields):
                yield from (Field(field, text, text, "mail") for field, text in row.fields)


def of_namesakes(fact: TextFact, said: Said, people: Sequence[Person], at: int) -> int | None:
    """Of several people of one name, of whom `at` is the first: whose a fact beside the name is. It is that one's whose
    number it is, or whose number the text gave last."""
    group = {people[i].number: i for i, person in enumerate(people) if person.name == people[at].name}
    if len(group) < 2:
        return at
    if fact.value in group:
        return group[fact.value]
    before = [one for one in said.facts if one.value in group and one.start <= fact.start]
    return group[before[-1].value] if before else None


def owners_apart(
    files: Sequence[FileKind], people: Sequence[Person], numbers: dict[str, int], texts: Sequence[Said], mail: ReadMail
) -> tuple[Owner, ...]:
    """`owners`, and what belongs to people of one name given to each of them."""
    names = [person.name for person in people]
    heads = [i for i, name in enumerate(names) if names.index(name) == i]
    if len(heads) == len(people):
        return owners(files, people, numbers, mail)
    first = {number: heads.index(names.index(names[at])) for number, at in numbers.items()}
    found = owners(files, [people[i] for i in heads], first, mail)
    made = [own if own.person is None else replace(own, person=heads[own.person]) for own in found]
    for head in heads:
        group = [i for i, name in enumerate(names) if name == names[head]]
        if len(group) > 1:
            places = [i for i, own in enumerate(made) if own.person == head and _is_personal(files[i], mail)]
            for place, member in _shared_out(files, places, [people[i] for i in group], texts, mail).items():
                made[place] = _given(made[place], None if member is None else group[member], names[head])
    return tuple(made)


def _given(own: Owner, person: int | None, name: str) -> Owner:
    why = Evidence("owner.number" if person is not None else EITHER, text=name)
    return Owner(person, (*own.why, why))


def _is_personal(file: FileKind, mail: ReadMail) -> bool:
    kind = mail.rules.kinds.get(file.kind or "")
    return kind is None or kind.scope is Scope.APPLICANT


def _shared_out(
    files: Sequence[FileKind], places: Sequence[int], group: Sequence[Person], texts: Sequence[Said], mail: ReadMail
) -> dict[int, int | None]:
    """For each place of a file the member of the group whose it is."""
    numbers = [person.number for person in group]
    marks = {place: _mark(files[place], group[0].name, mail) for place in places}
    found: dict[int, int | None] = {place: _by_number(files[place], numbers, mail) for place in places}
    meant: dict[str, set[int]] = {}
    for place, member in found.items():
        if member is not None:
            meant.setdefault(marks[place], set()).add(member)
    for place in places:
        if found[place] is None:
            members = meant.get(marks[place]) or _by_words(marks[place], numbers, texts)
            found[place] = next(iter(members)) if len(members) == 1 else None
    for place in places:
        if found[place] is None:
            alike = [other for other in places if files[other].kind == files[place].kind]
            waiting = set(range(len(group))) - {found[other] for other in alike}
            alone = sum(found[other] is None for other in alike) == 1
            found[place] = waiting.pop() if alone and len(waiting) == 1 and files[place].kind else None
    return found


def _by_number(file: FileKind, numbers: Sequence[str], mail: ReadMail) -> int | None:
    """Whose number stands in the file, else in its name, whole or by its last figures."""
    reading = mail.reading(file.attachment)
    inside = {told for name in _NUMBERS for told in reading.all(name)} & set(numbers)
    if len(inside) == 1:
        return numbers.index(inside.pop())
    path = simplify(file.attachment.path).upper()
    named = [i for i, number in enumerate(numbers) if number in path]
    if not named:
        figures = [run for run in _FIGURES.findall(path) if len(run) >= _TAIL]
        named = [i for i, number in enumerate(numbers) if any(number.endswith(run) for run in figures)]
    return named[0] if len(named) == 1 else None


def _mark(file: FileKind, name: str, mail: ReadMail) -> str:
    """What tells a file from those of the other one: what is left of the nearest name in its path that holds the
    person's, without that and without words for papers."""
    inner = [stem(part) for part in reversed(simplify(file.attachment.path).split("/"))]
    called = next((part for part in inner if name in part), inner[0])
    return _SIGNS.sub("", left_over(called.replace(name, "|"), mail.rules))


def _by_words(mark: str, numbers: Sequence[str], texts: Sequence[Said]) -> set[int]:
    """Whose number the text gives right behind the mark: sales department, passport …"""
    found: set[int] = set()
    for said in texts if len(mark) > 1 else ():
        for fact in said.facts:
            if fact.value in numbers and mark in said.text[max(0, fact.start - _REACH) : fact.start]:
                found.add(numbers.index(fact.value))
    return found
