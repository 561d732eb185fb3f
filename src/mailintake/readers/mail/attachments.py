"""Leaves that are no text of the mail to attachments: stored, named, and set aside where they only decorate."""

from pathlib import Path

from mailintake.model.message import Attachment
from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.bodies import Body, Pasted
from mailintake.readers.mail.contents import why_ignored
from mailintake.readers.mail.file_names import component, declared_name, generated_name
from mailintake.readers.mail.inline import Picture, reason_to_ignore
from mailintake.readers.mail.leaves import store, store_bytes
from mailintake.readers.mail.mime import Budget, Part


class FileReader:
    """Turns leaves of one mail into attachments."""

    def __init__(self, out: Path, words: Vocabulary, budget: Budget) -> None:
        self.out, self.words, self.budget = out, words, budget

    def attachment(self, part: Part, body: Body) -> Attachment:
        """Store the leaf and describe it."""
        leaf = store(part, self.out, self.budget)
        declared = declared_name(part, self.budget)
        name = declared or generated_name(part, leaf.head)
        content_id = part.headers.first("content-id").decode("ascii", "replace").strip().strip("<>")
        shown = bool(content_id) and content_id in body.shown
        ignored = why_ignored(part)
        if not ignored and part.type.token.startswith("image/"):
            in_signature, in_quote = content_id in body.shown_in_signature, content_id in body.shown_in_quote
            picture = Picture(self.out / leaf.sha256, declared, leaf.size, shown, in_signature, in_quote)
            ignored = reason_to_ignore(picture, self.words)
        inline = shown or part.disposition.token == "inline"
        return Attachment(name, name, part.number, part.declared, leaf.size, leaf.sha256, inline, ignored, leaf.problem)

    def pasted(self, pasted: Pasted, number: int) -> Attachment:
        """Store a file that stood in a text and describe it."""
        found, part = pasted.found, pasted.part
        leaf = store_bytes(found.data, self.out)
        name = component(found.name) if found.name else f"pasted-{number}.{found.suffix}"
        ignored = ""
        if not found.name:
            picture = Picture(
                self.out / leaf.sha256, "", leaf.size, referenced=True, in_signature=False, in_quote=False
            )
            ignored = reason_to_ignore(picture, self.words)
        return Attachment(name, name, part.number, "", leaf.size, leaf.sha256, not found.name, ignored, leaf.problem)
