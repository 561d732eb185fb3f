"""From raw bytes to facts and readings: the reader process is asked once for each file, ever."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mailintake.errors import ReaderFailed
from mailintake.model.facts import FileFacts, Reading, TextFacts
from mailintake.model.message import InboundMessage
from mailintake.model.situation import ReadMail
from mailintake.model.understanding import People
from mailintake.readers.port import READER_VERSION
from mailintake.stages.assign.steps import assign
from mailintake.stages.interpret import interpret
from mailintake.stages.wants import wants_text
from mailintake.worker.intake.pieces import put_together
from mailintake.worker.shells import Shells


@dataclass(frozen=True)
class Opened:
    """A mail with everything measured and everybody named."""

    message: InboundMessage
    facts: Mapping[str, FileFacts]
    people: People


def open_mail(shells: Shells, sha256: str) -> tuple[InboundMessage, dict[str, FileFacts]]:
    """The parsed mail and the facts of its files; files and facts are in the store afterwards. What an older version of
    the reader measured is measured again.

    ReaderFailed when the reader process could not do it.
    """
    stored = shells.store.reading(sha256)
    if stored is not None:
        known = shells.store.facts(READER_VERSION, (a.sha256 for a in stored.attachments))
        if known or not stored.attachments:
            return stored, known
    with tempfile.TemporaryDirectory(dir=shells.spool) as folder:
        reading = shells.readers.message(shells.store.files.path(sha256), Path(folder))
        reading = put_together(shells, reading, Path(folder))
        files = (Path(folder, attachment.sha256) for attachment in reading.message.attachments)
        shells.store.files.put_all(file for file in files if file.is_file())
    with shells.store.begin() as unit:
        unit.save_facts(READER_VERSION, reading.facts.values())
    return reading.message, dict(reading.facts)


def understand_files(
    shells: Shells, message: InboundMessage, facts: Mapping[str, FileFacts], received_at: datetime
) -> Opened:
    """Assign twice: once by names and shapes, then with the text of those files that were worth reading."""
    mail = ReadMail(message, facts, _interpreted(shells, message, facts), shells.rules, received_at)
    people = assign(mail)
    wanted = wants_text(people, facts, shells.rules)
    if not wanted:
        return Opened(message, facts, people)
    read = _read(shells, {sha256: facts[sha256] for sha256 in wanted})
    if not read:  # what was assigned without their texts is what would be assigned again
        return Opened(message, facts, people)
    full = {**facts, **read}
    again = replace(mail, facts=full, readings={**mail.readings, **_interpreted(shells, message, read)})
    return Opened(message, full, assign(again))


def _interpreted(shells: Shells, message: InboundMessage, facts: Mapping[str, FileFacts]) -> dict[str, Reading]:
    names = {a.sha256: a.name for a in message.attachments}
    return {sha: interpret(f, f.text, names.get(sha, ""), shells.rules) for sha, f in facts.items()}


def _read(shells: Shells, wanted: Mapping[str, FileFacts]) -> dict[str, FileFacts]:
    """Those of which more is known now. What cannot be read is remembered for all together, a text at once: it may have
    taken seconds."""
    found, unread = {}, []
    for sha256, facts in wanted.items():
        known, text = shells.store.text(READER_VERSION, sha256)
        if not known:
            try:
                text = shells.readers.text(shells.store.files.path(sha256), facts.format)
            except ReaderFailed:  # it leaves one file unread, not the mail
                found[sha256] = replace(facts, problem_detail="reader failed")
                continue
            if text is None:
                unread.append(sha256)
            else:
                _keep(shells, (sha256,), text)
        if text is not None:
            found[sha256] = replace(facts, text=text)
    _keep(shells, unread, None)
    return found


def _keep(shells: Shells, files: Sequence[str], text: TextFacts | None) -> None:
    if files:
        with shells.store.begin() as unit:
            for sha256 in files:
                unit.save_text(READER_VERSION, sha256, text)
