"""Do the mailbox and the mail server let us in? Nothing is fetched, changed or sent."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

from mailintake.app.absent import AbsentMailer
from mailintake.app.build import make_mailbox, make_mailer
from mailintake.app.doctor import Mark, Told
from mailintake.app.doctor_abilities import imap_capabilities, smtp_extensions
from mailintake.config import Configuration
from mailintake.config.settings import MailboxKind, MailboxSettings
from mailintake.errors import ConfigError, MailintakeError
from mailintake.mailbox.port import Listed, Mailbox
from mailintake.mailer.smtp import SmtpMailer
from mailintake.model.zone import SHANGHAI
from mailintake.store.originals import open_files

Say = Callable[..., str]
_SKEW = timedelta(minutes=5)


def examine_network(configuration: Configuration, say: Say, clock: Callable[[], datetime]) -> Iterator[Told]:
    """Every mailbox, the way out, and the bucket of originals where there is one."""
    if not configuration.settings.mailboxes:
        yield Told(Mark.BAD, say("doctor.mailbox", name=""), say("doctor.mailbox.none"), say("doctor.mailbox.none.fix"))
    for settings in configuration.settings.mailboxes:
        yield from _mailbox(settings, configuration, say, clock)
    yield from _mailer(configuration, say)
    if configuration.settings.originals:
        yield _originals(configuration, say)


def _mailbox(
    settings: MailboxSettings, configuration: Configuration, say: Say, clock: Callable[[], datetime]
) -> Iterator[Told]:
    """Login with ID, the folders, and whether the server's clock and ours agree."""
    name = say("doctor.mailbox", name=settings.name)
    try:
        with closing(make_mailbox(settings, configuration)) as mailbox:
            began = time.monotonic()
            mailbox.open()
            took = round((time.monotonic() - began) * 1000)
            where = str(settings.path) if settings.kind is MailboxKind.FOLDER else f"{settings.user}@{settings.host}"
            yield Told(Mark.GOOD, name, say("doctor.mailbox.good", where=where, ms=took))
            yield from _special(mailbox, say)
            yield from _folders(mailbox, settings, say)
            yield from imap_capabilities(mailbox, say)
            yield from _clock(mailbox, settings, say, clock)
    except ConfigError as fault:
        yield Told(Mark.BAD, name, str(fault), fault.fix)
    except MailintakeError as fault:
        yield Told(Mark.BAD, name, str(fault), fault.fix or say("doctor.mailbox.fix"), network=True)


def _folders(mailbox: Mailbox, settings: MailboxSettings, say: Say) -> Iterator[Told]:
    present = set(mailbox.folders())
    named = (name for name in (settings.sent_folder, settings.drafts_folder) if name)
    for folder in (*settings.folders, *named):
        name = say("doctor.folder", name=folder)
        if folder in present:
            yield Told(Mark.GOOD, name, say("doctor.folder.good", count=mailbox.select(folder).exists))
        else:
            listed = say("list.comma").join(sorted(present))
            yield Told(Mark.ODD, name, say("doctor.folder.absent", present=listed), say("doctor.folder.fix"))


def _special(mailbox: Mailbox, say: Say) -> Iterator[Told]:
    """Where copies and drafts go: by what the server marks (RFC 6154), else by the names that providers give."""
    for flag in ("Sent", "Drafts"):
        found, name = mailbox.special_folder(flag), say(f"doctor.special.{flag.lower()}")
        if found:
            yield Told(Mark.GOOD, name, found)
        else:
            yield Told(Mark.ODD, name, say("doctor.special.absent"), say("doctor.folder.fix"))


def _clock(mailbox: Mailbox, settings: MailboxSettings, say: Say, clock: Callable[[], datetime]) -> Iterator[Told]:
    """Servers do not tell the time; a mail that arrived later than now tells that our clock is slow."""
    newest = max((t for f in settings.folders[:1] if (t := _arrived(_last(mailbox, f)))), default=None)
    if newest is None:
        return
    ahead = newest - clock()
    if ahead > _SKEW:
        minutes = round(ahead.total_seconds() / 60)
        yield Told(Mark.BAD, say("doctor.clock"), say("doctor.clock.slow", minutes=minutes), say("doctor.clock.fix"))
    else:
        yield Told(
            Mark.GOOD, say("doctor.clock"), say("doctor.clock.good", at=f"{newest.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
        )


def _last(mailbox: Mailbox, folder: str) -> Listed | None:
    if folder not in mailbox.folders() or not mailbox.select(folder).exists:
        return None
    return max(mailbox.list_all(folder), key=lambda mail: mail.ref.uid, default=None)


def _arrived(listed: Listed | None) -> datetime | None:
    if listed is None or not listed.internal_date:
        return None
    at = datetime.fromisoformat(listed.internal_date)
    return at if at.tzinfo else at.astimezone()


def _originals(configuration: Configuration, say: Say) -> Told:
    """The bucket is listed, not written to."""
    settings, name = configuration.settings, say("doctor.originals")
    try:
        began = time.monotonic()
        next(iter(open_files(settings.originals, settings.data_folder, upload=False).hashes()), None)
        took = round((time.monotonic() - began) * 1000)
    except MailintakeError as fault:
        return Told(Mark.BAD, name, str(fault), fault.fix or say("doctor.originals.fix"), network=True)
    return Told(Mark.GOOD, name, say("doctor.originals.good", where=settings.originals.partition("?")[0], ms=took))


def _mailer(configuration: Configuration, say: Say) -> Iterator[Told]:
    name = say("doctor.smtp")
    try:
        with closing(make_mailer(configuration)) as mailer:
            if isinstance(mailer, AbsentMailer) or not isinstance(mailer, SmtpMailer):
                yield Told(Mark.ODD, name, say("doctor.smtp.absent"), say("doctor.smtp.absent.fix"))
                return
            began = time.monotonic()
            mailer.open()
            took = round((time.monotonic() - began) * 1000)
            smtp = configuration.settings.smtp
            where = f"{smtp.user}@{smtp.host}:{smtp.port}"
            yield Told(Mark.GOOD, name, say("doctor.smtp.good", where=where, ms=took))
            yield from smtp_extensions(mailer, say)
            yield _envelope(mailer, configuration, say)
    except ConfigError as fault:
        yield Told(Mark.BAD, name, str(fault), fault.fix)
    except MailintakeError as fault:
        yield Told(Mark.BAD, name, str(fault), fault.fix or say("doctor.smtp.fix"), network=True)


def _envelope(mailer: SmtpMailer, configuration: Configuration, say: Say) -> Told:
    """May we send by that address? A login alone does not tell: the envelope is tried, to ourselves, without DATA."""
    smtp, name = configuration.settings.smtp, say("doctor.envelope")
    sender = smtp.from_address or smtp.user or configuration.rules.office.intake_address
    try:
        answer = mailer.would_take(sender, sender)
    except MailintakeError as fault:
        return Told(Mark.BAD, name, str(fault), fault.fix or say("doctor.envelope.fix", sender=sender), network=True)
    return Told(Mark.GOOD, name, say("doctor.envelope.good", sender=sender, answer=answer))
