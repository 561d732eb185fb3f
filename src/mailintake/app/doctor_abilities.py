"""What the two servers say they can do, and what the program does where they cannot. Nothing here is a fault."""

from collections.abc import Callable, Iterator

from mailintake.app.doctor import Mark, Told
from mailintake.mailbox.imap import ImapMailbox
from mailintake.mailbox.port import Mailbox
from mailintake.mailer.smtp import SmtpMailer

Say = Callable[..., str]
_IMAP = ("ID", "UIDPLUS", "SPECIAL-USE", "MOVE", "IDLE", "CONDSTORE")
_SMTP = ("SIZE", "8BITMIME", "AUTH", "SMTPUTF8")


def imap_capabilities(mailbox: Mailbox, say: Say) -> Iterator[Told]:
    """A line for each capability that anything of ours could use."""
    if not isinstance(mailbox, ImapMailbox):
        return
    offered = set(mailbox.capabilities())
    for word in _IMAP:
        there = word in offered or (word == "SPECIAL-USE" and "XLIST" in offered)
        yield _line(say, f"IMAP {word}", there=there, key=f"doctor.imap.{word.lower()}")


def smtp_extensions(mailer: SmtpMailer, say: Say) -> Iterator[Told]:
    """The same for the way out; SIZE comes with the largest mail it takes."""
    offered = mailer.extensions()
    for word in _SMTP:
        line = _line(say, f"SMTP {word}", there=word in offered, key=f"doctor.smtp.{word.lower()}")
        told = " ".join(dict.fromkeys(offered.get(word, "").split()))  # AUTH comes twice, once in an old spelling
        yield Told(line.mark, line.name, f"{line.measured}{say('doctor.told', told=told)}" if told else line.measured)


def _line(say: Say, name: str, *, there: bool, key: str) -> Told:
    state = say("doctor.offered" if there else "doctor.not_offered")
    return Told(Mark.GOOD, name, say("doctor.ability", state=state, what=say(key)))
