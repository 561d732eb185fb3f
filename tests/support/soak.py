"""Simulated days of an office: mails of every kind through the 163 stand-in, faults on both sides, and what must hold
at every full hour."""

import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random
from typing import Any

from tests.support.hostile import with_headers
from tests.support.mutations import mutant
from tests.support.netease import PASSWORD, USER, Fault, Netease, Switches, netease
from tests.support.netease_store import JUNK
from tests.support.readers import PassingOn
from tests.support.worker import MONDAY, Office, application, mail, office, pool

from mailintake.app.demo.mails import Answer
from mailintake.config.settings import SentCopy, SmtpSettings
from mailintake.errors import ReaderFailed
from mailintake.mailbox.imap import ImapMailbox
from mailintake.mailer.smtp import SmtpMailer
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import MessageReading
from mailintake.worker.intake.polling import Watch

PASSES = 6  # an hour
PER_ADDRESS = 5
GROWTH_MB = 64  # what a process may take more than after its first hour: caches that fill, a heap with holes
HOUR = timedelta(hours=1)
_IMAP = ("greeting", "LOGIN", "ID", "LIST", "EXAMINE", "SEARCH", "FETCH", "FETCH", "FETCH", "NOOP")
_SMTP = (
    ("greeting", "drop", ""),
    ("EHLO", "drop", ""),
    ("MAIL", "no", "451 busy, come back"),
    ("RCPT", "no", "450 RP:CEL later"),
    ("DATA", "drop", ""),
    ("dot", "no", "451 try later"),
    ("dot", "drop", ""),
    ("RCPT", "no", "550 User not found"),
    ("dot", "no", "421 closing"),
)
_BOUNCE = """\
From: MAILER-DAEMON@qingchuan.example
To: {to}
Subject: Undelivered Mail
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

{n}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; x@y.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: {id}

x
--b--
"""


@dataclass
class Figures:
    """What was seen at the end of an hour."""

    hour: int
    mails: int
    letters: int
    descriptors: int
    threads: int
    memory_mb: int  # without the mails that the provider and this test keep in memory
    broken: list[str] = field(default_factory=list)


class Moody(PassingOn):
    """Readers of which one in so many requests dies."""

    def __init__(self, real: ReaderPool, chance: Random) -> None:
        super().__init__(real)
        self.chance, self.calm = chance, False

    def message(self, raw: Path, out: Path) -> MessageReading:
        if not self.calm and self.chance.random() < 0.02:
            raise ReaderFailed("the reader died")
        return self.real.message(raw, out)

    def close(self) -> None:
        """Closed by whoever made it."""


