"""Recognising the people of a case again, and what to do when two mails say different things about them."""

import re
from dataclasses import replace

from mailintake.model.case import Applicant, Case
from mailintake.model.facts import Field
from mailintake.model.procedure import ProcedureKey

_HAN = re.compile(r"[\u3400-\u9fff]")

_IDENTITY = ("passport_no", "card_no", "birth_date", "card_expiry", "name_pinyin")
_PASSPORT_CHANGES = {ProcedureKey.PASSPORT_CHANGE, ProcedureKey.REPLACE}


def merge_people(case: Case, incoming: tuple[Applicant, ...], *, newer_wins: bool) -> tuple[Applicant, ...]:
    """The applicants of the case with what a mail says about them; new people get the next key."""
    people = list(case.applicants)
    for person in incoming:
        place = _place(people, person)
        if place is None:
            people.append(replace(person, key=f"a{len(people) + 1}"))
        else:
            people[place] = _joined(people[place], person, case.procedure, newer_wins=newer_wins)
    return tuple(people)


def owners(people: tuple[Applicant, ...], incoming: tuple[Applicant, ...]) -> dict[str, str]:
    """Key in the mail → key in the case."""
    found = {}
    for person in incoming:
        place = _place(list(people), person)
        if place is not None:
            found[person.key] = people[place].key
    return found


def romanises(one: Applicant, other: Applicant) -> bool:
    """By passport or card number, by Chinese name, or by pinyin where one of them has no Chinese name."""
    return _same_number(one, other) or _same_name(one, other)


def _place(people: list[Applicant], person: Applicant) -> int | None:
    by_number = [n for n, known in enumerate(people) if _same_number(known, person)]
    by_name = [n for n, known in enumerate(people) if _same_name(known, person)]
    return next(iter((*by_number, *by_name)), None)


def _same_number(one: Applicant, other: Applicant) -> bool:
    mine = {one.passport_no, one.old_passport_no} - {""}
    theirs = {other.passport_no, other.old_passport_no} - {""}
    return bool(mine & theirs) or bool(one.card_no and one.card_no == other.card_no)


def _same_name(one: Applicant, other: Applicant) -> bool:
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        return False
    if one.name and one.name == other.name:
        return True
    mine, theirs = _latin(one), _latin(other)
    only_latin = not (_chinese(one.name) and _chinese(other.name))
    return only_latin and bool(mine) and mine == theirs


def _latin(person: Applicant) -> str:
    text = person.name_pinyin or ("" if _chinese(person.name) else person.name)
    return "".join(sorted(text.upper().split()))


def _chinese(text: str) -> bool:
    return _HAN.search(text) is not None


def _joined(known: Applicant, new: Applicant, procedure: ProcedureKey, *, newer_wins: bool) -> Applicant:
    joined = replace(
        known,
        name=new.name if _chinese(new.name) and not _chinese(known.name) else known.name or new.name,
        old_passport_no=known.old_passport_no or new.old_passport_no,
        fields=tuple(dict.fromkeys((*known.fields, *new.fields))),
        conflicts=tuple(dict.fromkeys((*known.conflicts, *new.conflicts))),
    )
    for name in _IDENTITY:
        joined = _with(joined, name, getattr(known, name), getattr(new, name), newer_wins=newer_wins)
    if procedure in _PASSPORT_CHANGES and new.passport_no and known.passport_no not in ("", new.passport_no):
        joined = _new_passport(joined, known, new)
    return joined


def _with(person: Applicant, name: str, old: str, new: str, *, newer_wins: bool) -> Applicant:
    """One value out of two. A sure reading beats an unsure one; otherwise the first stays and the conflict is noted."""
    if not new or new == old:
        return person
    if not old:
        return _set(person, name, new)
    surer = _sure(person.fields, name, new) and not _sure(person.fields, name, old)
    if surer:
        return _set(person, name, new)
    if _sure(person.fields, name, old) and not _sure(person.fields, name, new):
        return person
    noted = replace(person, conflicts=tuple(dict.fromkeys((*person.conflicts, f"{name}: {old} / {new}"))))
    return _set(noted, name, new) if newer_wins else noted


def _set(person: Applicant, name: str, text: str) -> Applicant:
    match name:
        case "passport_no":
            return replace(person, passport_no=text)
        case "card_no":
            return replace(person, card_no=text)
        case "birth_date":
            return replace(person, birth_date=text)
        case "card_expiry":
            return replace(person, card_expiry=text)
        case _:
            return replace(person, name_pinyin=text)


def _sure(fields: tuple[Field, ...], name: str, text: str) -> bool:
    """Was this value read surely somewhere? A value without any reading behind it came from the applicant's words."""
    read = [f.sure for f in fields if f.name == name and f.value == text]
    return any(read) if read else True


def _new_passport(joined: Applicant, known: Applicant, new: Applicant) -> Applicant:
    """In a change of passport two numbers are no contradiction: the one given up and the one that counts."""
    gone = joined.old_passport_no or known.passport_no
    current = known.passport_no if new.passport_no == gone else new.passport_no
    quiet = tuple(c for c in joined.conflicts if not c.startswith("passport_no:"))
    return replace(joined, passport_no=current, old_passport_no=gone, conflicts=quiet)
