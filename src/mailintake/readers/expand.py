"""From the files of a mail to all files in it: archives and mails inside are opened, every file is measured."""

import hashlib
from dataclasses import replace
from pathlib import Path

from mailintake.model.facts import FileFacts
from mailintake.model.message import Attachment, InboundMessage
from mailintake.model.rules import Vocabulary
from mailintake.readers.files.archive import ArchiveRefusedError, Budget
from mailintake.readers.files.archive_formats import ARCHIVES, MAY_BE_EMPTY, open_archive
from mailintake.readers.files.archive_tar import COMPRESSED, uncompressed_name
from mailintake.readers.files.embedded import is_portfolio
from mailintake.readers.files.litter import VOLUME, as_litter, has_partner, is_system_file, runs_by_name
from mailintake.readers.files.measure import IMAGES, measure
from mailintake.readers.files.outlook import mail_of_outlook
from mailintake.readers.files.pictures import FEW_WORDS, open_pictures, wraps_pictures
from mailintake.readers.files.text_grid import page_text
from mailintake.readers.mail.message import read_message
from mailintake.readers.mail.signed import OPAQUE, SealedError, content_of, rewritten
from mailintake.readers.names import UNNAMED
from mailintake.readers.port import Limits, MessageReading

_UNSAFE = "attachment.unsafe"
_TINY_SIDE = 64
_MOST_LINES = 3000
_PAPERS = IMAGES | {"pdf", "ofd", "docx", "doc", "wps", "odf", "xlsx", "xls"}


