"""What is known of each person, put together: every source kept, contradictions named, never settled silently."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mailintake.model.case import Applicant
from mailintake.model.claim import Ground, Source
from mailintake.model.facts import Field, Reading
from mailintake.model.procedure import PassportRole
from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.model.traits import card_papers, passport_pages
from mailintake.model.value import value
from mailintake.stages.assign.apart import of_namesakes
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.ownership import Owned, owned
from mailintake.stages.assign.people import Names, Person
from mailintake.stages.assign.said import Part, Said
from mailintake.stages.words.sentence import begin_of
from mailintake.stages.words.speech import any_of
from mailintake.stages.words.text_facts import TextFact

_SIMPLE = ("birth_date", "card_no", "card_expiry")
_OF_ALL = frozenset({"reason", "registered_company"})
_DATES = frozenset({"card_expiry", "expiry_date"})
_CLAUSE = re.compile(r"[,;!?\n\u3002]")


@value
class Told:
    """What the mail's texts say: of each applicant, in their order, and of nobody in particular."""

    people: tuple[tuple[Field, ...], ...]
    nobody: tuple[Field, ...]


def told_of(texts: Sequence[Said], names: Names, rules: RuleSet) -> Told:
    """Fields of each applicant out of the mail's texts. What is somebody else's is left out; where one person alone
    applies, what is nobody's is that person's."""
    found: list[list[Field]] = [list(person.fields) for person in names.people]
    nobody: list[Field] = []
    alone = len(names.people) == 1
    occurring: list[Field] = []  # beside a name that only occurs
    for said in texts:
        if said.part is Part.BODY or said.part is Part.ATTACHED:
            shared = [fact.field() for fact in said.facts if fact.name in _OF_ALL]
            (found[0] if alone else nobody).extend(shared)
        here = {_index(mention.name, names.people) for mention in said.mentions} - {None}
        for one in owned(said, lambda name: _one_name(name, names)):
            sharing = () if alone or said.part is Part.LIST else _sharing(said, one.fact, names, rules)
            for each in sharing:
                found[each].append(_field(one, said))
            if sharing:
                continue
            at = _index(one.name, names.people)
            if at is None and alone and (said.part is not Part.LIST or here):
                occurring += [_field(one, said)] if one.name is not None else []
                at = 0 if one.name is None else None
            at = at if at is None else of_namesakes(one.fact, said, names.people, at)
            if at is not None:
                found[at].append(_field(one, said))
            elif one.name is None and said.part is not Part.LIST and not said.seen:
                nobody.append(one.fact.field())
    if alone:
        found[0] += _lacking(found[0], occurring)
    return Told(tuple(tuple(dict.fromkeys(fields)) for fields in found), tuple(nobody))


def _field(one: Owned, said: Said) -> Field:
    """The fact as a field; what was only seen on a picture is not sure."""
    return replace(one.fact.field("ocr"), sure=False) if said.seen else one.fact.field()


def _sharing(said: Said, fact: TextFact, names: Names, rules: RuleSet) -> tuple[int, ...]:
    """Whose cards all end on a day that its clause says of several alike (both are valid until …): of the people whom
    the sentence names, or of all where it names fewer than two."""
    if fact.name not in _DATES or not _is_shared(said, fact, rules):
        return ()
    start = begin_of(said.text, fact.start)
    named = {_index(m.name, names.people) for m in said.mentions if start <= m.start < fact.start} - {None}
    them = named if len(named) > 1 else range(len(names.people))
    return tuple(sorted(at for at in them if at is not None))


def _is_shared(said: Said, fact: TextFact, rules: RuleSet) -> bool:
    text, words = said.text, rules.vocabulary
    begin = max((mark.end() for mark in _CLAUSE.finditer(text, 0, fact.start)), default=0)
    before, after = text[begin : fact.start], _CLAUSE.split(text[fact.end :])[0]
    if before.rstrip().endswith(words.words("shared_words")):
        return True
    if any_of(words.words("shared_end_patterns")).match(after.strip()):
        return True
    last = max((hit.end() for hit in any_of(words.words("shared_of_patterns")).finditer(before)), default=-1)
    return last >= 0 and not any(begin + last <= mention.start < fact.start for mention in said.mentions)


