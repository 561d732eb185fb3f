"""One mail from the office to itself: out by the mail server, in by the mailbox, and how long that took."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from mailintake.app.build import make_mailbox, make_mailer
from mailintake.app.doctor import Mark, Told
from mailintake.config import Configuration
from mailintake.errors import MailintakeError
from mailintake.letters.compose import make_message_id
from mailintake.mailbox.port import Listed, Mailbox

Say = Callable[..., str]
_PAUSE_SECONDS = 2.0
_HEAD = 16 * 1024


def mail_to_self(configuration: Configuration, say: Say, now: datetime, patience: float = 90.0) -> Iterator[Told]:
    """Send it and wait for it, `patience` seconds at most. The service takes it for one of our own and answers nothing.

    It is looked for in the watched folders of the mailbox with the sender's login, the first one otherwise.
    """
    name, settings = say("doctor.self"), configuration.settings
    if not settings.mailboxes or not settings.smtp.host:
        yield Told(Mark.ODD, name, say("doctor.self.no_way"), say("doctor.smtp.absent.fix"))
        return
    sender = settings.smtp.from_address or settings.smtp.user
    mark = make_message_id(token_hex(32), "doctor", 1, sender.rpartition("@")[2])
    raw = _mail(sender, mark, say, now)
    box = next((box for box in settings.mailboxes if box.user == settings.smtp.user), settings.mailboxes[0])
    try:
        with closing(make_mailbox(box, configuration)) as mailbox, closing(make_mailer(configuration)) as mailer:
            before = _newest(mailbox, box.folders)
            answer = mailer.send(raw, sender, (sender,)).answer
            began = time.monotonic()
            folder = _found(mailbox, before, mark, began + patience)
    except MailintakeError as fault:
        yield Told(Mark.BAD, name, str(fault), fault.fix or say("doctor.smtp.fix"), network=True)
        return
    if folder is None:
        measured = say("doctor.self.lost", answer=answer, seconds=round(patience))
        yield Told(Mark.BAD, name, measured, say("doctor.self.fix"), network=True)
    else:
        seconds = round(time.monotonic() - began, 1)
        yield Told(Mark.GOOD, name, say("doctor.self.good", answer=answer, folder=folder, seconds=seconds))


def _mail(sender: str, mark: str, say: Say, now: datetime) -> bytes:
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    mail = EmailMessage(policy=SMTP)
    mail["From"] = mail["To"] = sender
    mail["Subject"], mail["Message-ID"], mail["Date"] = say("doctor.self.subject"), mark, format_datetime(now)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers it
    mail.set_content(say("doctor.self.text"))
    return mail.as_bytes()


def _newest(mailbox: Mailbox, folders: tuple[str, ...]) -> dict[str, int]:
    """The highest UID of each folder that is there."""
    mailbox.open()
    there = mailbox.folders()
    return {f: max((m.ref.uid for m in mailbox.list_all(f)), default=0) for f in folders if f in there}


def _found(mailbox: Mailbox, before: dict[str, int], mark: str, ends: float) -> str | None:
    with TemporaryDirectory() as scratch:
        while True:
            for folder, uid in before.items():
                new = mailbox.list_after(folder, uid)
                if any(_is_it(mailbox, mail, mark, Path(scratch) / "mail") for mail in new):
                    return folder
            if time.monotonic() >= ends:
                return None
            time.sleep(_PAUSE_SECONDS)


def _is_it(mailbox: Mailbox, listed: Listed, mark: str, target: Path) -> bool:
    mailbox.fetch(listed, target, _HEAD)
    return mark.encode("ascii") in target.read_bytes()
