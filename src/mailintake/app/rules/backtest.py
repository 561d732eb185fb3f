"""A candidate against the rules in force, over stored mails: what would change, and whether staff would agree."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mailintake.app.rules.judging import Judge, Judged, Seen
from mailintake.app.rules.sharing import Opened, Progress, halves
from mailintake.app.rules.staff import Opinion, opinions
from mailintake.app.rules.stored import StoredMail, StoredMails
from mailintake.config import Configuration
from mailintake.model.understanding import Candidates
from mailintake.stages.lookup import Lookup
from mailintake.store.port import MessageRow, Store

ASPECTS = ("class", "procedure", "verdict", "lacking", "letters", "deadlines", "words")


@dataclass(frozen=True)
class Difference:
    """One mail that would be judged otherwise, in one aspect (ASPECTS)."""

    mail: str  # its number
    subject: str
    aspect: str
    before: str
    after: str


@dataclass(frozen=True)
class Disagreement:
    """One thing a person said that one of the two sets does not say."""

    mail: str
    subject: str
    opinion: Opinion
    before: bool  # the rules in force agreed
    after: bool  # the candidate agrees


@dataclass
class Backtest:
    """What came of it."""

    mails: int = 0
    skipped: int = 0
    changed: int = 0  # mails with any difference
    differences: list[Difference] = field(default_factory=list)
    agreed_before: int = 0
    agreed_after: int = 0
    asked: int = 0  # things that staff said and both sets answer
    better: list[Disagreement] = field(default_factory=list)
    worse: list[Disagreement] = field(default_factory=list)

    def by_aspect(self) -> Counter[str]:
        """How many mails differ in each aspect."""
        return Counter(one.aspect for one in self.differences)


def backtest(
    store: Store,
    active: Configuration,
    candidate: Configuration,
    last: int,
    progress: Progress | None = None,
    another: Opened | None = None,
) -> Backtest:
    """Both sets over the last so many mails. Reads the store only. `another`: opens the store once more, for a second
    process that takes half of many mails."""
    said_by_staff = opinions(store)
    old = Judge(active)
    new = Judge(candidate, beside=old)
    gc.freeze()  # rules and dictionaries stay: the many small values of each mail are all that is to be looked at

    def run(beside: Store, rows: Sequence[MessageRow], told: Progress) -> Backtest:
        found, stored = Backtest(), StoredMails(beside)
        for position, mail in enumerate(stored.mails(rows), 1):
            if mail is not None:
                before, after = _both(stored, mail, old, new)
                _compare(found, mail, before, after)
                _ask(found, mail, said_by_staff.get(mail.row.sha256, ()), before, after)
            told(position, len(rows))
        found.skipped = stored.skipped
        return found

    return _together(halves(run, store, StoredMails(store).rows(last), another, progress))


def _together(parts: Sequence[Backtest]) -> Backtest:
    """One outcome of several, in their order."""
    whole = Backtest()
    for part in parts:
        for name in ("mails", "skipped", "changed", "agreed_before", "agreed_after", "asked"):
            setattr(whole, name, getattr(whole, name) + getattr(part, name))
        for name in ("differences", "better", "worse"):
            getattr(whole, name).extend(getattr(part, name))
    return whole


def _both(stored: StoredMails, mail: StoredMail, old: Judge, new: Judge) -> tuple[Judged, Judged]:
    """Judged by both, each step only once where both sets say the same about it."""
    before = old.keys(mail.given, mail.mailbox)
    after = new.keys(mail.given, mail.mailbox, before)
    asked: dict[Lookup, Candidates] = {}

    def candidates(seen: Seen) -> Candidates:
        keys = stored.keys(seen)
        if keys not in asked:
            asked[keys] = stored.candidates(keys, mail)
        return asked[keys]

    first = old.judged(before, candidates(before))
    return first, new.judged(after, candidates(after), first)


def _compare(found: Backtest, mail: StoredMail, before: Judged, after: Judged) -> None:
    found.mails += 1
    told = list(_told(before, after))
    found.changed += bool(told)
    subject = mail.given.message.subject
    found.differences += [Difference(str(mail.row.id), subject, aspect, old, new) for aspect, old, new in told]


class _Aspect(NamedTuple):
    name: str
    before: Iterable[str]
    after: Iterable[str]


class _Changed(NamedTuple):
    aspect: str
    before: str
    after: str


def _told(before: Judged, after: Judged) -> Iterator[_Changed]:
    pairs: Iterable[_Aspect] = (
        _Aspect("class", (before.message_class,), (after.message_class,)),
        _Aspect("procedure", before.procedures, after.procedures),
        _Aspect("verdict", before.verdicts, after.verdicts),
        _Aspect("lacking", before.lacking, after.lacking),
        _Aspect("letters", [one.kind for one in before.letters], [one.kind for one in after.letters]),
        _Aspect("deadlines", before.deadlines, after.deadlines),
    )
    for aspect, old, new in pairs:
        if tuple(old) != tuple(new):
            yield _Changed(aspect, " ".join(old), " ".join(new))
    if before.letters is after.letters:  # both sets decide alike and write alike: nothing need be written
        return
    for one, other in zip(before.letters, after.letters, strict=False):
        if one.kind == other.kind and (one.subject, one.text) != (other.subject, other.text):
            yield _Changed("words", *_lines(one.subject + "\n" + one.text, other.subject + "\n" + other.text))


def _lines(before: str, after: str) -> tuple[str, str]:
    """The first line that differs, of both."""
    old, new = before.splitlines(), after.splitlines()
    gone, came = [line for line in old if line not in new], [line for line in new if line not in old]
    return gone[0].strip() if gone else "", came[0].strip() if came else ""


def _ask(found: Backtest, mail: StoredMail, said_of_it: Iterable[Opinion], before: Judged, after: Judged) -> None:
    for opinion in said_of_it:
        old, new = opinion.holds(before), opinion.holds(after)
        if old is None or new is None:
            continue
        found.asked += 1
        found.agreed_before += old
        found.agreed_after += new
        if old is not new:
            row = Disagreement(str(mail.row.id), mail.given.message.subject, opinion, old, new)
            (found.better if new else found.worse).append(row)