def _one_name(name: str, names: Names) -> str:
    return next((p.name for p in (*names.people, *names.others) if p.is_called(name)), name)


def _index(name: str | None, people: Sequence[Person]) -> int | None:
    return next((i for i, person in enumerate(people) if name and person.is_called(name)), None)


def _lacking(fields: Sequence[Field], occurring: Sequence[Field]) -> list[Field]:
    """What stands beside a name that only occurs, where the one applicant has nothing of that kind himself."""
    known = {field.name for field in fields}
    return [field for field in occurring if field.name not in known]


def applicants(
    people: Sequence[Person],
    told: Told,
    files: Sequence[FileKind],
    owner: Sequence[int | None],
    mail: ReadMail,
) -> tuple[Applicant, ...]:
    """The applicants with everything read about them."""
    made = []
    old, cards = passport_pages(mail.rules, PassportRole.OLD), card_papers(mail.rules)
    for i, person in enumerate(people):
        fields = [*told.people[i]]
        own = [file for file, whose in zip(files, owner, strict=True) if whose == i]
        for file in sorted(own, key=lambda file: file.kind in cards):
            reading = mail.reading(file.attachment)
            before = file.kind in cards and _on_another_passport(reading, fields)
            fields += _of_document(reading, is_old=file.kind in old or before)
        made.append(_applicant(f"a{i + 1}", person, tuple(dict.fromkeys(fields))))
    return tuple(made)


def _on_another_passport(card: Reading, fields: Iterable[Field]) -> bool:
    """Was the card made on a passport that the person's newer papers and words do not know? It bears that number until
    it is changed (guide 3.1①)."""
    number = next((field.value for field in card.fields if field.name == "passport_no" and field.sure), None)
    current = {field.value for field in fields if field.name == "passport_no"}
    return number is not None and bool(current) and number not in current


def _of_document(reading: Reading, *, is_old: bool) -> list[Field]:
    """What a paper tells of its person. The number on the page of an old passport is the old number, and when that one
    was issued and ends says nothing."""
    if not is_old:
        return list(reading.fields)
    old = [
        Field("old_passport_no", f.value, f.text, f.source, f.sure) for f in reading.fields if f.name == "passport_no"
    ]
    return old + [f for f in reading.fields if f.name not in ("passport_no", "expiry_date", "passport_issue_date")]


def _applicant(key: str, person: Person, fields: tuple[Field, ...]) -> Applicant:
    old = _best(fields, "old_passport_no")
    numbers = tuple(f for f in fields if f.name != "passport_no" or f.value != old)
    simple = {name: _best(fields, name) for name in _SIMPLE}
    return Applicant(
        key=key,
        name=person.name,
        name_pinyin=_best(fields, "name_pinyin") or person.latin,
        passport_no=_agreed(numbers, "passport_no"),
        old_passport_no=old,
        fields=fields,
        conflicts=tuple(_conflicts(numbers)),
        grounds=person.grounds or (Ground(Source.NAMED, person.name),),
        **simple,
    )


def _best(fields: Sequence[Field], name: str) -> str:
    """The first sure value, else the first."""
    values = [f for f in fields if f.name == name]
    return next((f.value for f in values if f.sure), values[0].value if values else "")


def _agreed(fields: Sequence[Field], name: str) -> str:
    """Of values that differ, the one that most sources show where one does; a slip of the pen stands in one place."""
    sources: dict[str, set[str]] = {}
    for field in fields:
        if field.name == name and (field.sure or field.source != "ocr"):
            sources.setdefault(field.value, set()).add(field.source)
    most = sorted((len(shown) for shown in sources.values()), reverse=True)
    if len(most) < 2 or most[0] == most[1]:
        return _best(fields, name)
    return max(sources, key=lambda value: len(sources[value]))


def _conflicts(fields: Sequence[Field]) -> Iterable[str]:
    """passport_no: form E1… / mrz E2…"""
    for name in ("passport_no", "old_passport_no", "birth_date", "card_no", "card_expiry"):
        by_value: dict[str, str] = {}
        for field in fields:
            if field.name == name and field.source != "ocr":
                by_value.setdefault(field.value, field.source)
        if len(by_value) > 1:
            yield f"{name}: " + " / ".join(f"{source} {number}" for number, source in by_value.items())
