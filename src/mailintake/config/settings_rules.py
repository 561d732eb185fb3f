"""What must hold between the settings of mailintake.yaml, and paths made absolute."""

import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailintake.config.hosts import is_loopback
from mailintake.config.originals import bucket_of
from mailintake.config.problems import fault
from mailintake.config.settings import FirstStart, MailboxKind, MailboxSettings, Settings, SmtpSettings, StartMode, Tls
from mailintake.model.letter import LetterPolicy, Mode

if TYPE_CHECKING:
    from mailintake.config.sources import Source
    from mailintake.config.tree import Loc

_TLS_PORTS = {993: 143, 465: 587}  # TLS from the first byte: the port that STARTTLS has instead
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def report_settings(settings: Settings, source: "Source") -> None:
    """Report settings that are well-formed and still cannot work together."""
    seen: set[str] = set()
    for index, box in enumerate(settings.mailboxes):
        loc = ("mailboxes", index)
        if box.name in seen or not _NAME.fullmatch(box.name):
            source.report((*loc, "name"), fault("mailbox-name", name=box.name))
        seen.add(box.name)
        if box.kind is MailboxKind.IMAP:
            for key in ("host", "user"):
                if not getattr(box, key):
                    source.report(loc, fault("mailbox-host", name=box.name, key=key))
            _connection(box, loc, source)
        elif box.path is None:
            source.report(loc, fault("mailbox-path", name=box.name))
    if settings.poll.first_start is FirstStart.SINCE and settings.poll.since is None:
        source.report(("poll", "first_start"), fault("since-missing"))
    if settings.smtp.host and not settings.smtp.from_address:
        source.report(("smtp", "host"), fault("smtp-from"))
    _connection(settings.smtp, ("smtp",), source)
    _storage(settings, source)


def _storage(settings: Settings, source: "Source") -> None:
    if settings.backup.folder is not None and not settings.database_url.startswith("sqlite"):
        source.report(("backup", "folder"), fault("backup-server"))
    try:
        bucket_of(settings.originals)
    except ValueError:
        source.report(("originals",), fault("originals"))


def _connection(server: MailboxSettings | SmtpSettings, loc: "Loc", source: "Source") -> None:
    """Clear text leaves this machine never; a port that expects TLS at once would only be silent to STARTTLS."""
    if server.tls is Tls.NONE and server.host and not is_loopback(server.host):
        source.report((*loc, "tls"), fault("tls-none", host=server.host))
    if server.tls is Tls.STARTTLS and server.port in _TLS_PORTS:
        place = (*loc, "port") if source.has((*loc, "port")) else (*loc, "tls")
        source.report(place, fault("starttls-port", port=server.port, usual=_TLS_PORTS[server.port]))


def share_login(settings: Settings) -> Settings:
    """SMTP with the login of a mailbox uses that mailbox's password unless it has its own."""
    smtp = settings.smtp
    box = next(
        (m for m in settings.mailboxes if smtp.user and smtp.same_login_as in ("", m.name) and m.user == smtp.user),
        None,
    )
    if box is None or smtp.password_file is not None:
        return settings
    return replace(settings, smtp=replace(smtp, same_login_as=box.name, password_file=box.password_file))


def capped(letters: LetterPolicy, start: StartMode) -> LetterPolicy:
    """The policy with no mode freer than the start mode: approve holds back auto, shadow everything that is written."""
    if start is StartMode.AUTO:
        return letters
    held = (Mode.AUTO,) if start is StartMode.APPROVE else (Mode.AUTO, Mode.APPROVE, Mode.DRAFT)
    limit = Mode(start.value)
    modes = {kind: limit if mode in held else mode for kind, mode in (letters.modes or {}).items()}
    default = limit if letters.default_mode in held else letters.default_mode
    return replace(letters, default_mode=default, modes=modes or None)


def absolute(value: Any, base: Path) -> Any:
    """The same settings with every relative path taken from `base`."""
    if isinstance(value, Path):
        return base / value
    if isinstance(value, tuple):
        return tuple(absolute(item, base) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {f.name: absolute(getattr(value, f.name), base) for f in fields(value)}
    return replace(value, **changed)