class Soak:
    """One office and its provider."""

    def __init__(self, at: Office, server: Netease, readers: Moody, chance: Random) -> None:
        self.at, self.server, self.readers, self.chance = at, server, readers, chance
        self.number, self.dots = 0, 0
        self.written: list[bytes] = []
        self.sent_at: list[datetime] = []
        self.first: Figures | None = None

    def hour(self, number: int, mails: int, *, calm: bool = False) -> Figures:
        """An hour of mail and passes; `calm` without new faults."""
        self.readers.calm = calm
        for step in range(PASSES):
            for _ in range(mails * (step + 1) // PASSES - mails * step // PASSES):
                self.server.store.add(self._mail(), JUNK if self.chance.random() < 0.1 else "INBOX")
            if calm:
                self.server.switches.faults.clear()
            elif self.chance.random() < 0.5:
                self._fault()
            self._run()
        return self._seen(number)

    def _run(self) -> None:
        self.server.state.clock_offset = self.at.clock.now.timestamp() - time.time()
        report = self.at.run(HOUR / PASSES)
        self.sent_at += [self.at.clock.now] * (len(self.server.state.sent) - len(self.sent_at))
        bugs = [fault for fault in report.faults if ":" not in fault and " " not in fault]
        assert not bugs, f"a step failed: {bugs}"  # a bare class name is an exception of ours

    def _fault(self) -> None:
        self.server.switches.faults.clear()  # those of an hour ago nobody met
        if self.chance.random() < 0.5:
            kind = self.chance.choice(("bye", "drop", "raw", "literal", "no"))
            text = {"raw": "* BAD nonsense\r\n", "no": "[LIMIT] too many"}.get(kind, "")
            fault = Fault(
                self.chance.choice(_IMAP), kind, self.chance.choice((1, 1, 3)), self.chance.randrange(400), text
            )
        else:
            where, kind, text = self.chance.choice(_SMTP)
            fault = Fault(where, kind, 1, text=text)
            self.dots += where == "dot" and kind == "drop"
        self.server.switches.faults.append(fault)

    def _mail(self) -> bytes:
        self.number += 1
        raw = self._kinds()(f"s{self.number}", {"from": f"某人 <u{self.number}@company{self.number % 997}.example>"})
        self.written.append(raw)
        return raw

    def _kinds(self) -> Callable[[str, dict[str, str]], bytes]:
        kinds: dict[Callable[[str, dict[str, str]], bytes], int] = {
            lambda i, s: mail(id=i, **s): 50,
            lambda i, s: application(id=i, set="profile", **s): 8,
            self._follow_up: 10,
            self._strange: 4,
            lambda i, s: with_headers(mail(id=i, **s), {"Auto-Submitted": "auto-replied"}): 8,
            self._bounce: 4,
            lambda i, s: self.chance.choice(self.written) if self.written else mail(id=i, **s): 6,
            lambda i, s: mutant(3, self.number).raw: 5,
            lambda i, s: mail(id=i, **{"from": "常客 <often@qingchuan.example>"}): 5,
        }
        return self.chance.choices(list(kinds), list(kinds.values()))[0]

    def _letter(self) -> Answer:
        entries = [e for e in self.at.shells.store.outbox() if e.case] if self.number % 3 else []
        return Answer(entries[-1].case, entries[-1].message_id) if entries else Answer("LN-2026-000001-1", "<none@x>")

    def _follow_up(self, id_: str, sender: dict[str, str]) -> bytes:
        answer = self._letter()
        case = self.at.shells.store.case(answer.case)
        known = {"from": f"某人 <{case.participants[0].addr}>"} if case and case.participants else sender
        return mail(answer, id=id_, subject="Re: {CASE}", text=f"补充说明 {id_}，电话13900000000。", **known)

    def _strange(self, id_: str, sender: dict[str, str]) -> bytes:
        return mail(self._letter(), id=id_, subject="{CASE}", text="请告知进度。", **sender)

    def _bounce(self, id_: str, _sender: dict[str, str]) -> bytes:
        return _BOUNCE.format(to=USER, n=id_, id=self._letter().message_id).encode()

    def _seen(self, hour: int) -> Figures:
        store, state = self.at.shells.store, self.server.state
        memory = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20
        seen = Figures(
            hour,
            len(store.messages()),
            len(state.sent),
            len(os.listdir("/proc/self/fd")),
            threading.active_count(),
            memory - self._held() // 2**20,
        )
        seen.broken = [*store.verify(), *self._letters_wrong(), *self._growth(seen)]
        if hour == 1:
            self.first = seen
        return seen

    def _held(self) -> int:
        """Bytes of mails that are the provider's and this test's."""
        kept = (stored.raw for folder in self.server.store.folders.values() for stored in folder.mails)
        return sum(map(len, (*kept, *self.written, *(raw for _, _, raw in self.server.state.sent))))

    def _letters_wrong(self) -> Iterator[str]:
        sent = [(to, raw) for _, to, raw in self.server.state.sent]
        ids = Counter(str(message_from_bytes(raw)["Message-ID"]) for _, raw in sent)
        twice = sum(count - 1 for count in ids.values())
        if twice > self.dots:
            yield f"{twice} letters repeated, {self.dots} connections broken behind the dot"
        recent = [
            to for (to, _), at in zip(sent, self.sent_at, strict=True) if at > self.at.clock.now - timedelta(days=1)
        ]
        for address, count in Counter(address for to in recent for address in to).items():
            if count > PER_ADDRESS and address not in self.at.shells.rules.office.staff_addresses:
                yield f"{count} letters to {address} in a day"
        told = Counter((e.in_answer_to, e.letter, e.case) for e in store_of(self).outbox() if e.in_answer_to)
        yield from (f"answered {count} times: {what}" for what, count in told.items() if count > 1)

    def _growth(self, seen: Figures) -> Iterator[str]:
        if list(self.at.shells.spool.iterdir()) or os.listdir(tempfile.gettempdir()):
            yield "files left in a temporary folder"
        if self.first and seen.descriptors > self.first.descriptors + 8:
            yield f"{seen.descriptors} open files, {self.first.descriptors} after the first hour"
        if self.first and seen.memory_mb > self.first.memory_mb + GROWTH_MB:
            yield f"{seen.memory_mb} MB of memory, {self.first.memory_mb} after the first hour"
        if self.first and seen.threads > self.first.threads + 8:
            yield f"{seen.threads} threads, {self.first.threads} after the first hour"

    def unfinished(self) -> list[str]:
        """What has no fate although all faults are over."""
        store = store_of(self)
        rows = store.messages()
        wrong = [f"mail {r.id} is {r.status}: {r.reason}" for r in rows if r.disposition is None]
        for folder, shown in (("INBOX", "INBOX"), (JUNK, "垃圾邮件")):
            known = store.known_uids("box", shown, 1)
            wrong += [
                f"UID {m.uid} of {shown} has no row" for m in self.server.store.mails(folder) if m.uid not in known
            ]
        open_ = store.outbox((OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT))
        return wrong + [f"letter {e.id} is {e.state.value}: {e.last_answer}" for e in open_]


def store_of(soak: Soak) -> Any:
    """Its store."""
    return soak.at.shells.store


@contextmanager
def soaking(folder: Path, seed: int) -> Iterator[Soak]:
    """An office in that folder behind the stand-in. Temporary files of everybody go into a folder of its own."""
    chance, temporary, before = Random(seed), folder / "tmp", tempfile.tempdir
    temporary.mkdir()
    tempfile.tempdir = str(temporary)
    switches = Switches(same_body=0, sent_appears=0.0)
    real = pool()
    with netease(switches) as server:
        box = ImapMailbox(
            "box", server.host, server.imap_port, USER, PASSWORD, tls=False, read_timeout=1, connect_timeout=1
        )
        mailer = SmtpMailer(server.host, server.smtp_port, USER, PASSWORD, tls="none", timeout=1.0, final_wait=1.0)
        policy = LetterPolicy(Mode.AUTO, quiet_seconds=600, per_address_per_day=PER_ADDRESS, global_per_day=10**6)
        readers = Moody(real, chance)
        watch = Watch("box", ("INBOX", "垃圾邮件"), None, everything=True)
        try:
            with office(
                folder,
                readers=readers,
                mailboxes={"box": box},
                mailer=mailer,
                policy=policy,
                watch=watch,
                now=MONDAY,
                smtp=SmtpSettings(from_address=USER),
                sent_copy=SentCopy.AUTO,
            ) as at:
                yield Soak(at, server, readers, chance)
        finally:
            box.close()
            mailer.close()
            real.close()
            tempfile.tempdir = before
