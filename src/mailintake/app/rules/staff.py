"""What staff decided about stored mails, as far as their acts say it: rules are measured against it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from mailintake.app.rules.judging import Judged
from mailintake.letters.said import said_in
from mailintake.model.act import Accept, Approve, Edit, IsSpam, LinkTo, NotSpam, OpenCase, Reject, SetProcedure
from mailintake.model.case import Case
from mailintake.model.document import Outcome
from mailintake.model.record import LetterChange, Record
from mailintake.model.ruling import About
from mailintake.store.port import Store

_NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{6}-\d")
_DAY = re.compile(r"(?<!\d)\d{1,4}(?!\d)")  # years, months, days, and what is counted to them


class Topic(StrEnum):
    """What an opinion is about."""

    PROCEDURE = "procedure"  # which procedure the mail asks for
    LETTER = "letter"  # that kind of letter was let go
    REFUSED = "refused"  # that letter, with those words, was not let go
    PARKED = "parked"  # nobody has to read it
    READ = "read"  # somebody has to read it
    CASE = "case"  # which case it belongs to
    COMPLETE = "complete"  # nothing was lacking
    PAPER = "paper"  # a paper is in order, or is not


@dataclass(frozen=True)
class Opinion:
    """One thing a person said about one mail."""

    about: Topic
    wanted: str
    by: str
    key: str = ""  # the sha256 of a paper
    words: tuple[str, ...] = ()  # of a letter that was not let go

    def holds(self, judged: Judged) -> bool | None:
        """Do the rules say the same? None: they say nothing about it."""
        match self.about:
            case Topic.PROCEDURE:
                return any(named in (self.wanted, self.wanted.partition(".")[0]) for named in _named(judged))
            case Topic.LETTER:
                return any(letter.kind == self.wanted for letter in judged.letters)
            case Topic.REFUSED:
                same = (letter for letter in judged.letters if letter.kind == self.wanted)
                return all(said(letter.subject, letter.text) != self.words for letter in same)
            case Topic.PARKED | Topic.READ:
                return judged.understanding.screening.parked is (self.about is Topic.PARKED)
            case Topic.CASE:
                case = judged.understanding.link.case
                return case is not None and case.number == self.wanted
            case Topic.COMPLETE:
                return judged.verdicts == ("complete",) if judged.verdicts else None
            case Topic.PAPER:
                return self._paper(judged)
            case _:
                assert_never(self.about)

    def _paper(self, judged: Judged) -> bool | None:
        checked = (d for case in judged.decision.cases if case.assessment for d in case.assessment.documents)
        found = next((d for d in checked if d.document.sha256 == self.key), None)
        if found is None or found.outcome is Outcome.NOT_CHECKED:
            return None
        return found.outcome.value == self.wanted


def _named(judged: Judged) -> Iterator[str]:
    for one in judged.procedures:
        yield one
        yield one.partition(".")[0]


def said(subject: str, text: str) -> tuple[str, ...]:
    """The words of a letter without numbers of cases and days, which differ from trial to trial."""
    return tuple(_DAY.sub("", _NUMBER.sub("", line)).strip() for line in (subject, *text.splitlines()) if line.strip())


def opinions(store: Store) -> Mapping[str, tuple[Opinion, ...]]:
    """sha256 of a mail → what was said about it. Acts that were taken back say nothing."""
    found: dict[str, list[Opinion]] = defaultdict(list)
    for record in store.records():
        if record.undone_by is None:
            for sha256, opinion in _of(record, store):
                found[sha256].append(opinion)
    return {sha256: tuple(dict.fromkeys(each)) for sha256, each in found.items()}


def _of(record: Record, store: Store) -> Iterator[tuple[str, Opinion]]:
    reading = _READINGS.get(record.act)
    if reading is not None:
        yield from reading(record, store)


def _letters(record: Record, store: Store) -> Iterator[tuple[str, Opinion]]:
    for change in record.letters:
        entry = change.after
        if entry.in_answer_to and change.before is not None:
            yield entry.in_answer_to, _letter(record, change, store)
            if record.act == Approve.name and entry.case:
                yield from _said_by_letting_go(record, change, store)


def _said_by_letting_go(record: Record, change: LetterChange, store: Store) -> Iterator[tuple[str, Opinion]]:
    """Whoever lets the first letter about a case go has read in it which matter that is."""
    known = [one for one in store.versions(change.after.case) if one.event <= record.event]
    case = store.version(change.after.case, known[-1].revision) if known else None
    if case is not None and case.messages[:1] == (change.after.in_answer_to,):
        yield change.after.in_answer_to, _named_by(case, record)


def _letter(record: Record, change: LetterChange, store: Store) -> Opinion:
    entry = change.after
    if record.act != Reject.name:
        return Opinion(Topic.LETTER, entry.letter.value, record.by)
    subject, *lines = said_in(store.files.path(entry.sha256).read_bytes())
    return Opinion(Topic.REFUSED, entry.letter.value, record.by, words=said(subject, "\n".join(lines)))


def _procedure(record: Record, store: Store) -> Iterator[tuple[str, Opinion]]:
    for case, opened in _cases(record, store):
        yield opened, _named_by(case, record)


def _named_by(case: Case, record: Record) -> Opinion:
    return Opinion(Topic.PROCEDURE, f"{case.procedure.value}.{case.variant}", record.by)


def _complete(record: Record, store: Store) -> Iterator[tuple[str, Opinion]]:
    for case, _ in _cases(record, store):
        yield case.messages[-1], Opinion(Topic.COMPLETE, "complete", record.by)


def _cases(record: Record, store: Store) -> Iterator[tuple[Case, str]]:
    """Each case as the act left it, with its first mail."""
    for change in record.cases:
        case = store.version(change.number, change.after)
        if case is not None and case.messages:
            yield case, case.messages[0]


def _mail(record: Record, store: Store) -> Iterator[tuple[str, Opinion]]:
    if record.mail is None:
        return
    about = Topic.PARKED if record.act == IsSpam.name else Topic.READ
    yield record.mail.sha256, Opinion(about, record.act, record.by)
    if record.act == OpenCase.name:
        yield from ((record.mail.sha256, opinion) for _, opinion in _procedure(record, store))
    for change in record.cases[:1] if record.act == LinkTo.name else ():
        yield record.mail.sha256, Opinion(Topic.CASE, change.number, record.by)


def _papers(record: Record, store: Store) -> Iterator[tuple[str, Opinion]]:
    for case, _ in _cases(record, store):
        holders = {d.document.sha256: d.document.message for d in case.assessment.documents} if case.assessment else {}
        for ruling in case.rulings:
            if ruling.about is About.OUTCOME and not ruling.key and ruling.sha256 in holders:
                yield holders[ruling.sha256], Opinion(Topic.PAPER, ruling.value, ruling.by, ruling.sha256)


_READINGS: Mapping[str, Callable[[Record, Store], Iterator[tuple[str, Opinion]]]] = {
    Approve.name: _letters,
    Edit.name: _letters,
    Reject.name: _letters,
    SetProcedure.name: _procedure,
    Accept.name: _complete,
    IsSpam.name: _mail,
    NotSpam.name: _mail,
    LinkTo.name: _mail,
    OpenCase.name: _mail,
    "rule": _papers,
}
