"""Every exception of the program, and what the worker does about each."""

from enum import StrEnum
from typing import ClassVar


class Reaction(StrEnum):
    """What the worker does when an exception reaches it."""

    RETRY = "retry"  # the same step again later, with back-off
    QUARANTINE = "quarantine"  # put the one mail aside, go on with the next
    PAUSE = "pause"  # stop this channel (reading or sending), tell the operator, go on with the rest
    STOP = "stop"  # end the program with the exit code


class MailintakeError(Exception):
    """Base of all exceptions of ours. `str()` is one line an operator understands; `fix` is what to do."""

    reaction: ClassVar[Reaction] = Reaction.STOP
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.fix = fix


class UsageError(MailintakeError):
    """The command line asks for something that does not exist."""

    exit_code = 2


class ConfigError(MailintakeError):
    """The configuration cannot be used; `problems` holds all of them as printable lines."""

    exit_code = 3

    def __init__(self, message: str, problems: tuple[str, ...] = (), *, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.problems = problems


class MailboxUnavailable(MailintakeError):
    """The mailbox does not answer, hangs up, throttles or talks nonsense: the next poll tries again."""

    reaction = Reaction.RETRY
    exit_code = 4

    def __init__(self, message: str, *, fix: str = "", retry_after_seconds: int = 0) -> None:
        super().__init__(message, fix=fix)
        self.retry_after_seconds = retry_after_seconds


class MailboxLoginRefused(MailintakeError):
    """User name or authorisation code refused; trying on may lock the account. `final`: the program does not try again
    before a restart."""

    reaction = Reaction.PAUSE
    exit_code = 4

    def __init__(self, message: str, *, fix: str = "", final: bool = False) -> None:
        super().__init__(message, fix=fix)
        self.final = final


class UnsafeLogin(MailboxLoginRefused):
    """NetEase refuses SELECT although ID (RFC 2971) was sent twice: a person must open a web page."""


class MessageVanished(MailintakeError):
    """The mail was expunged between listing and fetching; not an error when it is already stored."""

    reaction = Reaction.RETRY


class ReaderFailed(MailintakeError):
    """The reader process crashed, hung or ran into its memory limit on one file."""

    reaction = Reaction.QUARANTINE


class MailerUnavailable(MailintakeError):
    """Temporary refusal or broken connection before the mail was handed over: try later."""

    reaction = Reaction.RETRY

    def __init__(self, message: str, *, fix: str = "", retry_after_seconds: int = 0) -> None:
        super().__init__(message, fix=fix)
        self.retry_after_seconds = retry_after_seconds


class MailerInDoubt(MailintakeError):
    """The connection broke after the final dot and before the 250: the mail may have been accepted."""

    reaction = Reaction.RETRY


class MailerRefused(MailintakeError):
    """Permanent refusal of this one mail (no such user, too large): staff must know."""

    reaction = Reaction.QUARANTINE


class MailerPaused(MailintakeError):
    """Quota, spam verdict or wrong credentials: all sending stops until the time given or an operator acts."""

    reaction = Reaction.PAUSE

    def __init__(self, message: str, *, fix: str = "", resume_after_seconds: int | None = None) -> None:
        super().__init__(message, fix=fix)
        self.resume_after_seconds = resume_after_seconds


class StoreBusy(MailintakeError):
    """The database is locked by somebody else for longer than the busy timeout."""

    reaction = Reaction.RETRY


class StoreUnusable(MailintakeError):
    """Database corrupt, of a newer schema, read-only, or the disk is full."""

    exit_code = 5


class AlreadyRunning(MailintakeError):
    """Another instance holds the lock on this database."""

    exit_code = 6


class CannotListen(MailintakeError):
    """The desk cannot have the address it is to answer on: taken, not ours, or not allowed."""

    exit_code = 7


class TemplateBroken(MailintakeError):
    """A letter template cannot be rendered; the case waits, nothing is sent."""

    reaction = Reaction.QUARANTINE
    exit_code = 3
