"""The office that crash.py breaks: the 163 stand-in, a few mails, a forked program, and the proof afterwards."""

import hashlib
import os
import random
import shutil
import signal
import time
import traceback
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from enum import IntEnum
from functools import cache
from json import dumps, loads
from pathlib import Path
from typing import Any

from tests.support.breaking import Breaker, install
from tests.support.databases import database_at, scratch_office
from tests.support.netease import Netease, Switches, netease
from tests.support.worker import MONDAY, office
from tests.worker.crash_mails import ReadersElsewhere, kept_folder, mails, reading, text_of

from mailintake.config.settings import SentCopy, SmtpSettings
from mailintake.errors import MailintakeError
from mailintake.mailbox.imap import ImapMailbox
from mailintake.mailer.smtp import SmtpMailer
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.store.open import SqlStore, open_store
from mailintake.worker.intake.polling import Watch

FAST = "/dev/shm" if Path("/dev/shm").is_dir() else None  # what is killed is a program, not the power: no disk needed
STEP, PASSES = timedelta(minutes=11), 12
_PATIENCE = 90  # seconds
_SLOW = (
    30  # seconds that the stand-in may take on a busy machine: a letter given up too soon is in doubt, and goes twice
)
_OPEN = (OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT, OutboxState.WAITING)


class ANSWERS(IntEnum):
    """How the forked program ended."""

    done = 0
    stopped = 5  # StoreUnusable: the service manager starts it again
    broken = 99  # an exception that nobody expected


@dataclass(frozen=True)
class Mix:
    """Some of them, in that order; and whether the provider puts copies of sent mails into Sent."""

    names: tuple[str, ...]
    provider_copies: bool

    @classmethod
    def several(cls, dice: random.Random, count: int) -> "list[Mix]":
        """Three to five mails by chance in each; every other provider keeps copies."""
        return [cls(tuple(dice.sample(sorted(mails()), dice.randint(3, 5))), n % 2 == 0) for n in range(count)]


@cache
def prepare() -> None:
    """Everything that forked programs share: readings, and, by one run in this process, modules and templates."""
    for raw in mails().values():
        opened, files = reading(raw)
        for facts in opened.facts.values():
            if (files / facts.sha256).is_file():
                text_of(facts.sha256, files / facts.sha256, facts.format)
    with scratch_office(FAST) as scratch, netease(Switches(same_body=0)) as server:
        for raw in mails().values():
            server.store.add(raw)
        _work(Ran(Mix((), False), scratch, server, ExitStack(), 0, MONDAY), Breaker())


@dataclass(frozen=True)
class Outcome:
    """What the office has after everything is worked off."""

    mails: tuple[tuple[str, str, str], ...]  # sha256, status, disposition
    cases: tuple[tuple[str, str, int, int], ...]  # procedure, state, documents, distinct documents
    letters: tuple[tuple[str, str], ...]  # kind, to; those that were sent
    recorded: str  # on the server, recorded

    def differences(self, clean: "Outcome") -> list[str]:
        """In what it is not what a run without fault gives."""
        names = ("mails", "cases", "letters", "recorded")
        pairs = ((name, getattr(self, name), getattr(clean, name)) for name in names)
        return [f"{name}: {mine} instead of {theirs}" for name, mine, theirs in pairs if mine != theirs]


@dataclass
class Ran:
    """A program that ran in that folder against that server, and how it ended."""

    mix: Mix
    folder: Path
    server: Netease
    end: ExitStack
    code: int
    now: datetime
    told: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    happened: bool = False  # the break was reached
    sent: tuple[str, ...] = ()  # Message-IDs the server had taken when it ended
    doubtful: frozenset[str] = frozenset()  # taken by the server, but not recorded as sent

    def store(self) -> SqlStore:
        """Its database."""
        return open_store(database_at(self.folder), self.folder / "originals")

    def outcome(self) -> Outcome:
        """As it is now."""
        store = self.store()
        try:
            rows = store.messages()
            documents = {c.number: [(d.sha256, d.path) for d in c.documents] for c in store.cases(open_only=False)}
            return Outcome(
                tuple(sorted((r.sha256, r.status, r.disposition.value if r.disposition else "") for r in rows)),
                tuple(
                    sorted(
                        (c.procedure.value, c.state.value, len(documents[c.number]), len(set(documents[c.number])))
                        for c in store.cases(open_only=False)
                    )
                ),
                tuple(sorted((e.letter.value, " ".join(e.to)) for e in store.outbox((OutboxState.SENT,)))),
                f"{store.mailbox('box').on_server} {store.mailbox('box').recorded}",
            )
        finally:
            store.close()

    def faults(self) -> list[str]:
        """What must hold whatever happened."""
        store = self.store()
        try:
            found = list(store.verify())
            wanted = {hashlib.sha256(mails()[name]).hexdigest() for name in self.mix.names}
            if {row.sha256 for row in store.messages()} != wanted:
                found.append("the mails recorded are not the mails on the server")
            found += [f"letter {e.id} is {e.state.value}" for e in store.outbox(_OPEN)]
            recorded, taken = {e.message_id for e in store.outbox((OutboxState.SENT,))}, set(self.sent)
            found += [f"{message_id} never arrived" for message_id in recorded - taken]
            found += [f"{message_id} arrived and is no letter of ours" for message_id in taken - recorded]
        finally:
            store.close()
        return found + [f"left in the spool: {path.name}" for path in (self.folder / "spool").iterdir()]

    def repeated(self, after: "Ran", *, lasting: bool) -> list[str]:
        """One letter may come twice: when the break fell between the final dot and the recorded 250, and the provider
        keeps no copies that would tell. `lasting`: the program lived on and sent it again itself."""
        twice = {i: n for i, n in Counter(after.sent).items() if n > 1}
        may = frozenset[str]() if self.mix.provider_copies else frozenset(twice) if lasting else self.doubtful
        wrong = [f"{i} arrived {n} times" for i, n in twice.items() if i not in may or n > 2]
        return wrong + ([f"{len(twice)} letters came twice"] if len(twice) > 1 else [])


