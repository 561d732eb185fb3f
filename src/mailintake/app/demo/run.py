"""The demo: a local mailbox and a local drop, the production worker in between, and a clock that moves."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

from mailintake.app.build import shells_for, watches_of
from mailintake.app.demo.mails import Answer, Script, build_mail, load_script, when
from mailintake.app.demo.servers import LETTERS, Servers, ServersFor, local_servers
from mailintake.app.demo.staff import make_known, work_a_day
from mailintake.app.pages import write_pages
from mailintake.app.replay import Clock
from mailintake.config import Configuration
from mailintake.config.settings import FirstStart, MailboxSettings, PollSettings, SmtpSettings, Tls
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.model.zone import SHANGHAI
from mailintake.stages.deadline import add_working_days
from mailintake.worker.intake.polling import Watch
from mailintake.worker.morning import make_digest
from mailintake.worker.passes import Worker
from mailintake.worker.shells import Shells

Deliver = Callable[[list[bytes]], None]
LAST_DAY = date(2026, 11, 17)  # every reminder was sent, one period has lapsed, two limits end today
_LONGEST_QUEUE = 500  # letters


@dataclass(frozen=True)
class Told:
    """What the demo says when it is over."""

    mails: int
    cases: int
    letters: int
    seconds: float
    page: Path
    drop: Path
    now: datetime  # what the clock of the demo shows


@dataclass(frozen=True)
class Stage:
    """Where it plays: folder, progress, what is said on the way, and the servers."""

    folder: Path
    progress: Callable[[int, int], None]
    say: Callable[..., None]
    servers: ServersFor = local_servers


def run_demo(configuration: Configuration, stage: Stage) -> Told:
    """The whole story. Nothing is written outside `stage.folder`; nothing leaves this machine."""
    started, script = time.monotonic(), load_script()
    clock = Clock(when(script.mails[0]) + timedelta(minutes=1))
    with stage.servers(stage.folder, clock) as servers:
        secret = stage.folder / "password"
        secret.write_text(servers.password)
        secret.chmod(0o600)
        local = _configured(configuration, stage.folder, servers, secret)
        with shells_for(local, clock=clock, mailer=servers.mailer) as shells:
            make_known(shells)
            worker = Worker(shells, watches_of(local.settings), None)
            mails = _first_day(shells, worker, script, servers.deliver, stage)
            mails += _answers(shells, worker, script, servers.deliver, stage)
            _days(shells, worker, stage)
            mails += _this_morning(shells, watches_of(local.settings), script, servers.deliver, stage)
            last = shells.store.last_digest()
            made = make_digest(shells, last.sequence if last else 1)
            page = write_pages(made, shells.renderer, stage.folder / "digest")
            cases = shells.store.count_cases(open_only=False)
            letters = shells.store.count_letters((OutboxState.SENT,))
            now = shells.clock()
    return Told(mails, cases, letters, time.monotonic() - started, page, stage.folder / LETTERS, now)


def _configured(configuration: Configuration, folder: Path, servers: Servers, secret: Path) -> Configuration:
    user, host = servers.user, servers.host
    box = MailboxSettings("demo", host=host, port=servers.port, tls=Tls.NONE, user=user, password_file=secret)
    settings = replace(
        configuration.settings,
        mailboxes=(box,),
        poll=PollSettings(first_start=FirstStart.ALL),
        smtp=SmtpSettings(from_address=servers.sender),
        sending=servers.limits,
        data_folder=folder / "data",
        database="",
    )
    return _with_letters(replace(configuration, settings=settings), Mode.AUTO)


def _with_letters(configuration: Configuration, mode: Mode) -> Configuration:
    letters = LetterPolicy(default_mode=mode, quiet_seconds=600, per_address_per_day=20)
    return replace(configuration, letters=letters)


def _first_day(shells: Shells, worker: Worker, script: Script, deliver: Deliver, stage: Stage) -> int:
    first = [spec for spec in script.mails if "follows" not in spec and when(spec).date() < LAST_DAY]
    stage.say("demo.start", count=len(script.mails))
    deliver([build_mail(spec, script, shells.rules) for spec in first])
    worker.progress = lambda _done, count: stage.progress(count, len(first))
    _work(shells, worker)
    _set(shells, datetime.combine(shells.clock().date(), when(first[-1]).timetz()) + timedelta(hours=1))
    _work(shells, worker)
    return len(first)


def _answers(shells: Shells, worker: Worker, script: Script, deliver: Deliver, stage: Stage) -> int:
    """The next day people answer our letters; the numbers stand in these."""
    follow = [spec for spec in script.mails if "follows" in spec]
    built = [build_mail(s, script, shells.rules, _answer_to(shells, s["follows"], script)) for s in follow]
    _set(shells, when(follow[0]))
    stage.say("demo.day", day=when(follow[0]).date())
    deliver(built)
    worker.progress = lambda _done, count: stage.progress(count, len(follow))
    _work(shells, worker)
    _set(shells, when(follow[-1]) + timedelta(hours=1))
    _work(shells, worker)
    return len(follow)


def _answer_to(shells: Shells, followed: str, script: Script) -> Answer | None:
    """Number and Message-ID of the letter that answered that mail."""
    spec = next(s for s in script.mails if s["id"] == followed)
    row = shells.store.message(f"<{followed}.{parseaddr(spec['from'])[1]}>")
    answers = shells.store.outbox(in_answer_to=row.sha256) if row else ()
    entries = [entry for entry in answers if entry.case]
    return Answer(entries[-1].case, entries[-1].message_id) if entries else None


def _days(shells: Shells, worker: Worker, stage: Stage) -> None:
    """Working day after working day at 08:35: digests, reminders, and at last a lapse."""
    worker.progress = None
    day = shells.clock().date()
    while day < LAST_DAY:
        day, _provisional = add_working_days(shells.clock().astimezone(SHANGHAI).date(), 1, shells.rules.calendar)
        _set(shells, datetime(day.year, day.month, day.day, 8, 35, tzinfo=SHANGHAI))
        stage.say("demo.day", day=day)
        _work(shells, worker)
        if day < LAST_DAY:
            work_a_day(shells)


def _this_morning(shells: Shells, watches: tuple[Watch, ...], script: Script, deliver: Deliver, stage: Stage) -> int:
    """What came before anybody looked at the desk: from today on letters wait for a clerk."""
    came = [spec for spec in script.mails if when(spec).date() == LAST_DAY]
    deliver([build_mail(spec, script, shells.rules) for spec in came])
    approving = replace(shells, configuration=_with_letters(shells.configuration, Mode.APPROVE))
    worker = Worker(approving, watches, lambda _done, count: stage.progress(count, len(came)))
    _set(shells, when(came[-1]) + timedelta(minutes=1))
    worker.run_once()
    _set(shells, when(came[-1]) + timedelta(minutes=30))
    worker.run_once()
    return len(came)


def _work(shells: Shells, worker: Worker) -> None:
    """A pass, and as many more as a provider's limits make the letters wait for."""
    gap = timedelta(seconds=max(float(shells.configuration.settings.sending.gap_seconds), 1))
    worker.run_once()
    for _ in range(_LONGEST_QUEUE):
        now = shells.clock()
        if all(entry.send_after > now for entry in shells.store.outbox((OutboxState.READY,))):
            return
        _set(shells, now + gap)
        worker.run_once()


def _set(shells: Shells, moment: datetime) -> None:
    clock = shells.clock
    assert isinstance(clock, Clock)  # noqa: S101 - the demo made it itself
    clock.now = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
