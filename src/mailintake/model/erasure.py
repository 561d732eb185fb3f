"""What goes when a case is erased (个人信息保护法 第四十七条), and what must stay.

A case is erased with all its mails and letters, for a mail cannot be cut: it names everybody who is in it. Kept are the
number, the dates and the log, and of every mail the keys by which it is known again, so that nobody is told twice.
"""

from dataclasses import replace
from enum import StrEnum

from mailintake.model.case import Case, State
from mailintake.model.value import value


class ErasureGround(StrEnum):
    """Why somebody's data are erased; a closed set, for a reason in free words would keep names in the log."""

    REQUEST = "request"  # the person asks for it
    RETENTION = "retention"  # the time of keeping is over
    MISTAKE = "mistake"  # it should never have been here


@value
class Erasable:
    """A case with everything that hangs together with it by shared mails and letters."""

    cases: tuple[str, ...]  # numbers, the one that was asked for first
    mails: tuple[str, ...]  # sha256
    letters: tuple[int, ...]
    files: tuple[str, ...]  # sha256 of the originals that go
    shared: tuple[str, ...]  # sha256 of files that stay, because other mails hold the same bytes
    people: int  # who applies in these cases
    unfinished: tuple[str, ...] = ()  # those of `cases` that are under way
    unsent: tuple[int, ...] = ()  # those of `letters` whose fate is open


def blank(case: Case) -> Case:
    """The case without anything about anybody: what the figures of the office count, and the keys of mails and
    letters."""
    return replace(
        Case(
            case.number,
            case.procedure,
            case.variant,
            State.ERASED,
            "",
            case.opened_at,
            case.first_received_at,
            case.last_received_at,
            case.rule_version,
        ),
        deadlines=case.deadlines,
        letters=case.letters,
        messages=case.messages,
        reminders_sent=case.reminders_sent,
        assigned=case.assigned,
        revision=case.revision,
    )
