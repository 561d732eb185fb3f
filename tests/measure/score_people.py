"""Who applies: names, passport and card numbers. Nothing is better than something wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.measure.feeding import Step
from tests.measure.marks import Mark, mark

_UNSEEN = {"picture", "nowhere"}


def people_marks(step: Step) -> Iterator[Mark]:
    """Every labelled person, then everybody we made up."""
    ours = {row["name"]: row for row in step.line["applicants"]}
    labelled = step.expected["applicants"]
    for person in labelled:
        yield from _person(step, person, ours)
    known = {p["name"] for s in (*step.earlier, step) for p in s.expected["applicants"]}
    invented = {name for name in ours if name and name not in known}
    if labelled or invented:
        yield mark("no invented person", not invented, known, invented)


def _person(step: Step, person: Mapping[str, Any], ours: Mapping[str, Mapping[str, Any]]) -> Iterator[Mark]:
    name, row = person["name"], ours.get(person["name"])
    yield mark("name", row is not None or _unseen(step, name, "name_stands_in"), name, sorted(n or "?" for n in ours))
    if row is None:
        return
    number, got = person.get("passport"), row["passport_no"]
    excused = not got and (number is None or _unseen(step, name, "passport_stands_in"))
    yield mark("passport", got == number or excused, f"{name} {number}", got)
    card = person.get("card_number")
    if card and row["card_no"]:
        yield mark("card", row["card_no"] == card, f"{name} {card}", row["card_no"])


def _unseen(step: Step, name: str, field: str) -> bool:
    """Can the value be read nowhere but in pictures, in this mail or those before it?"""
    people = (p for s in (*step.earlier, step) for p in s.expected["applicants"] if p["name"] == name)
    places = {place for person in people for place in person.get(field, ())}
    return places <= _UNSEEN
