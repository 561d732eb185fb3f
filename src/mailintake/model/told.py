"""What a mail states of its matter beside what it asks for: what a letter's standing sentences are weighed against."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from mailintake.model.procedure import ProcedureKey
from mailintake.model.value import value

_LOST = "lost"  # the variant of a replacement


class Told(StrEnum):
    """Kinds of such statements; each is found by its concepts (`config/words/told.yaml`)."""

    HANDED_IN = "handed_in"  # papers for the window are at an office already
    TO_COME = "to_come"  # they will be handed in, on a day or at a place that is told
    PAID_ANOTHER_TIME = "paid_another_time"  # money that an earlier card was paid with
    TO_HALL = "to_hall"  # papers go straight to the province (guide 1.2①)
    PASSPORT_LEFT = "passport_left"  # how long a passport is valid
    TO_FINANCE = "to_finance"  # slips went to the finance mailbox as well, or to it alone
    REGISTERED = "registered"  # the company is on record (guide 1.1(1)\u2466, 2.1\u2460)
    CARD_GIVEN_UP = "card_given_up"  # the old card is handed in, or nobody has it any more
    CARD_LOST = "card_lost"  # the card is gone, in a matter that did not say so before (guide 3.1\u2461)
    CANCEL_TOO = "cancel_too"  # a card is to be cancelled, beside another matter (guide 5)
    LOSS_REPORTED = "loss_reported"  # the police know of it, and their paper is on its way
    ONLY_ELECTRONIC = "only_electronic"  # nothing is to be handed in on paper
    HURRY = "hurry"  # somebody travels soon, or begs to have it hastened
    OBSTACLE = "obstacle"  # what is asked for cannot be had: no seal, no certificate, the applicant is away


@value
class Statement:
    """One of them, with the words."""

    told: Told
    text: str  # the clause, folded
    kinds: tuple[str, ...] = ()  # of the papers it speaks of; empty: of all


def is_news(told: Told, procedure: ProcedureKey, variant: str) -> bool:
    """Does it change anything in such a matter? Not that a card is gone where this is what the matter is about, nor its
    cancelling where that goes with the matter (guide 3.1\u2461)."""
    if told is Told.CARD_LOST:
        return procedure is ProcedureKey.RENEW or (procedure is ProcedureKey.REPLACE and variant != _LOST)
    return told is not Told.CANCEL_TOO or procedure not in (ProcedureKey.CANCEL, ProcedureKey.REPLACE)


def unmet(said: Iterable[Statement], asked: Mapping[str, bool]) -> tuple[Statement, ...]:
    """The obstacles that a letter does not answer by itself; `asked`: the kinds that it asks for, and whether each may
    come later (guide, the list of what is tolerated). What may come later is in nobody's way."""
    strict = {kind for kind, tolerable in asked.items() if not tolerable}
    found = (one for one in said if one.told is Told.OBSTACLE)
    return tuple(one for one in found if strict & set(one.kinds) or (strict and not one.kinds))
