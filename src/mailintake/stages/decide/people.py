"""Recognising the people of a case again, and what to do when two mails say different things about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mailintake.model.assessment import Flag
from mailintake.model.case import Applicant, Case, free_key
from mailintake.model.facts import Field
from mailintake.model.identity import Answer, Recognised, is_chinese, is_sure, recognise
from mailintake.model.procedure import ProcedureKey
from mailintake.model.value import value

UNCLEAR = "applicant.unclear"  # stops every letter that tells facts (stages.assess)
_IDENTITY = ("passport_no", "card_no", "birth_date", "card_expiry", "name_pinyin")
_PASSPORT_CHANGES = {ProcedureKey.PASSPORT_CHANGE, ProcedureKey.REPLACE}


@value
class Merged:
    """The people of a case after a mail. `keys`: key in the mail → key in the case, of those who are known surely."""

    people: tuple[Applicant, ...]
    keys: Mapping[str, str]
    unclear: tuple[Flag, ...] = ()


def merge_people(case: Case, incoming: tuple[Applicant, ...], *, corrects: bool) -> Merged:
    """The applicants of the case with what a mail says about them; new people get the next key.

    Whoever may or may not be one of them changes nothing and becomes nobody: both values go to staff. `corrects`: the
    mail says itself that what was told before is wrong. A passport that we asked for contradicts nothing by its number.
    """
    people, keys, unclear = list(case.applicants), dict[str, str](), list[Flag]()
    known = len(people)
    asked = case.assessment.passports_wanted - {None} if case.assessment else frozenset()
    numbers_change = corrects or case.procedure in _PASSPORT_CHANGES or bool(asked)
    for person in incoming:
        found = recognise(person, people, numbers_change=numbers_change)
        if found.answer is Answer.UNCLEAR and (found.place is None or found.place < known):
            unclear.append(_unclear(person, people, found))
            if found.place is not None:
                people[found.place] = _noted(people[found.place], found.differs)
            continue
        place = found.place if found.answer is Answer.YES else None
        if place is None:
            place = len(people)
            people.append(replace(person, key=free_key(people)))
        else:
            changes = case.procedure in _PASSPORT_CHANGES or people[place].key in asked
            joined = _joined(people[place], person, number_changes=changes, newer_wins=corrects)
            people[place] = _noted(joined, (text for text in found.differs if text.startswith("name:")))
        keys[person.key] = people[place].key
    return Merged(tuple(people), keys, tuple(unclear))


def only_one_told_of(case: Case, said: Sequence[Field]) -> tuple[Applicant, ...]:
    """Of a mail that names nobody, the numbers and dates it gives: they are those of the case's only applicant."""
    told = tuple(f for f in said if f.name in _IDENTITY or f.name == "old_passport_no")
    if len(case.applicants) != 1 or not told:
        return ()
    known = case.applicants[0]
    person = Applicant(known.key, known.name, fields=told)
    for field in reversed(told):
        person = _set(person, field.name, field.value)
    return (person,)


def _unclear(person: Applicant, people: Sequence[Applicant], found: Recognised) -> Flag:
    name = person.name or person.name_pinyin or person.passport_no
    said = "; ".join((found.why, *found.differs))
    return Flag(UNCLEAR, f"{name}: {said}", None if found.place is None else people[found.place].key)


def _noted(person: Applicant, differs: Iterable[str]) -> Applicant:
    return replace(person, conflicts=tuple(dict.fromkeys((*person.conflicts, *differs))))


def _joined(known: Applicant, new: Applicant, *, number_changes: bool, newer_wins: bool) -> Applicant:
    renamed = is_chinese(new.name) and (newer_wins or not is_chinese(known.name))
    joined = replace(
        known,
        name=new.name if renamed else known.name or new.name,
        old_passport_no=known.old_passport_no or new.old_passport_no,
        fields=tuple(dict.fromkeys((*known.fields, *new.fields))),
        conflicts=tuple(dict.fromkeys((*known.conflicts, *new.conflicts))),
        grounds=tuple(dict.fromkeys((*known.grounds, *new.grounds))) if known.grounds else (),
    )
    for name in _IDENTITY:
        joined = _with(joined, name, known, new, newer_wins=newer_wins)
    if number_changes and new.passport_no and known.passport_no not in ("", new.passport_no):
        joined = _new_passport(joined, known, new)
    return joined


def _with(joined: Applicant, name: str, known: Applicant, new: Applicant, *, newer_wins: bool) -> Applicant:
    """One value out of two. A sure reading beats an unsure one; otherwise the first stays and the conflict is noted."""
    old, fresh = getattr(known, name), getattr(new, name)
    if not fresh or fresh == old:
        return joined
    if not old:
        return _set(joined, name, fresh)
    old_sure, fresh_sure = is_sure(joined, name, old), is_sure(joined, name, fresh)
    if fresh_sure != old_sure:
        return _set(joined, name, fresh) if fresh_sure else joined
    noted = _noted(joined, (f"{name}: {old} / {fresh}",))
    return _set(noted, name, fresh) if newer_wins else noted


def _set(person: Applicant, name: str, text: str) -> Applicant:
    match name:
        case "passport_no":
            return replace(person, passport_no=text)
        case "card_no":
            return replace(person, card_no=text)
        case "old_passport_no":
            return replace(person, old_passport_no=text)
        case "birth_date":
            return replace(person, birth_date=text)
        case "card_expiry":
            return replace(person, card_expiry=text)
        case _:
            return replace(person, name_pinyin=text)


def _new_passport(joined: Applicant, known: Applicant, new: Applicant) -> Applicant:
    """In a change of passport two numbers are no contradiction: the one given up and the one that counts."""
    gone = joined.old_passport_no or known.passport_no
    current = known.passport_no if new.passport_no == gone else new.passport_no
    quiet = tuple(c for c in joined.conflicts if not c.startswith("passport_no:"))
    return replace(joined, passport_no=current, old_passport_no=gone, conflicts=quiet)
