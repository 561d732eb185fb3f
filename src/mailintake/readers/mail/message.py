"""One raw mail to an InboundMessage; its files go to the output folder. Bad mail never raises, it is noted."""

from dataclasses import replace
from pathlib import Path

from mailintake.model.message import Attachment, AuthenticationResult, InboundMessage, Note, Route
from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.attachments import FileReader
from mailintake.readers.mail.authentication import read_authentication
from mailintake.readers.mail.bodies import Body, read_bodies
from mailintake.readers.mail.bounce import failed_recipients
from mailintake.readers.mail.contents import Contents, contents
from mailintake.readers.mail.envelope import message_ids, read_envelope
from mailintake.readers.mail.file_names import component
from mailintake.readers.mail.headers import parse_headers
from mailintake.readers.mail.leaves import store, text_bytes
from mailintake.readers.mail.mime import Budget, Part, walk
from mailintake.readers.mail.parameters import ContentField
from mailintake.readers.mail.quotes import has_prefix
from mailintake.readers.mail.route import read_route
from mailintake.readers.mail.source import Source
from mailintake.readers.port import Limits

_MOST_QUOTED = 2 * 2**20  # characters; texts of mails inside mails add up at every level


def read_message(raw: Path, out: Path, words: Vocabulary, limits: Limits) -> InboundMessage:
    """Read the mail in file `raw`; write the bytes of each of its files to `out/<sha256>`.

    One budget of bytes, parts, header bytes and depth holds for the mail and all mails inside it. OSError only when
    `raw` cannot be read or `out` cannot be written.
    """
    budget = Budget.of(limits)
    with Source(raw, limits.message_bytes) as source:
        if source.size > source.end:
            budget.note(Note.SIZE_LIMIT)
        if source.overflow:
            budget.note(Note.PARTS_LIMIT)
        root = walk(source, budget)
        message = _Reader(out, words, budget).message(root, source.sha256, source.size)
    return replace(message, failed_recipients=failed_recipients(raw, message), notes=tuple(budget.notes))


class _Reader:
    def __init__(self, out: Path, words: Vocabulary, budget: Budget) -> None:
        self.out, self.words, self.budget = out, words, budget

    def message(self, root: Part, sha256: str, size: int, *, inner: bool = False) -> InboundMessage:
        """The mail whose entity is `root`. Results of authentication are those of our own receiving hop, so a mail
        inside another has none."""
        fields = root.headers
        envelope = read_envelope(fields, self.budget)
        found = contents(root, self.words)
        if found.encrypted:
            self.budget.note(Note.ENCRYPTED_MAIL)
        subject = fields.first_text("subject")
        answered, references = message_ids(fields.first("in-reply-to")), message_ids(fields.first("references"))
        answers = bool(answered or references) or has_prefix(subject, self.words)
        body = read_bodies(found.texts, self.words, self.budget, answers=answers)
        forwarded = self._forwarded(found)
        domain = envelope.sender.domain if envelope.sender else ""
        attachments = self._attachments(found, body, forwarded)
        return InboundMessage(
            sha256=sha256,
            size=size,
            subject=subject,
            **envelope._asdict(),
            message_id=next(iter(message_ids(fields.first("message-id"))), ""),
            in_reply_to=answered,
            references=references,
            headers=self._headers(root),
            content_type=root.declared,
            report_type=root.type.plain("report-type").lower(),
            new_text=body.new,
            quoted_text=_with_forwarded(body.quoted, forwarded),
            signature_text=body.signature,
            forwarded=tuple(mail for mail, _ in forwarded),
            attachments=_locked(attachments) if found.encrypted and not body.new.strip() else attachments,
            cloud_links=body.cloud_links,
            received_hops=len(fields.all("received")),
            route=Route() if inner else read_route(fields, self.budget),
            authentication=AuthenticationResult() if inner else read_authentication(fields, domain),
        )

    def _headers(self, root: Part) -> tuple[tuple[str, str], ...]:
        out = []
        for field in root.headers.fields:
            text, notes = field.decoded
            for note in notes:
                self.budget.note(note)
            out.append((field.name, text))
        return tuple(out)

    def _forwarded(self, found: Contents) -> list[tuple[InboundMessage, Part]]:
        """The mails inside: those cut already, those under an encoding, and the headers that a report returns."""
        out = [(mail, part) for part in found.messages if (mail := self._inside(part))]
        for part in found.files:
            if part.declared == "text/rfc822-headers":
                fields = parse_headers(text_bytes(part, self.budget)[0], root=True)
                plain = ContentField("text/plain", ())
                empty = replace(part, headers=fields, type=plain, declared=plain.token, end=part.body)
                sha256 = part.source.digest(part.body, part.end)
                out.append((self.message(empty, sha256, part.end - part.body, inner=True), part))
        return out

    def _inside(self, part: Part) -> InboundMessage | None:
        if part.children:
            sha256 = part.source.digest(part.body, part.end)
            return self.message(part.children[0], sha256, part.end - part.body, inner=True)
        if part.depth >= self.budget.limits.depth or self.budget.parts <= 0:
            return None
        leaf = store(part, self.out, self.budget)
        if leaf.problem or not leaf.size:
            return None
        with Source(self.out / leaf.sha256, self.budget.limits.message_bytes) as source:
            root = walk(source, self.budget, part.number, part.depth + 1)
            return self.message(root, leaf.sha256, leaf.size, inner=True)

    def _attachments(
        self, found: Contents, body: Body, forwarded: list[tuple[InboundMessage, Part]]
    ) -> tuple[Attachment, ...]:
        reader = FileReader(self.out, self.words, self.budget)
        files = [(part, reader.attachment(part, body)) for part in found.files]
        left = (part for part in found.messages if not any(part is opened for _, opened in forwarded))
        files += [(part, reader.attachment(part, body)) for part in left]
        files += [(pasted.part, reader.pasted(pasted, number)) for number, pasted in enumerate(body.pasted, 1)]
        keyed: list[tuple[int, tuple[Attachment, ...]]] = [(part.start, (attachment,)) for part, attachment in files]
        for mail, part in forwarded:
            folder = f"{component(mail.subject) if mail.subject else f'part-{part.number}'}.eml"
            keyed.append((part.start, tuple(replace(a, path=f"{folder}/{a.path}") for a in mail.attachments)))
        in_order = [attachment for _, group in sorted(keyed, key=lambda entry: entry[0]) for attachment in group]
        return _with_unique_paths(in_order)


def _locked(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """The files of a mail that is nothing but ciphertext."""
    return tuple(a if a.ignored or a.problem else replace(a, problem="attachment.encrypted") for a in attachments)


def _with_forwarded(quoted: str, forwarded: list[tuple[InboundMessage, Part]]) -> str:
    texts = [quoted]
    for mail, _ in forwarded:
        texts += [mail.subject, mail.new_text, mail.quoted_text]
    return "\n".join(text for text in texts if text)[:_MOST_QUOTED]


def _with_unique_paths(attachments: list[Attachment]) -> tuple[Attachment, ...]:
    """Two files of one name get paths of their own: 照片.jpg, 照片 (2).jpg."""
    counts: dict[str, int] = {}
    out = []
    for attachment in attachments:
        counts[attachment.path] = counts.get(attachment.path, 0) + 1
        if counts[attachment.path] > 1:
            stem, dot, suffix = attachment.path.rpartition(".")
            mark = f" ({counts[attachment.path]})"
            path = f"{stem}{mark}{dot}{suffix}" if stem else attachment.path + mark
            attachment = replace(attachment, path=path)  # noqa: PLW2901 - the same file under a path of its own
        out.append(attachment)
    return tuple(out)
