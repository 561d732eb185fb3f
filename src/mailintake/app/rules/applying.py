"""Putting a set of rules in force, and taking it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from mailintake.app.active import keep
from mailintake.app.build import with_rules
from mailintake.app.rules.letters import Letters
from mailintake.config import Configuration
from mailintake.config.sets import Applied, Proposal, Sets, Turn
from mailintake.errors import UsageError
from mailintake.model.letter import INTERNAL, OutboxEntry, OutboxState
from mailintake.model.staff import Colleague, Role
from mailintake.worker.outbox.freshening import rewritten
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells, log_event

_MAY = (Role.OPERATOR, Role.HEAD, Role.CLERK)
_WAITS = (OutboxState.WAITING, OutboxState.READY)
_GONE = (OutboxState.SENT, OutboxState.DRAFTED, OutboxState.IN_DOUBT, OutboxState.SENDING)


@dataclass(frozen=True)
class Wish:
    """Who wants it, why, and what is to become of the letters that wait."""

    by: str
    why: str
    letters: Letters = Letters.LEAVE


@dataclass(frozen=True)
class Outcome:
    """What was done. `waits` True: a second person must agree, nothing is in force yet."""

    version: str
    before: str
    waits: bool = False
    second: str = ""
    letters: tuple[int, ...] = ()  # outbox numbers of the letters that were rewritten or held


def known_person(shells: Shells, name: str) -> Colleague:
    """The colleague of that name who may change rules. UsageError for anybody else."""
    found = next((one for one in shells.store.staff() if one.name == name.strip()), None)
    if found is None or found.role not in _MAY:
        raise UsageError(f"{name} may not change rules", fix="mailintake staff add --help")
    return found


def waiting_letters(shells: Shells) -> tuple[OutboxEntry, ...]:
    """Letters to applicants that were written and have not gone out."""
    return tuple(e for e in shells.store.outbox(_WAITS, untried=True) if e.letter not in INTERNAL)


def apply(shells: Shells, candidate: Configuration, wish: Wish, *, second: bool) -> Outcome:
    """Put the candidate in force. `second`: two people must want exactly these files; the first one's wish is kept."""
    now, by = shells.clock(), known_person(shells, wish.by).name
    sets, version = Sets(candidate.settings.data_folder), candidate.version
    before = shells.configuration.version
    proposal = sets.proposal()
    proposed_by = proposal.by if proposal is not None and proposal.version == version else ""
    if second and proposed_by in ("", by):
        known = proposal.why if proposal is not None and proposed_by else ""
        sets.propose(Proposal(version, now, by, wish.why or known))
        _log(shells, "rules.proposed", by, version=version, before=before)
        return Outcome(version, before, waits=True)
    keep(sets, candidate)
    sets.keep_settings(candidate.folder)
    first, other = (proposed_by, by) if second else (by, "")
    why = wish.why or (proposal.why if second and proposal is not None else "")
    sets.activate(Applied(version, now, first, Turn.APPLY, why, other, before))
    _log(shells, "rules.applied", by, version=version, before=before)
    return Outcome(version, before, second=other, letters=treat_letters(with_rules(shells, candidate), wish))


def treat_letters(shells: Shells, wish: Wish) -> tuple[int, ...]:
    """Rewrite or hold the letters that wait, by the rules of these shells; numbers of those that are not what they
    were."""
    return tuple(_treated(shells, wish))


def _treated(shells: Shells, wish: Wish) -> Iterator[int]:
    if wish.letters is Letters.LEAVE:
        return
    for entry in waiting_letters(shells):
        if _treat(shells, entry, wish):
            yield entry.id


def _treat(shells: Shells, entry: OutboxEntry, wish: Wish) -> bool:
    match wish.letters:
        case Letters.REWRITE:
            return rewritten(shells, entry)
        case Letters.HOLD:
            if entry.state is not OutboxState.READY:
                return False
            with shells.store.begin() as unit:
                return moved(unit, entry, OutboxState.WAITING, shells.clock(), wish.by, last_answer="rules changed")
        case Letters.LEAVE:
            return False
        case _:
            assert_never(wish.letters)


def _log(shells: Shells, what: str, by: str, **data: str) -> None:
    with shells.store.begin() as unit:
        log_event(unit, shells.clock(), what, actor=f"staff:{by}", **data)


@dataclass(frozen=True)
class RolledBack:
    """What a rollback did, and what cannot be taken back."""

    version: str
    before: str
    gone: tuple[OutboxEntry, ...]  # letters to applicants that went out while the bad set was in force


def earlier(sets: Sets) -> Applied | None:
    """The last change that brought another set than the one in force, still kept."""
    active = sets.active()
    return next((a for a in reversed(sets.history()) if a.version != active and sets.known(a.version)), None)


def roll_back(shells: Shells, wish: Wish, version: str = "") -> RolledBack:
    """Put an earlier set in force again, by default the one before. UsageError where there is none."""
    by = known_person(shells, wish.by).name
    sets, now = Sets(shells.configuration.settings.data_folder), shells.clock()
    bad, history = sets.active(), sets.history()
    wanted = _wanted(sets, version)
    begun = next((a.at for a in reversed(history) if a.version == bad), now)
    gone = gone_since(shells, begun)
    sets.activate(Applied(wanted, now, by, Turn.ROLLBACK, wish.why, "", bad))
    _log(shells, "rules.rolled_back", by, version=wanted, before=bad)
    return RolledBack(wanted, bad, gone)


def _wanted(sets: Sets, version: str) -> str:
    if version:
        found = [a.version for a in sets.history() if a.version.startswith(version) and sets.known(a.version)]
        if len(set(found)) != 1:
            raise UsageError(f"{version} names no set that was in force", fix="mailintake rules history")
        return found[0]
    before = earlier(sets)
    if before is None:
        raise UsageError("no other set was ever in force", fix="mailintake rules history")
    return before.version


def gone_since(shells: Shells, begun: datetime) -> tuple[OutboxEntry, ...]:
    """Letters to applicants that left, or may have left, since then."""
    found = shells.store.outbox(_GONE)
    return tuple(
        e for e in found if e.letter not in INTERNAL and (e.sent_at or e.first_tried_at or e.queued_at) >= begun
    )
