"""mailintake mail: mails that wait for a person, what they say, and what is done about them."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.acting import add_acts
from mailintake.cli.common import AsJson, ConfigFolder, Everything, hint, opened, print_json, print_lines, print_rows
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned, blocks
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.act import Target
from mailintake.model.understanding import NoticeRow
from mailintake.model.zone import SHANGHAI

if TYPE_CHECKING:
    from mailintake.model.message import InboundMessage
    from mailintake.store.port import MessageRow
    from mailintake.worker.shells import Shells

app = make_app("mail")

Mail = Annotated[str, Parameter(help=say("act.target.mail.help"))]


@app.command(name="list", help=say("mail.list.help"))
def list_mails(*, everything: Everything = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """One line for each thing that waits for a person, the oldest first; with --everything every mail."""
    with opened(config) as (_, shells):
        if everything:
            rows = [_mail_row(row) for row in shells.store.messages()]
        else:
            rows = [_line_row(shells, line) for line in shells.store.notices()]
        words, phrases = shells.renderer.digest_words, shells.renderer.digest_lines
    if json:
        print_rows(rows)
        return 0
    if everything:
        keys = ("id", "received_at", "sender", "subject", "message_class", "disposition")
        print_lines(aligned(tuple(str(row[key] or "") for key in keys) for row in rows))
        return 0
    print_lines(
        aligned(
            (
                f"#{row['line']}",
                phrases.notice(row["code"], words),
                row["case"] or "",
                row["id"] or "",
                row["sender"] or "",
                row["subject"] or "",
                phrases.evidence(row["text"], words),
            )
            for row in rows
        )
    )
    hint(say("mail.next") if rows else say("mail.none"))
    return 0


@app.command(name="show", help=say("mail.show.help"))
def show(mail: Mail, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """A mail: who wrote, when, its text, its files, what became of it."""
    with opened(config) as (_, shells):
        row = shells.store.message(mail)
        message = shells.store.reading(row.sha256) if row is not None else None
        if row is None or message is None:
            raise UsageError(say("explain.none", what=mail), fix="mailintake mail list --everything")
        lines = [line for line in shells.store.notices() if line.notice.message == row.sha256]
        words, phrases = shells.renderer.digest_words, shells.renderer.digest_lines
    if json:
        print_json(mail=_mail_row(row), text=message.new_text, quoted=message.quoted_text, files=_files(message))
        return 0
    sender = f"{message.sender.name} <{message.sender.addr}>" if message.sender else ""
    shown = [
        (say("label.mail"), f"{row.id}", sender, f"{row.received_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        ("", message.subject),
        (say("label.class"), words.classes.get(row.message_class, row.message_class)),
        *((say("label.cases"), number) for number in row.cases),
        *((say("label.files"), path) for path in _files(message)),
        *((say("label.flags"), f"#{n.id}", phrases.notice(n.notice.code, words)) for n in lines),
    ]
    print_lines(blocks(shown))
    print_lines(("", message.new_text))
    if message.quoted_text:
        print_lines(("", say("mail.quoted"), message.quoted_text))
    return 0


def _files(message: "InboundMessage") -> list[str]:
    return [attachment.path for attachment in message.documents]


def _mail_row(row: "MessageRow") -> dict[str, object]:
    return {
        "id": row.id,
        "sha256": row.sha256,
        "received_at": row.received_at.isoformat(),
        "sender": row.sender,
        "subject": row.subject,
        "message_class": row.message_class or None,
        "disposition": row.disposition.value if row.disposition else None,
        "cases": list(row.cases),
    }


def _line_row(shells: "Shells", line: "NoticeRow") -> dict[str, object]:
    row = shells.store.message(line.notice.message) if line.notice.message else None
    return {
        "line": line.id,
        "at": line.at.isoformat(),
        "code": line.notice.code,
        "text": line.notice.text,
        "case": line.notice.case or None,
        "id": row.id if row else None,
        "sha256": row.sha256 if row else None,
        "sender": row.sender if row else None,
        "subject": row.subject if row else None,
    }


add_acts(app, Target.MAIL)
