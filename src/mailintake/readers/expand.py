"""From the files of a mail to all files in it: archives and mails inside are opened, every file is measured."""

from dataclasses import replace
from pathlib import Path

from mailintake.model.facts import FileFacts
from mailintake.model.message import Attachment, InboundMessage
from mailintake.model.rules import Vocabulary
from mailintake.readers.archive import Budget
from mailintake.readers.archive_formats import ARCHIVES, open_archive
from mailintake.readers.measure import measure
from mailintake.readers.message import read_message
from mailintake.readers.port import Limits, MessageReading


class Expansion:
    """Works through one mail with one budget; `message` grows as containers are opened."""

    def __init__(self, message: InboundMessage, out: Path, words: Vocabulary, limits: Limits) -> None:
        self.message, self.out, self.words, self.limits = message, out, words, limits
        self.budget = Budget.of(limits)
        self.facts: dict[str, FileFacts] = {}
        self.attachments: list[Attachment] = []

    def run(self) -> MessageReading:
        """Measure and open everything that counts."""
        for attachment in self.message.attachments:
            self._add(attachment, 0)
        message = replace(self.message, attachments=tuple(self.attachments))
        return MessageReading(message, self.facts)

    def _add(self, attachment: Attachment, depth: int) -> None:
        file = self.out / attachment.sha256
        if attachment.ignored or not file.is_file():
            self.attachments.append(attachment)
            return
        facts = self.facts.get(attachment.sha256) or measure(file, attachment.sha256, self.limits)
        self.facts[attachment.sha256] = facts
        if facts.format in ARCHIVES:
            self._open_archive(attachment, facts, depth)
        elif facts.format == "eml":
            self._open_mail(attachment, depth)
        else:
            self.attachments.append(replace(attachment, problem=attachment.problem or facts.problem))

    def _open_archive(self, attachment: Attachment, facts: FileFacts, depth: int) -> None:
        if depth >= self.limits.archive_depth:
            self.attachments.append(replace(attachment, problem="archive.unsafe"))
            return
        reading = open_archive(self.out / attachment.sha256, facts.format, self.out, self.budget, self.limits)
        empty = "" if reading.members else "archive.unreadable"
        self.attachments.append(replace(attachment, problem=reading.problem or empty))
        self.facts[attachment.sha256] = replace(facts, problem=reading.problem, problem_detail=reading.detail)
        for member in reading.members:
            name = member.path.rpartition("/")[2]
            path = f"{attachment.path}/{member.path}"
            self._add(Attachment(path, name, attachment.part, "", member.size, member.sha256), depth + 1)

    def _open_mail(self, attachment: Attachment, depth: int) -> None:
        """A mail saved as a file: its text joins the forwarded text, its files the files."""
        self.attachments.append(attachment)
        if depth >= self.limits.archive_depth:
            return
        inner = read_message(self.out / attachment.sha256, self.out, self.words, self.limits)
        quoted = "\n".join(t for t in (self.message.quoted_text, inner.subject, inner.new_text, inner.quoted_text) if t)
        forwarded = (*self.message.forwarded, inner)
        self.message = replace(self.message, quoted_text=quoted, forwarded=forwarded)
        for inside in inner.attachments:
            self._add(replace(inside, path=f"{attachment.path}/{inside.path}"), depth + 1)


def open_message(raw: Path, out: Path, words: Vocabulary, limits: Limits) -> MessageReading:
    """One mail, wholly opened; bytes of every file in `out` by sha256."""
    return Expansion(read_message(raw, out, words, limits), out, words, limits).run()
