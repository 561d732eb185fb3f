"""The demo: a local mailbox and a local drop, the production worker in between, and a clock that moves."""

import imaplib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

from mailintake.app.build import shells_for, watches_of
from mailintake.app.demo.mails import SHANGHAI, Answer, Script, build_mail, load_script, when
from mailintake.app.demo.staff import work_a_day
from mailintake.app.pages import write_pages
from mailintake.app.replay import Clock
from mailintake.config import Configuration
from mailintake.config.settings import FirstStart, MailboxSettings, PollSettings, SendingLimits, SmtpSettings, Tls
from mailintake.mailbox.demo_server import demo_mailbox
from mailintake.mailer.demo_drop import demo_drop
from mailintake.mailer.smtp import SmtpMailer
from mailintake.model.letter import LetterPolicy, Mode
from mailintake.stages.deadline import add_working_days
from mailintake.worker.morning import make_digest
from mailintake.worker.passes import Worker
from mailintake.worker.shells import Shells

LAST_DAY = date(2026, 11, 17)  # every reminder was sent, one period has lapsed, two limits end today
_SCALE = SendingLimits(per_hour=10_000, gap_seconds=0, per_day=10_000)


@dataclass(frozen=True)
class Told:
    """What the demo says when it is over."""

    mails: int
    cases: int
    letters: int
    seconds: float
    page: Path
    drop: Path


@dataclass(frozen=True)
class Stage:
    """Where it plays: folder, servers, progress, and what is said on the way."""

    folder: Path
    progress: Callable[[int, int], None]
    say: Callable[..., None]


def run_demo(configuration: Configuration, stage: Stage) -> Told:
    """The whole story. Nothing is written outside `stage.folder`; nothing leaves this machine."""
    started, script = time.monotonic(), load_script()
    drop = stage.folder / "letters"
    with (
        demo_mailbox(stage.folder / "mailbox") as (host, port, user, password),
        demo_drop(drop) as (smtp_host, smtp_port),
    ):
        secret = stage.folder / "password"
        secret.write_text(password)
        secret.chmod(0o600)
        box = MailboxSettings("demo", host=host, port=port, tls=Tls.NONE, user=user, password_file=secret)
        local = _configured(configuration, stage.folder, box)
        clock = Clock(when(script.mails[0]) + timedelta(minutes=1))
        mailer = SmtpMailer(smtp_host, smtp_port, "", "", tls="none")
        deliver = Delivery(host, port, user, password)
        with shells_for(local, clock=clock, mailer=mailer) as shells:
            worker = Worker(shells, watches_of(local.settings), None)
            mails = _first_day(shells, worker, script, deliver, stage)
            mails += _answers(shells, worker, script, deliver, stage)
            _days(shells, worker, stage)
            sequence = int(shells.store.value("digest:sequence") or 1)
            page = write_pages(make_digest(shells, sequence), shells.renderer, stage.folder / "digest")
            cases = len(shells.store.cases(open_only=False, limit=10_000))
    return Told(mails, cases, len(list(drop.glob("*.eml"))), time.monotonic() - started, page, drop)


@dataclass(frozen=True)
class Delivery:
    """Puts mails into the demo mailbox as a provider would."""

    host: str
    port: int
    user: str
    password: str

    def __call__(self, mails: list[bytes]) -> None:
        """Append them in order."""
        with imaplib.IMAP4(self.host, self.port, timeout=20) as server:
            server.login(self.user, self.password)
            for raw in mails:
                server.append("INBOX", "", "", raw)


def _configured(configuration: Configuration, folder: Path, box: MailboxSettings) -> Configuration:
    settings = replace(
        configuration.settings,
        mailboxes=(box,),
        poll=PollSettings(first_start=FirstStart.ALL),
        smtp=SmtpSettings(),
        sending=_SCALE,
        data_folder=folder / "data",
        database="",
        ocr=False,
    )
    letters = LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=600, per_address_per_day=20)
    return replace(configuration, settings=settings, letters=letters)


def _first_day(shells: Shells, worker: Worker, script: Script, deliver: Delivery, stage: Stage) -> int:
    first = [spec for spec in script.mails if "follows" not in spec]
    stage.say("demo.start", count=len(script.mails))
    deliver([build_mail(spec, script, shells.rules) for spec in first])
    worker.progress = lambda _done, count: stage.progress(count, len(first))
    worker.run_once()
    _set(shells, datetime.combine(shells.clock().date(), when(first[-1]).timetz()) + timedelta(hours=1))
    worker.run_once()
    return len(first)


def _answers(shells: Shells, worker: Worker, script: Script, deliver: Delivery, stage: Stage) -> int:
    """The next day people answer our letters; the numbers stand in these."""
    follow = [spec for spec in script.mails if "follows" in spec]
    built = [build_mail(s, script, shells.rules, _answer_to(shells, s["follows"], script)) for s in follow]
    _set(shells, when(follow[0]))
    stage.say("demo.day", day=when(follow[0]).date())
    deliver(built)
    worker.progress = lambda _done, count: stage.progress(count, len(follow))
    worker.run_once()
    _set(shells, when(follow[-1]) + timedelta(hours=1))
    worker.run_once()
    return len(follow)


def _answer_to(shells: Shells, followed: str, script: Script) -> Answer | None:
    """Number and Message-ID of the letter that answered that mail."""
    spec = next(s for s in script.mails if s["id"] == followed)
    row = shells.store.message(f"<{followed}.{parseaddr(spec['from'])[1]}>")
    entries = [e for e in shells.store.outbox(limit=1000) if row and e.in_answer_to == row.sha256 and e.case]
    return Answer(entries[-1].case, entries[-1].message_id) if entries else None


def _days(shells: Shells, worker: Worker, stage: Stage) -> None:
    """Working day after working day at 08:35: digests, reminders, and at last a lapse."""
    worker.progress = None
    day = shells.clock().date()
    while day < LAST_DAY:
        day, _provisional = add_working_days(shells.clock().astimezone(SHANGHAI).date(), 1, shells.rules.calendar)
        _set(shells, datetime(day.year, day.month, day.day, 8, 35, tzinfo=SHANGHAI))
        stage.say("demo.day", day=day)
        worker.run_once()
        if day < LAST_DAY:
            work_a_day(shells)


def _set(shells: Shells, moment: datetime) -> None:
    clock = shells.clock
    assert isinstance(clock, Clock)  # noqa: S101 - the demo made it itself
    clock.now = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