def ran(mix: Mix, folder: Path, breaker: Breaker) -> Ran:
    """Start a program on a fresh folder and server and wait for its end, whatever that is."""
    prepare()
    shutil.copytree(_empty(), folder, dirs_exist_ok=True)
    end = ExitStack()
    appears = 0.0 if mix.provider_copies else -1.0
    server = end.enter_context(netease(Switches(same_body=0, sent_appears=appears)))
    for name in mix.names:
        server.store.add(mails()[name])
    return _forked(Ran(mix, folder, server, end, 0, MONDAY), breaker)


def start_over(first: Ran) -> Ran:
    """The service manager starts it again; this time nothing breaks. The server goes away afterwards."""
    for _ in range(3):
        second = _forked(replace(first, now=first.now + STEP), Breaker())
        if second.code == ANSWERS.done:
            break
    first.end.close()
    return second


@cache
def _empty() -> Path:
    """A folder with an empty database: making one takes longer than a run."""
    folder = kept_folder()
    with office(folder):
        pass
    return folder


def _forked(base: Ran, breaker: Breaker) -> Ran:
    told = base.folder / "told.json"
    child = os.fork()
    if not child:
        code = int(ANSWERS.broken)
        signal.alarm(_PATIENCE)  # a program that hangs is a broken one, and leaves nobody behind
        try:
            code = _program(base, breaker, told)
        finally:  # nothing of the parent's, its servers least of all, is to be wound up here
            os._exit(code)
    _, status = os.waitpid(child, 0)
    words: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        words = loads(told.read_text("utf-8"))
    told.unlink(missing_ok=True)
    after = replace(base, code=os.waitstatus_to_exitcode(status), told=words.get("fault", ""))
    after.counts = Counter(words.get("counts", {}))
    after.happened = after.code == -signal.SIGKILL or words.get("happened", False)
    after.now = base.now + STEP * PASSES
    recorded, under_way = _letters(after)
    if under_way:
        time.sleep(0.3)  # the server may still be reading what the program handed over before its end
    after.sent = tuple(str(message_from_bytes(raw)["Message-ID"]) for _, _, raw in base.server.state.sent)
    after.doubtful = frozenset(after.sent) - recorded
    return after


def _letters(after: Ran) -> tuple[frozenset[str], bool]:
    """Message-IDs recorded as sent, and whether one was being handed over."""
    store = after.store()
    try:
        sent = frozenset(e.message_id for e in store.outbox((OutboxState.SENT,)))
        return sent, bool(store.outbox((OutboxState.SENDING,)))
    finally:
        store.close()


def _program(base: Ran, breaker: Breaker, told: Path) -> int:
    """The body of the forked process."""
    words: dict[str, Any] = {}
    code = int(ANSWERS.done)
    try:
        install(breaker)
        _work(base, breaker)
    except MailintakeError as fault:
        code, words["fault"] = fault.exit_code, str(fault)
    except BaseException:
        code, words["fault"] = int(ANSWERS.broken), traceback.format_exc()
    breaker.armed = False
    told.write_text(dumps(words | {"counts": breaker.counts, "happened": breaker.happened}), "utf-8")
    return code


def _work(base: Ran, breaker: Breaker) -> None:
    server = base.server
    box = ImapMailbox("box", server.host, server.imap_port, server.user, server.password, tls=False, read_timeout=_SLOW)
    mailer = SmtpMailer(
        server.host, server.smtp_port, server.user, server.password, tls="none", timeout=_SLOW, final_wait=_SLOW
    )
    with office(
        base.folder,
        readers=ReadersElsewhere(breaker),
        mailboxes={"box": box},
        mailer=mailer,
        policy=LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=60),
        watch=Watch("box", ("INBOX",), None, everything=True),
        now=base.now,
        smtp=SmtpSettings(from_address=server.user),
        sent_copy=SentCopy.NEVER,
    ) as at:
        breaker.armed = True
        for _ in range(PASSES):
            at.run(STEP)
            waiting = at.shells.store.messages("received") or at.shells.store.messages("processing")
            if not waiting and not at.outbox(*_OPEN) and at.shells.store.mailbox("box").reconciled_at:
                break
        breaker.armed = False
        box.close()
        mailer.close()
