"""The one place that builds real shells from a configuration."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mailintake.config import Configuration, password_of, resource_folders
from mailintake.config.settings import FirstStart, MailboxKind, MailboxSettings, Settings
from mailintake.letters.render import Renderer
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailbox.port import Mailbox
from mailintake.mailer.drop import DropMailer
from mailintake.mailer.port import Mailer
from mailintake.readers.pool import ReaderPool
from mailintake.store.open import open_store
from mailintake.worker.polling import Watch
from mailintake.worker.shells import Shells

Clock = Callable[[], datetime]


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
    """Everything opened; closed again at the end, whatever happened."""
    settings = configuration.settings
    spool = settings.data_folder / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.database_url, settings.data_folder / "originals")
    readers = ReaderPool(configuration.rules.vocabulary, settings.limits, ocr=settings.ocr)
    mailboxes = {m.name: make_mailbox(m, configuration) for m in settings.mailboxes} if with_mailboxes else {}
    sender = mailer or make_mailer(configuration)
    renderer = Renderer(*resource_folders("templates", configuration.folder))
    try:
        yield Shells(store, readers, mailboxes, sender, renderer, configuration, clock, spool, dry_run)
    finally:
        for mailbox in mailboxes.values():
            mailbox.close()
        sender.close()
        readers.close()
        store.close()


def make_mailbox(settings: MailboxSettings, configuration: Configuration) -> Mailbox:
    """The mailbox that the settings describe."""
    if settings.kind is MailboxKind.FOLDER:
        return FolderMailbox(settings.name, settings.path or Path("inbox"))
    from mailintake.mailbox.folders import special_names
    from mailintake.mailbox.imap import ImapMailbox

    return ImapMailbox(
        settings.name,
        settings.host,
        settings.port,
        settings.user,
        password_of(settings, configuration.folder),
        tls=settings.tls.value == "tls",
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        special_folders=special_names(configuration.rules.vocabulary.lists),
    )


def make_mailer(configuration: Configuration) -> Mailer:
    """SMTP as configured; without a host letters are only written to a folder."""
    smtp = configuration.settings.smtp
    if not smtp.host:
        return DropMailer(configuration.settings.data_folder / "not-sent")
    from mailintake.mailer.smtp import SmtpMailer

    password = password_of(smtp, configuration.folder) if smtp.user else ""
    tls = {"tls": "implicit"}.get(smtp.tls.value, smtp.tls.value)
    return SmtpMailer(smtp.host, smtp.port, smtp.user, password, tls=tls, timeout=smtp.timeout_seconds)


def watches_of(settings: Settings) -> tuple[Watch, ...]:
    """Which folders are looked at, and what the very first look takes."""
    poll = settings.poll
    since = poll.since if poll.first_start is FirstStart.SINCE else None
    everything = poll.first_start is FirstStart.ALL
    limit = settings.limits.message_bytes
    return tuple(Watch(m.name, m.folders, since, everything, limit) for m in settings.mailboxes)
