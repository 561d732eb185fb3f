"""What the operator decides about this installation: config/mailintake.yaml as frozen values.

The comment behind a field is its documentation: docs/config.md and the JSON schema are made from it.
"""

from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

from annotated_types import Ge, Interval

from mailintake.model.letter import LetterPolicy
from mailintake.model.value import config_value
from mailintake.readers.port import Limits

TimeOfDay: TypeAlias = time
Port = Annotated[int, Interval(ge=1, le=65535)]
Count = Annotated[int, Ge(1)]
Amount = Annotated[int, Ge(0)]


class MailboxKind(StrEnum):
    """Where mails come from."""

    IMAP = "imap"
    FOLDER = "folder"  # a folder of .eml files or a Maildir


class Tls(StrEnum):
    """How the connection is protected. There is no fall-back from one to another."""

    TLS = "tls"  # from the first byte: 993, 465
    STARTTLS = "starttls"
    NONE = "none"  # accepted for servers on this machine only


class FirstStart(StrEnum):
    """What the first start does with the mails that are in the box already."""

    BASELINE = "baseline"  # remember them as seen, answer nobody
    SINCE = "since"  # work on those that came on or after `since`
    ALL = "all"


class SentCopy(StrEnum):
    """Who puts a copy of a sent letter into the mailbox's Sent folder."""

    APPEND = "append"  # we do
    NEVER = "never"  # the provider does, or nobody
    AUTO = "auto"  # we do when our Message-ID is not found there


class StartMode(StrEnum):
    """What happens to letters while the office gets to know the program."""

    APPROVE = "approve"
    SHADOW = "shadow"
    AUTO = "auto"


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@config_value
class MailboxSettings:
    """One mailbox to read."""

    name: str = "main"  # short name: lower-case letters, digits, - and _
    kind: MailboxKind = MailboxKind.IMAP  # imap, or folder (.eml files, Maildir)
    host: str = ""  # IMAP server
    port: Port = 993  # 993 with tls, 143 with starttls or none
    tls: Tls = Tls.TLS  # protection of the connection
    ca_file: Path | None = None  # certificate of an authority of your own (PEM); empty: the system's authorities
    user: str = ""  # login name, usually the address
    password_file: Path | None = None  # file with the password (163: authorisation code), mode 0600
    path: Path | None = None  # kind folder: the folder
    folders: tuple[str, ...] = ("INBOX",)  # folders to watch, the spam folder included
    drafts_folder: str = ""  # for letters in mode draft; empty: the folder the server marks as Drafts
    sent_folder: str = ""  # for copies of sent letters; empty: the folder the server marks as Sent
    rules: Path | None = None  # folder with rule files for mails of this mailbox; a file replaces the general one
    connect_timeout_seconds: Count = 20  # wait for a connection
    read_timeout_seconds: Count = 60  # wait for an answer


@config_value
class PollSettings:
    """When and how new mail is looked for."""

    interval_seconds: Annotated[int, Ge(5)] = 60  # a pass begins every so many seconds, never two at once
    reconcile_at: TimeOfDay = TimeOfDay(3, 30)  # once a day the whole list of the server is compared with ours
    first_start: FirstStart = FirstStart.BASELINE  # what to do with mails that lie in the box already
    since: date | None = None  # first_start since: the first day
    attempts: Count = 3  # tries before a mail that cannot be processed is put into quarantine


@config_value
class SmtpSettings:
    """The way out. Without a host nothing can be sent and letters stay in the outbox."""

    host: str = ""  # SMTP server
    port: Port = 465  # 465 with tls, 587 or 25 with starttls
    tls: Tls = Tls.TLS  # protection of the connection
    ca_file: Path | None = None  # certificate of an authority of your own (PEM); empty: the system's authorities
    user: str = ""  # login name; empty: no login
    password_file: Path | None = None  # file with the password; empty: the mailbox's own
    same_login_as: str = ""  # mailbox whose password is used; empty: the mailbox with the same user, if there is one
    from_address: str = ""  # address in From and in the envelope; must be the login's own at 163
    from_name: str = ""  # display name in From; empty: the office's name
    timeout_seconds: Count = 60  # wait for an answer


@config_value
class SendingLimits:
    """What the provider allows; the queue is spread to keep below."""

    per_hour: Count = 40  # letters an hour
    gap_seconds: Amount = 20  # pause between two letters
    per_day: Count = 80  # letters a day
    pause_on_quota_seconds: Count = 900  # pause after the provider said "too many"


@config_value
class DigestSettings:
    """The morning digest for staff."""

    time: TimeOfDay = TimeOfDay(8, 30)  # time of day, on working days, Asia/Shanghai
    recipients: tuple[str, ...] = ()  # empty: office.staff_addresses
    page_folder: Path | None = None  # where the page and the workbook are written; empty: data folder/digest
    desk: str = ""  # address of the desk (https://…), to which the lines of mail and page lead; empty: no links


@config_value
class BackupSettings:
    """The nightly copy of database and originals (SQLite; of PostgreSQL pg_dump makes it)."""

    folder: Path | None = None  # where a new folder is made every night; empty: no backup is made
    at: TimeOfDay = TimeOfDay(2, 30)  # time of day, Asia/Shanghai
    keep: Count = 14  # how many are kept; older ones are removed


@config_value
class LogSettings:
    """The log. It holds no names, numbers or texts of applicants."""

    level: LogLevel = LogLevel.INFO  # debug, info, warning or error
    file: Path | None = None  # empty: standard error
    json: bool = True  # one JSON object a line; false: plain lines


@config_value
class Settings:
    """The whole of config/mailintake.yaml. Relative paths are taken from the folder of that file."""

    mailboxes: tuple[MailboxSettings, ...] = ()  # the mailboxes to read
    poll: PollSettings = PollSettings()  # when to look for mail
    smtp: SmtpSettings = SmtpSettings()  # the way out
    sent_copy: SentCopy = SentCopy.AUTO  # copy into the Sent folder: append, never or auto
    sending: SendingLimits = SendingLimits()  # what the provider allows
    letters: LetterPolicy = LetterPolicy()  # modes of letters, quiet period, limits
    digest: DigestSettings = DigestSettings()  # the morning digest
    backup: BackupSettings = BackupSettings()  # the nightly copy
    start_mode: StartMode = StartMode.APPROVE  # caps every letter's mode: approve and shadow hold back auto
    data_folder: Path = Path("var")  # database, original mails, pages
    database: str = ""  # SQLAlchemy URL; empty: SQLite in the data folder
    originals: str = ""  # original mails; empty: data folder; or s3://bucket/prefix?endpoint=https://host&region=name
    limits: Limits = Limits()  # what one mail may cost the reader
    ocr: bool = True  # read pictures where a check needs their text
    clamd: str = ""  # virus scanner asked about every file: unix:/run/clamav/clamd.ctl or tcp:host:port; empty: none
    log: LogSettings = LogSettings()  # the log

    @property
    def database_url(self) -> str:
        """The URL to open."""
        return self.database or f"sqlite:///{self.data_folder / 'mailintake.db'}"

    @property
    def digest_folder(self) -> Path:
        """Where the digest page is written."""
        return self.digest.page_folder or self.data_folder / "digest"
