"""Examples that rules must pass, as operators write them in `*.test.yaml`: a mail, and what is expected of it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from mailintake.app.rules.judging import Given
from mailintake.config.problems import File, Problems, fault
from mailintake.config.sets import example_files
from mailintake.config.sources import Source
from mailintake.config.tree import read_tree
from mailintake.config.validate import build
from mailintake.model.codec import decode
from mailintake.model.facts import FileFacts
from mailintake.model.message import Address, Attachment, InboundMessage
from mailintake.model.value import config_value, value
from mailintake.model.zone import SHANGHAI

_DAY = date(2026, 11, 2)  # a Monday; examples that name no day come on it
_FORMATS = {"jpg": "jpeg", "tif": "tiff", "htm": "html"}
_HOUR = time(9, 0)


@config_value
class Mail:
    """An invented mail in a few words."""

    subject: str = ""
    text: str = ""  # what the sender writes
    quoted: str = ""  # history below it
    sender: str = "applicant@company.example"  # address
    files: tuple[str, ...] = ()  # names, folders included; nothing is in them


@config_value
class Expected:
    """What the rules must make of it; what is left out may be anything."""

    message_class: str | None = None
    parked: bool | None = None
    procedure: str | None = None  # "renew", or with the variant "replace.lost"
    sure: bool | None = None
    verdict: str | None = None
    people: tuple[str, ...] | None = None  # names of the applicants
    lacking: tuple[str, ...] = ()  # codes that must be among what is missing or wrong
    not_lacking: tuple[str, ...] = ()
    letters: tuple[str, ...] | None = None  # kinds, in order
    says: tuple[str, ...] = ()  # words that stand in a letter
    says_not: tuple[str, ...] = ()
    fires: tuple[str, ...] = ()  # ids of rules
    silent: tuple[str, ...] = ()


@config_value
class Written:
    """One example. `mail` describes the mail, or `whole` is one that `rules learn-case` took from life."""

    name: str
    expect: Expected
    mail: Mail | None = None
    whole: Mapping[str, Any] | None = None  # message and facts, as the program stores them
    on: date | None = None  # the day it comes


@value
class Example:
    """One example, ready to be tried."""

    name: str
    source: str  # file:line
    given: Given
    expect: Expected


def read_examples(folders: Mapping[Path, str], problems: Problems) -> tuple[Example, ...]:
    """Every example of those folders (with what messages call each), in the order of files; faults are reported."""
    found: list[Example] = []
    for folder, shown in folders.items():
        for path in example_files(folder):
            label = f"{shown}/{path.relative_to(folder)}"
            found += _of_file(File(path.name, label, path), problems)
    return tuple(found)


def _of_file(file: File, problems: Problems) -> Iterator[Example]:
    tree = read_tree(file, file.path.read_bytes(), problems)
    source = Source(file.name, tree, problems)
    if tree is None or tree.value is None:
        return
    if not isinstance(tree.value, list):
        source.report((), fault("expect-list"))
        return
    for index, row in enumerate(source.data):
        written: Written | None = build(Written, row, source, (index,))
        given = _given(written, source, index) if written is not None else None
        if written is not None and given is not None:
            yield Example(written.name, source.at((index,)), given, written.expect)


def _given(written: Written, source: Source, index: int) -> Given | None:
    if (written.mail is None) is (written.whole is None):
        source.report((index,), fault("example-mail"))
        return None
    at = datetime.combine(written.on or _DAY, _HOUR, SHANGHAI)
    if written.mail is not None:
        return invented(written.name, written.mail, at)
    try:
        return whole(written.name, written.whole or {}, at)
    except (ValueError, KeyError, TypeError, AttributeError) as misfit:
        source.report((index, "whole"), fault("example-whole", detail=misfit))
        return None


def invented(name: str, mail: Mail, at: datetime) -> Given:
    """The mail that those few words describe; its files are of the format that their names say, and nothing else is
    known of them."""
    files = [_file(path, position) for position, path in enumerate(mail.files, 2)]
    message = InboundMessage(
        sha256=_hash(f"{name}|{mail.subject}|{mail.text}"),
        size=len(mail.text) + 1000,
        subject=mail.subject,
        sender=Address("", mail.sender.lower()),
        date=at,
        message_id=f"<{_hash(name)[:16]}@example.invalid>",
        new_text=mail.text,
        quoted_text=mail.quoted,
        attachments=tuple(attachment for attachment, _ in files),
    )
    return Given(name, message, {facts.sha256: facts for _, facts in files}, at)


def _file(path: str, position: int) -> tuple[Attachment, FileFacts]:
    name = path.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower()
    sha256 = _hash(f"{position} {path}")
    facts = FileFacts(sha256, 100_000, _FORMATS.get(ending, ending) if "." in name else "unknown")
    return Attachment(path, name, str(position), "application/octet-stream", 100_000, sha256), facts


def whole(name: str, data: Mapping[str, Any], at: datetime) -> Given:
    """A mail as the program stores it. ValueError where it does not fit."""
    message = decode(InboundMessage, data["message"])
    facts = {row["sha256"]: decode(FileFacts, row) for row in data.get("facts", ())}
    return Given(name, replace(message, date=message.date or at.astimezone(UTC)), facts, at)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
