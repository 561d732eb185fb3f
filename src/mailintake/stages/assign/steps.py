"""Who applies, and which file is whose: every counted file becomes a document with its kind, its person and why."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailintake.model.case import Applicant
from mailintake.model.document import STRAY, Document, Evidence
from mailintake.model.facts import GROUP_SIZE, Field
from mailintake.model.message import Attachment
from mailintake.model.procedure import PassportRole
from mailintake.model.situation import ReadMail
from mailintake.model.traits import identity_papers, passport_pages
from mailintake.model.understanding import People
from mailintake.stages.assign.apart import each_apart, owners_apart
from mailintake.stages.assign.company import find_city, find_company, whole_name
from mailintake.stages.assign.facts import Told, applicants, told_of
from mailintake.stages.assign.kinds import FileKind, counted, sort_kinds
from mailintake.stages.assign.known_names import known_names
from mailintake.stages.assign.lists import lists
from mailintake.stages.assign.namesakes import alike_by_papers, alike_in, to_be_looked_at
from mailintake.stages.assign.owner import Owner
from mailintake.stages.assign.people import Names, find_people
from mailintake.stages.assign.quoted import with_quoted
from mailintake.stages.assign.remap import kinds_for
from mailintake.stages.assign.said import Around, Said, letters_seen, texts_of
from mailintake.stages.assign.spoken_of import with_spoken_of
from mailintake.stages.assign.stray import without_strays
from mailintake.stages.assign.unplaced import loose, placed
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.text_facts import group_size

__all__ = ["assign", "kinds_for"]

_OCR = "ocr"
_LONGEST = 12_000  # characters of all files
_NUMBERS = ("passport_no", "old_passport_no", "card_no")


def assign(mail: ReadMail) -> People:
    """People and documents of one mail.

    Nothing is settled silently: contradictions stand in `Applicant.conflicts`, files of unknown kind or person stay
    in the list with None.
    """
    message, readings, rules = mail.message, mail.readings, mail.rules
    words = own_words(message, rules)
    attached = counted(message.documents, mail.facts)
    sender = message.sender.name if message.sender else ""
    known = known_names(words, attached, readings, rules, "\n".join(_written(attached, mail)), sender)
    files = with_spoken_of(sort_kinds(attached, mail, words.both, known), words.both, mail)
    company = find_company(message, words, readings, rules)
    around = Around(whole_name(company, rules), known)
    texts = texts_of(words, files, around, mail)
    files = lists(_old_pages(files, texts, mail), texts, rules)
    names = without_strays(find_people(words, texts, files, mail), files, words.both, mail)
    shared = alike_in(texts, names, rules)
    names = each_apart(names, shared, texts)
    every = (*texts, *letters_seen(files, around, mail))
    told = told_of(every, names, rules)
    owner = _owned(names, told, files, texts, mail)
    if by_papers := alike_by_papers(names.people, files, _telling(owner), mail):
        shared = (*(s for s in shared if s.name not in {p.name for p in by_papers}), *by_papers)
        names = each_apart(names, by_papers, texts)
        told = told_of(every, names, rules)
        owner = _owned(names, told, files, texts, mail)
    whose = [own.person for own in _telling(owner)]
    told = with_quoted(placed(told, files, whose, mail), names, words, files, around, mail)
    found = applicants(names.people, told, files, whose, mail)
    unread = loose(texts, told, mail, is_reply=words.is_reply)
    return People(
        applicants=found,
        documents=tuple(_document(file, own, found, mail) for file, own in zip(files, owner, strict=True)),
        company=company,
        contact=names.contact,
        city=find_city(message, words, company, rules),
        fields=(
            *_fields(told, files, group_size(words.both, rules), mail),
            *unread,
            *to_be_looked_at(found, shared, owner, names.people),
        ),
        evidence=_evidence(names),
    )


def _telling(owner: Sequence[Owner]) -> tuple[Owner, ...]:
    """The owners of files that say something of them: a page of somebody else says nothing, though it is theirs to
    replace."""
    return tuple(Owner() if any(why.rule == STRAY for why in own.why) else own for own in owner)


def _written(attached: Sequence[Attachment], mail: ReadMail) -> Iterator[str]:
    """What is written in each file, without what was only seen on pictures."""
    room = _LONGEST
    for one in attached:
        facts = mail.measured(one)
        if facts is None or facts.text is None or facts.text.source == _OCR:
            continue
        text = "\n".join(line.text for line in facts.text.lines)[:room]
        room -= len(text)
        yield text


def _old_pages(files: Sequence[FileKind], texts: Sequence[Said], mail: ReadMail) -> tuple[FileKind, ...]:
    """A passport page with the number that the mail calls the old one is the old page."""
    old = {fact.value for said in texts for fact in said.facts if fact.name == "old_passport_no"}
    generic = {page for page in passport_pages(mail.rules, PassportRole.ANY) if mail.rules.kinds[page].generic}
    old_page = next(iter(passport_pages(mail.rules, PassportRole.OLD)), None)
    made = []
    for file in files:
        number = mail.reading(file.attachment).get("passport_no")
        if file.kind in generic and number in old:
            why = Evidence("kind.old_number", text=number or "")
            made.append(replace(file, kind=old_page, reasons=(*file.reasons, why)))
        else:
            made.append(file)
    return tuple(made)


def _owned(
    names: Names, told: Told, files: Sequence[FileKind], texts: Sequence[Said], mail: ReadMail
) -> tuple[Owner, ...]:
    """Whose each file is; the page of who does not apply is marked as such."""
    owner = _owned_by_names(names, told, files, texts, mail)
    strange = [file.attachment.sha256 in names.strange for file in files]
    return tuple(
        replace(own, why=(*own.why, Evidence(STRAY))) if other else own
        for own, other in zip(owner, strange, strict=True)
    )


def _owned_by_names(
    names: Names, told: Told, files: Sequence[FileKind], texts: Sequence[Said], mail: ReadMail
) -> tuple[Owner, ...]:
    """The number on somebody's form or passport is his, too, in the names of other files."""
    numbers = _numbers(told)
    owner = owners_apart(files, names.people, numbers, texts, mail)
    papers = identity_papers(mail.rules)
    seen: dict[str, set[int]] = {}
    for file, own in zip(files, owner, strict=True):
        if own.person is not None and file.kind in papers:
            for field in mail.reading(file.attachment).fields:
                if field.name in _NUMBERS and field.sure and field.value not in numbers:
                    seen.setdefault(field.value, set()).add(own.person)
    more = {number: next(iter(whose)) for number, whose in seen.items() if len(whose) == 1}
    return owners_apart(files, names.people, {**numbers, **more}, texts, mail) if more else owner


