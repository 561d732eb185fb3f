"""Who applies, and which file is whose: every counted file becomes a document with its kind, its person and why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mailintake.model.case import Applicant
from mailintake.model.document import Document, Evidence
from mailintake.model.facts import Field, FileFacts, Reading
from mailintake.model.message import InboundMessage
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import People
from mailintake.stages.assign.company import find_city, find_company, whole_name
from mailintake.stages.assign.facts import Told, applicants, told_of
from mailintake.stages.assign.kinds import FileKind, counted, sort_kinds
from mailintake.stages.assign.known_names import known_names
from mailintake.stages.assign.owner import Owner, owners
from mailintake.stages.assign.people import Names, find_people
from mailintake.stages.assign.remap import kinds_for
from mailintake.stages.assign.said import Around, Said, texts_of
from mailintake.stages.words.own_words import OwnWords, own_words
from mailintake.stages.words.text_facts import group_size

__all__ = ["assign", "kinds_for"]

_NUMBERS = ("passport_no", "old_passport_no", "card_no")
_PASSPORT, _OLD_PASSPORT = "passport_page", "old_passport_page"


def assign(
    message: InboundMessage,
    facts: Mapping[str, FileFacts],
    readings: Mapping[str, Reading],
    rules: RuleSet,
    received_at: datetime,
) -> People:
    """People and documents of one mail. `facts` and `readings` by sha256; files without either are listed all the same.

    Nothing is settled silently: contradictions stand in `Applicant.conflicts`, files of unknown kind or person stay
    in the list with None.
    """
    words = own_words(message, rules)
    attached = counted(message.documents, facts)
    known = known_names(words, attached, readings, rules)
    files = sort_kinds(attached, facts, readings, words.both, rules, known)
    company = find_company(message, words, readings, rules)
    texts = texts_of(words, files, readings, facts, Around(whole_name(company, rules), known), rules)
    files = _old_pages(files, readings, texts)
    names = find_people(message, words, texts, files, readings, rules)
    told = told_of(texts, names)
    owner = owners(files, names.people, readings, _numbers(told), rules)
    found = applicants(names.people, told.people, files, [who for who, _ in owner], readings)
    return People(
        applicants=found,
        documents=tuple(
            _document(file, who, found, _seen(file, message, facts, readings, received_at))
            for file, who in zip(files, owner, strict=True)
        ),
        company=company,
        contact=names.contact,
        city=find_city(message, words, company, rules),
        fields=_fields(told, files, readings, words, rules),
        evidence=_evidence(names),
    )


def _old_pages(
    files: Sequence[FileKind], readings: Mapping[str, Reading], texts: Sequence[Said]
) -> tuple[FileKind, ...]:
    """A passport page with the number that the mail calls the old one is the old page."""
    old = {fact.value for said in texts for fact in said.facts if fact.name == "old_passport_no"}
    made = []
    for file in files:
        reading = readings.get(file.attachment.sha256)
        if file.kind == _PASSPORT and reading is not None and reading.get("passport_no") in old:
            why = Evidence("kind.old_number", text=reading.get("passport_no") or "")
            made.append(replace(file, kind=_OLD_PASSPORT, reasons=(*file.reasons, why)))
        else:
            made.append(file)
    return tuple(made)


def _numbers(told: Told) -> dict[str, int]:
    """Whose a number is; one that two people have is nobody's."""
    found: dict[str, int] = {}
    shared = set()
    for person, fields in enumerate(told.people):
        for field in fields:
            if field.name in _NUMBERS and found.setdefault(field.value, person) != person:
                shared.add(field.value)
    return {number: person for number, person in found.items() if number not in shared}


def _document(file: FileKind, owner: Owner, people: Sequence[Applicant], seen: Document) -> Document:
    """`seen` is the file as measured; kind, person and reasons are added."""
    who, why = owner
    key = None if who is None else people[who].key
    return replace(seen, kind=file.kind, applicant=key, reasons=(*file.reasons, *why))


def _seen(
    file: FileKind,
    message: InboundMessage,
    facts: Mapping[str, FileFacts],
    readings: Mapping[str, Reading],
    received_at: datetime,
) -> Document:
    attached = file.attachment
    measured = facts.get(attached.sha256)
    return Document(
        path=attached.path,
        name=attached.name,
        sha256=attached.sha256,
        message=message.sha256,
        received_at=received_at,
        facts=measured,
        reading=readings.get(attached.sha256, Reading()),
        problem=attached.problem or (measured.problem if measured else ""),
    )


def _fields(
    told: Told,
    files: Sequence[FileKind],
    readings: Mapping[str, Reading],
    words: OwnWords,
    rules: RuleSet,
) -> tuple[Field, ...]:
    """Facts of the mail as a whole: what belongs to nobody in particular, the group's size, the letters' reasons."""
    fields = list(told.nobody)
    for person in told.people:
        fields += [field for field in person if field.name in ("reason", "registered_company")]
    for file in files:
        reading = readings.get(file.attachment.sha256)
        if reading is not None and reading.kind:
            fields += [f for f in reading.fields if f.name in ("reason", "registered_company", "letter_kind")]
    size = group_size(words.both, rules)
    if size:
        fields.append(Field("group_size", str(size), source="mail"))
    return tuple(dict.fromkeys(fields))


def _evidence(names: Names) -> tuple[Evidence, ...]:
    """What each applicant rests on, a line a ground."""
    return tuple(
        Evidence(f"applicant.{ground.source.value}", text=f"{person.name}: {ground.text}")
        for person in names.people
        for ground in person.grounds
    )