class Expansion:
    """Works through one mail with one budget; `message` grows as containers are opened."""

    def __init__(self, message: InboundMessage, out: Path, words: Vocabulary, limits: Limits) -> None:
        self.message, self.out, self.words, self.limits = message, out, words, limits
        self.budget = Budget.of(limits)
        self.facts: dict[str, FileFacts] = {}
        self.attachments: list[Attachment] = []
        self.paths: set[str] = set()

    def run(self) -> MessageReading:
        """Measure and open everything that counts."""
        for attachment in self.message.attachments:
            self._add(attachment, 0)
        message = replace(self.message, attachments=tuple(self.attachments))
        return MessageReading(message, self.facts)

    def _add(self, found: Attachment, depth: int) -> None:
        attachment = replace(found, path=self._free(found.path))
        file = self.out / attachment.sha256
        if attachment.ignored or not file.is_file():
            self._list(attachment)
            return
        facts = self._measured(attachment.sha256)
        if is_system_file(attachment.name):
            self._list(replace(attachment, ignored="file of the system"))
            return
        if runs_by_name(attachment.name, facts):
            self.facts[attachment.sha256] = replace(facts, problem=_UNSAFE, problem_detail=facts.format)
            self._list(attachment, _UNSAFE)
        elif litter := as_litter(attachment.name, facts):
            self._list_litter(attachment, litter)
        else:
            self._open(attachment, facts, depth)

    def _open(self, attachment: Attachment, facts: FileFacts, depth: int) -> None:
        match facts.format:
            case "eml":
                self._open_mail(attachment, self.out / attachment.sha256, depth)
            case "msg":
                self._open_outlook(attachment, depth)
            case "cms":
                self._open_signed(attachment, facts, depth)
            case "mhtml":
                self._open_page(attachment, facts)
            case "pdf" if not facts.problem and depth < self.limits.archive_depth:
                self._open_pdf(attachment, depth)
            case format_ if format_ in ARCHIVES:
                self._open_archive(attachment, facts, depth)
            case _ if wraps_pictures(facts):
                self._open_pictures(attachment, facts)
            case _:
                self._list(attachment, facts.problem)

    def _list(self, attachment: Attachment, problem: str = "") -> None:
        self.attachments.append(replace(attachment, problem=attachment.problem or problem))

    def _list_litter(self, attachment: Attachment, format_: str) -> None:
        """Named where it came instead of the real file; beside the real file it says nothing."""
        problem = "archive.unreadable" if format_ == VOLUME else "attachment.unreadable"
        self.facts[attachment.sha256] = replace(
            self.facts[attachment.sha256], format=format_, problem=problem, problem_detail=format_
        )
        beside = {a.name for a in (*self.message.attachments, *self.attachments)}
        real = format_ != VOLUME and has_partner(attachment.name, beside)
        self._list(replace(attachment, ignored="file of the system" if real else ""), "" if real else problem)

    def _measured(self, sha256: str) -> FileFacts:
        if sha256 not in self.facts:
            self.facts[sha256] = measure(self.out / sha256, sha256, self.limits)
        return self.facts[sha256]

    def _free(self, path: str) -> str:
        """A path that no other file of the mail has: 照片.jpg, 照片 (2).jpg."""
        free, number = path, 1
        stem, dot, suffix = path.rpartition(".")
        while free in self.paths:
            number += 1
            free = f"{stem} ({number}){dot}{suffix}" if stem and "/" not in suffix else f"{path} ({number})"
        self.paths.add(free)
        return free

    def _open_archive(self, attachment: Attachment, facts: FileFacts, depth: int) -> None:
        if depth >= self.limits.archive_depth:
            self._list(attachment, "archive.unsafe")
            return
        reading = open_archive(self.out / attachment.sha256, facts.format, self.out, self.budget, self.limits)
        alone = [member.path for member in reading.members] == [UNNAMED]
        empty = "" if reading.members or facts.format in MAY_BE_EMPTY else "archive.unreadable"
        self._list(attachment, reading.problem or empty)
        self.facts[attachment.sha256] = replace(facts, problem=reading.problem or empty, problem_detail=reading.detail)
        for member in reading.members:
            inside = uncompressed_name(attachment.name) if facts.format in COMPRESSED and alone else member.path
            name = inside.rpartition("/")[2]
            path = f"{attachment.path}/{inside}"
            self._add(Attachment(path, name, attachment.part, "", member.size, member.sha256), depth + 1)

    def _open_outlook(self, attachment: Attachment, depth: int) -> None:
        """A mail saved by Outlook: read as the mail that it was."""
        rewritten = self.out / f".outlook-{depth}"
        try:
            rewritten.write_bytes(mail_of_outlook(self.out / attachment.sha256, self.limits))
            self._open_mail(attachment, rewritten, depth)
        except ArchiveRefusedError as refused:
            self._list(attachment, refused.problem)
        finally:
            rewritten.unlink(missing_ok=True)

    def _open_page(self, attachment: Attachment, facts: FileFacts) -> None:
        """A saved web page: its words are the document; where it has next to none, its pictures stand for it."""
        inner = read_message(self.out / attachment.sha256, self.out, self.words, self.limits)
        said = "\n".join(t for t in (inner.new_text, inner.quoted_text, inner.signature_text) if t)
        self.facts[attachment.sha256] = replace(facts, text=page_text(said, _MOST_LINES))
        affordable, problem = self._affordable(inner.attachments)
        self._list(attachment, problem)
        if len("".join(said.split())) <= FEW_WORDS:
            for inside in affordable:
                self._add(replace(inside, path=f"{attachment.path}/{inside.name}"), self.limits.archive_depth)

    def _open_pdf(self, attachment: Attachment, depth: int) -> None:
        """A PDF, and files inside it. A portfolio is nothing but their folder; beside the pages of any other PDF only
        those count that can be papers, and they stand next to it."""
        reading = open_archive(self.out / attachment.sha256, "pdf", self.out, self.budget, self.limits)
        portfolio = is_portfolio(self.out / attachment.sha256)
        self._list(attachment, reading.problem if reading.members or portfolio else "")
        for member in reading.members:
            kind = measure(self.out / member.sha256, member.sha256, self.limits).format
            if portfolio or kind in _PAPERS:
                name = member.path.rpartition("/")[2]
                path = f"{attachment.path}/{member.path}" if portfolio else f"{attachment.path}!/{member.path}"
                self._add(Attachment(path, name, attachment.part, "", member.size, member.sha256), depth + 1)

    def _open_signed(self, attachment: Attachment, facts: FileFacts, depth: int) -> None:
        """A signed file or mail: what was signed stands for it. Without the signed bytes it is a signature alone."""
        try:
            content = content_of((self.out / attachment.sha256).read_bytes(), self.limits)
        except SealedError as sealed:
            problem = "attachment.encrypted" if str(sealed) == "encrypted" else "attachment.unreadable"
            self.facts[attachment.sha256] = replace(facts, problem=problem, problem_detail="format")
            self._list(attachment, problem)
            return
        digest = hashlib.sha256(content).hexdigest()
        (self.out / digest).write_bytes(content)
        name = attachment.name.removesuffix(".p7m")
        inside = Attachment(name, name, attachment.part, "", len(content), digest)
        affordable, problem = self._affordable((inside,))
        self._list(replace(attachment, problem=""), problem)
        if affordable and content[:64].lstrip().lower().startswith((b"content-", b"mime-version:")):
            self._open_mail(attachment, self.out / digest, depth, listed=True)
        elif affordable:
            self._add(replace(inside, path=f"{attachment.path}/{name}"), depth + 1)

    def _open_mail(self, attachment: Attachment, file: Path, depth: int, *, listed: bool = False) -> None:
        """A mail saved as a file: its text joins the forwarded text, its files the files."""
        if depth >= self.limits.archive_depth:
            self._list(attachment, "archive.unsafe")
            return
        inner = read_message(file, self.out, self.words, self.limits)
        quoted = "\n".join(t for t in (self.message.quoted_text, inner.subject, inner.new_text, inner.quoted_text) if t)
        forwarded = (*self.message.forwarded, inner)
        self.message = replace(self.message, quoted_text=quoted, forwarded=forwarded)
        affordable, problem = self._affordable(inner.attachments)
        if not listed:
            self._list(attachment, problem)
        for inside in affordable:
            self._add(replace(inside, path=f"{attachment.path}/{inside.path}"), depth + 1)

    def _affordable(self, inside: tuple[Attachment, ...]) -> tuple[tuple[Attachment, ...], str]:
        """As many files of a mail inside as the budget of all containers pays for, and what to say of the rest."""
        for count, attachment in enumerate(inside):
            try:
                self.budget.entry()
                self.budget.take(attachment.size)
            except ArchiveRefusedError as refused:
                return inside[:count], refused.problem
        return inside, ""

    def _open_pictures(self, attachment: Attachment, facts: FileFacts) -> None:
        """A Word file whose pictures are what was meant to be sent: they stand for it."""
        reading = open_pictures(self.out / attachment.sha256, facts.format, self.out, self.budget, self.limits)
        shown = [member for member in reading.members if self._is_picture(member.sha256)]
        if shown and facts.text is None:  # no words to be had is no fault when there are none
            facts = self.facts[attachment.sha256] = replace(facts, problem="", problem_detail="")
        self._list(attachment, reading.problem or facts.problem)
        for member in shown:
            path = f"{attachment.path}/{member.path}"
            self._add(Attachment(path, member.path, attachment.part, "", member.size, member.sha256), 0)

    def _is_picture(self, sha256: str) -> bool:
        """Not an icon, a line or a drawing in a format that only Word shows."""
        image = measure(self.out / sha256, sha256, self.limits).image
        return image is not None and min(image.width, image.height) > _TINY_SIDE


def open_message(raw: Path, out: Path, words: Vocabulary, limits: Limits) -> MessageReading:
    """One mail, wholly opened; bytes of every file in `out` by sha256."""
    return Expansion(_unsigned(raw, out, words, limits), out, words, limits).run()


def _unsigned(raw: Path, out: Path, words: Vocabulary, limits: Limits) -> InboundMessage:
    """The mail; where all of it lies in one signed part, the mail as its sender wrote it."""
    message = read_message(raw, out, words, limits)
    if message.content_type not in OPAQUE or len(message.attachments) != 1:
        return message
    rewritten_file = out / ".signed"
    try:
        entity = content_of((out / message.attachments[0].sha256).read_bytes(), limits)
        rewritten_file.write_bytes(rewritten(raw, entity))
        inner = read_message(rewritten_file, out, words, limits)
    except (SealedError, OSError):
        return message
    finally:
        rewritten_file.unlink(missing_ok=True)
    return replace(inner, sha256=message.sha256, size=message.size)
