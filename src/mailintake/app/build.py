"""The one place that builds real shells from a configuration."""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mailintake.app.absent import AbsentMailbox, AbsentMailer
from mailintake.app.active import ActiveRules
from mailintake.config import Configuration, password_of, resource_folders
from mailintake.config.known_indexes import KnownIndexes
from mailintake.config.settings import FirstStart, MailboxKind, MailboxSettings, Settings, Tls
from mailintake.errors import ConfigError
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailbox.port import Mailbox
from mailintake.mailer.port import Mailer
from mailintake.readers.pool import ReaderPool
from mailintake.stages.words.keeper import keep_in
from mailintake.store.engine import parse_url
from mailintake.store.open import open_store
from mailintake.store.originals import open_files
from mailintake.worker.intake.polling import Watch
from mailintake.worker.shells import Shells

if TYPE_CHECKING:
    from jinja2.bccache import BytecodeCache

    from mailintake.config.known_code import KnownCode
    from mailintake.letters.render import Renderer

Clock = Callable[[], datetime]
SPOOL = "spool"
_log = logging.getLogger(__name__)
_LEFT_SECONDS = 2 * 24 * 3600


def system_clock() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


@contextmanager
def shells_for(
    configuration: Configuration,
    *,
    clock: Clock = system_clock,
    mailer: Mailer | None = None,
    with_mailboxes: bool = True,
    dry_run: bool = False,
) -> Iterator[Shells]:
    """Everything opened; closed again at the end, whatever happened.

    `with_mailboxes=False` is for looking at what is stored: no password is read, nothing can be fetched or sent.
    """
    settings = configuration.settings
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    spool = make_spool(settings)
    files = open_files(settings.originals, settings.data_folder, upload=not dry_run)
    store = open_store(settings.database_url, files)
    readers = ReaderPool(configuration.rules.vocabulary, settings.limits, ocr=settings.ocr, clamd=settings.clamd)
    mailboxes: dict[str, Mailbox] = {
        m.name: make_mailbox(m, configuration) if with_mailboxes else AbsentMailbox(m.name) for m in settings.mailboxes
    }
    sender = mailer or (make_mailer(configuration) if with_mailboxes else AbsentMailer())
    keep_in(KnownIndexes())
    code = _KnownCode()
    rendering = _rendering(configuration, code)
    try:
        yield Shells(store, readers, mailboxes, sender, rendering, configuration, clock, spool, dry_run)
    finally:
        for mailbox in mailboxes.values():
            mailbox.close()
        sender.close()
        readers.close()
        store.close()
        code.keep()
        if spool.name != SPOOL:
            shutil.rmtree(spool, ignore_errors=True)


def with_rules(shells: Shells, configuration: Configuration) -> Shells:
    """The same shells with other rules: checks, words, templates. Mailboxes, database and mail server stay."""
    if isinstance(shells.readers, ReaderPool):
        shells.readers.use_words(configuration.rules.vocabulary)
    rendering = _rendering(configuration, lambda: shells.renderer.environment.bytecode_cache)
    return replace(shells, configuration=configuration, rendering=rendering)


class _KnownCode:
    """Compiled templates, looked up for the first letter: many a pass writes none, and loads no engine."""

    @cached_property
    def _known(self) -> "KnownCode":
        from mailintake.config.known_code import KnownCode

        return KnownCode()

    def __call__(self) -> "BytecodeCache":
        """The place."""
        return self._known

    def keep(self) -> None:
        """Write down what is new in it."""
        if "_known" in vars(self):
            self._known.keep()


def _rendering(
    configuration: Configuration, compiled: "Callable[[], BytecodeCache | None]"
) -> "Callable[[], Renderer]":
    """The renderer of these rules, made when it is asked for first."""

    @cache
    def made() -> "Renderer":
        from mailintake.letters.render import Renderer

        return Renderer(*resource_folders("templates", configuration.rules_folder), compiled=compiled())

    return made


def renewal(active: ActiveRules) -> Callable[[Shells], Shells | None]:
    """What a worker asks between two mails. A set that cannot be used is logged, and the old one stays in force."""

    def renew(shells: Shells) -> Shells | None:
        try:
            made = active.renewed()
        except (ConfigError, OSError) as broken:
            _log.error("the rule set that was put in force cannot be used: %s", broken)
            return None
        return None if made is None else with_rules(shells, made)

    return renew


def make_spool(settings: Settings) -> Path:
    """Where mails are opened. On a server's database several programs may work on one data folder, so each has a
    folder of its own there; what killed ones left is removed after two days."""
    spool = settings.data_folder / SPOOL
    spool.mkdir(exist_ok=True)
    if database_file(settings) is not None:
        return spool
    for left in spool.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix="worker-", dir=spool))


def make_mailbox(settings: MailboxSettings, configuration: Configuration) -> Mailbox:
    """The mailbox that the settings describe."""
    named = {flag: name for flag, name in (("Sent", settings.sent_folder), ("Drafts", settings.drafts_folder)) if name}
    if settings.kind is MailboxKind.FOLDER:
        return FolderMailbox(settings.name, settings.path or Path("inbox"), named)
    from mailintake.mailbox.folders import special_names
    from mailintake.mailbox.imap import ImapMailbox

    return ImapMailbox(
        settings.name,
        settings.host,
        settings.port,
        settings.user,
        password_of(settings, configuration.folder),
        tls=settings.tls is not Tls.NONE,
        starttls=settings.tls is Tls.STARTTLS,
        ca_file=str(settings.ca_file) if settings.ca_file else None,
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        special_folders=special_names(configuration.rules.vocabulary.lists),
        named_folders=named,
    )


def make_mailer(configuration: Configuration) -> Mailer:
    """SMTP as configured; without a host letters wait."""
    smtp = configuration.settings.smtp
    if not smtp.host:
        return AbsentMailer()
    from mailintake.mailer.smtp import SmtpMailer

    password = password_of(smtp, configuration.folder) if smtp.user else ""
    tls = {"tls": "implicit"}.get(smtp.tls.value, smtp.tls.value)
    ca_file = str(smtp.ca_file) if smtp.ca_file else None
    return SmtpMailer(smtp.host, smtp.port, smtp.user, password, tls=tls, timeout=smtp.timeout_seconds, ca_file=ca_file)


def database_file(settings: Settings) -> Path | None:
    """The file of an SQLite database; None where the database is a server's. ConfigError for an unusable URL."""
    parsed = parse_url(settings.database_url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def watches_of(settings: Settings, since: date | None = None) -> tuple[Watch, ...]:
    """Which folders are looked at, and what the very first look takes; `since` takes the place of the settings'."""
    poll = settings.poll
    since = since or (poll.since if poll.first_start is FirstStart.SINCE else None)
    everything = poll.first_start is FirstStart.ALL
    limit = settings.limits.message_bytes
    return tuple(Watch(m.name, m.folders, since, everything, limit) for m in settings.mailboxes)