def _numbers(told: Told) -> dict[str, int]:
    """Whose a number is; one that two people have is nobody's."""
    found: dict[str, int] = {}
    shared = set()
    for person, fields in enumerate(told.people):
        for field in fields:
            if field.name in _NUMBERS and found.setdefault(field.value, person) != person:
                shared.add(field.value)
    return {number: person for number, person in found.items() if number not in shared}


def _document(file: FileKind, owner: Owner, people: Sequence[Applicant], mail: ReadMail) -> Document:
    attached = file.attachment
    measured = mail.measured(attached)
    return Document(
        path=attached.path,
        name=attached.name,
        sha256=attached.sha256,
        message=mail.message.sha256,
        received_at=mail.received_at,
        kind=file.kind,
        applicant=None if owner.person is None else people[owner.person].key,
        facts=measured,
        reading=mail.reading(attached),
        reasons=(*file.reasons, *owner.why),
        problem=attached.problem or (measured.problem if measured else ""),
    )


def _fields(told: Told, files: Sequence[FileKind], size: int, mail: ReadMail) -> tuple[Field, ...]:
    """Facts of the mail as a whole: what belongs to nobody in particular, the group's size, the letters' reasons."""
    fields = list(told.nobody)
    for person in told.people:
        fields += [field for field in person if field.name in ("reason", "registered_company")]
    for file in files:
        reading = mail.reading(file.attachment)
        if reading.kind:
            fields += [f for f in reading.fields if f.name in ("reason", "registered_company", "letter_kind")]
    if size:
        fields.append(Field(GROUP_SIZE, str(size), source="mail"))
    return tuple(dict.fromkeys(fields))


def _evidence(names: Names) -> tuple[Evidence, ...]:
    """What each applicant rests on, a line a ground."""
    return tuple(
        Evidence(f"applicant.{ground.source.value}", text=f"{person.name}: {ground.text}")
        for person in names.people
        for ground in person.grounds
    )
